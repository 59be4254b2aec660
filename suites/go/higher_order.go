package main

import "suites/go/rb"

func applyEach(f func(int64) int64, values []int64) []int64 {
	out := make([]int64, 0, len(values))
	for _, v := range values {
		out = append(out, f(v))
	}
	return out
}

func keepIf(keep func(int64) bool, values []int64) []int64 {
	var out []int64
	for _, v := range values {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func fold(f func(acc, v int64) int64, acc int64, values []int64) int64 {
	for _, v := range values {
		acc = f(acc, v)
	}
	return acc
}

func chain(functions ...func(int64) int64) func(int64) int64 {
	return func(v int64) int64 {
		for _, f := range functions {
			v = f(v)
		}
		return v
	}
}

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	values := make([]int64, 0, size)
	for i := int64(0); i < size; i++ {
		x = x * 48271 % 2147483647
		values = append(values, x%10007)
	}
	stage := chain(
		func(v int64) int64 { return v + 3 },
		func(v int64) int64 { return v * 7 % 10007 },
		func(v int64) int64 { return 10007 - v },
		func(v int64) int64 { return v * v % 10007 },
	)
	acc := int64(0)
	for round := int64(0); round < 5; round++ {
		values = applyEach(stage, values)
		kept := keepIf(func(v int64) bool { return v%3 != round%3 }, values)
		acc = fold(func(a, v int64) int64 { return (a*31 + v) % 1000000007 }, acc, kept)
	}
	return acc
}

func main() {
	rb.Measure(run)
}
