package main

import "suites/go/rb"

func fib(n int64) int64 {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	rb.Measure(func(size, seed int64) any { return fib(size) + fib(seed%16) })
}
