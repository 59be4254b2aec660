package main

import "suites/go/rb"

func apply(values []int64, f func(int64) int64) []int64 {
	out := make([]int64, 0, len(values))
	for _, v := range values {
		out = append(out, f(v))
	}
	return out
}

func filter(values []int64, keep func(int64) bool) []int64 {
	var out []int64
	for _, v := range values {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func reduce(values []int64, acc int64, f func(acc, v int64) int64) int64 {
	for _, v := range values {
		acc = f(acc, v)
	}
	return acc
}

func fill(size, seed int64) []int64 {
	x := seed + 1
	values := make([]int64, 0, size)
	for i := int64(0); i < size; i++ {
		x = x * 48271 % 2147483647
		values = append(values, x)
	}
	return values
}

func run(size, seed int64) any {
	values := fill(size, seed)
	mapped := apply(values, func(v int64) int64 { return v*3 + 1 })
	kept := filter(mapped, func(v int64) bool { return v%2 == 0 })
	return reduce(kept, 7, func(acc, v int64) int64 { return (acc*31 + v) % 1000000007 })
}

func main() {
	rb.Measure(run)
}
