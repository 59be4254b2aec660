package main

import "suites/go/rb"

func run(size, seed int64) any {
	shift := seed % 1000
	acc := int64(0)
	for i := int64(0); i < size; i++ {
		for j := int64(0); j < size; j++ {
			for k := int64(0); k < size; k++ {
				acc = (acc*31 + i*j + k + shift) % 1000003
			}
		}
	}
	return acc
}

func main() {
	rb.Measure(run)
}
