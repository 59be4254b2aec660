package main

import "suites/go/rb"

func ackermann(m, n int64) int64 {
	if m == 0 {
		return n + 1
	}
	if n == 0 {
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

func main() {
	rb.Measure(func(size, seed int64) any { return ackermann(3, size) + ackermann(2, seed%32) })
}
