package main

import "suites/go/rb"

// A sequence is a function that gives the next value, or false at its end.
type sequence func() (int64, bool)

func numbers(seed int64) sequence {
	x := seed%2147483646 + 1
	return func() (int64, bool) {
		x = x * 48271 % 2147483647
		return x, true
	}
}

func keepOdd(source sequence) sequence {
	return func() (int64, bool) {
		for {
			v, ok := source()
			if !ok || v%2 == 1 {
				return v, ok
			}
		}
	}
}

func differences(source sequence) sequence {
	last := int64(0)
	return func() (int64, bool) {
		v, ok := source()
		if !ok {
			return 0, false
		}
		difference := v - last
		if difference < 0 {
			difference = -difference
		}
		last = v
		return difference, true
	}
}

func take(source sequence, count int64) sequence {
	return func() (int64, bool) {
		if count <= 0 {
			return 0, false
		}
		count--
		return source()
	}
}

func run(size, seed int64) any {
	acc := int64(0)
	source := take(differences(keepOdd(numbers(seed))), size)
	for v, ok := source(); ok; v, ok = source() {
		acc = (acc*31 + v) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
