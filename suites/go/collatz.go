package main

import "suites/go/rb"

func stepsOf(n int64) int64 {
	steps := int64(0)
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = n*3 + 1
		}
		steps++
	}
	return steps
}

func run(size, seed int64) any {
	first := seed%1000 + 1
	acc := int64(0)
	for n := first; n < first+size; n++ {
		acc = (acc*31 + stepsOf(n)) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
