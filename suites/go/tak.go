package main

import "suites/go/rb"

func tak(x, y, z int64) int64 {
	if y >= x {
		return z
	}
	return tak(tak(x-1, y, z), tak(y-1, z, x), tak(z-1, x, y))
}

func main() {
	rb.Measure(func(size, seed int64) any {
		shift := seed % 1000
		return tak(size+shift, size*2/3+shift, size/3+shift)
	})
}
