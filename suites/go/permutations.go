package main

import "suites/go/rb"

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	items := make([]int64, size)
	for i := range items {
		x = x * 48271 % 2147483647
		items[i] = x % 100
	}
	acc := int64(0)
	var permute func(k int)
	permute = func(k int) {
		if k == len(items) {
			total := int64(0)
			for i, item := range items {
				total += item * int64(i+1)
			}
			acc = (acc*31 + total) % 1000000007
			return
		}
		for i := k; i < len(items); i++ {
			items[k], items[i] = items[i], items[k]
			permute(k + 1)
			items[k], items[i] = items[i], items[k]
		}
	}
	permute(0)
	return acc
}

func main() {
	rb.Measure(run)
}
