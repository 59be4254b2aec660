package main

import "suites/go/rb"

func run(size, seed int64) any {
	shift := seed % 1000
	composite := make([]bool, size+1)
	for p := int64(2); p*p <= size; p++ {
		if composite[p] {
			continue
		}
		for multiple := p * p; multiple <= size; multiple += p {
			composite[multiple] = true
		}
	}
	acc := int64(0)
	for n := int64(2); n <= size; n++ {
		if !composite[n] {
			acc = (acc*31 + n + shift) % 1000000007
		}
	}
	return acc
}

func main() {
	rb.Measure(run)
}
