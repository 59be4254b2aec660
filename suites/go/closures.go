package main

import "suites/go/rb"

func makeCounter(start, step int64) func() int64 {
	count := start
	return func() int64 {
		count = (count + step) % 1000003
		return count
	}
}

func makeAdder(n int64) func(int64) int64 {
	return func(v int64) int64 { return (v + n) % 1000003 }
}

func compose(f, g func(int64) int64) func(int64) int64 {
	return func(v int64) int64 { return g(f(v)) }
}

func run(size, seed int64) any {
	shift := seed % 1000
	counters := make([]func() int64, 10)
	for i := range counters {
		counters[i] = makeCounter(int64(i)+shift, int64(i)*7+1)
	}
	acc := int64(0)
	for i := int64(0); i < size; i++ {
		bump := counters[i%10]
		step := compose(makeAdder(i), makeAdder(shift))
		acc = (acc*31 + bump() + step(acc)) % 1000003
	}
	return acc
}

func main() {
	rb.Measure(run)
}
