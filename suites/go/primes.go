package main

import "suites/go/rb"

func isPrime(n int64) bool {
	if n%2 == 0 {
		return n == 2
	}
	for d := int64(3); d*d <= n; d += 2 {
		if n%d == 0 {
			return false
		}
	}
	return n > 1
}

func run(size, seed int64) any {
	first := 100000 + seed%1000*100
	acc := int64(0)
	for n := first; n < first+size; n++ {
		if isPrime(n) {
			acc = (acc*31 + n) % 1000000007
		}
	}
	return acc
}

func main() {
	rb.Measure(run)
}
