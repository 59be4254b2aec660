package main

import (
	"sort"

	"suites/go/rb"
)

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	numbers := make([]int, size)
	for i := range numbers {
		x = x * 48271 % 2147483647
		numbers[i] = int(x)
	}
	sort.Ints(numbers)
	acc := int64(0)
	for i := int64(0); i < size; i += 100 {
		acc = (acc*31 + int64(numbers[i])) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
