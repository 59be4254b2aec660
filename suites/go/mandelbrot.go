package main

import "suites/go/rb"

func escape(cr, ci float64) int64 {
	var zr, zi float64
	count := int64(0)
	for count < 50 && zr*zr+zi*zi <= 4 {
		zr, zi = zr*zr-zi*zi+cr, 2*zr*zi+ci
		count++
	}
	return count
}

func run(size, seed int64) any {
	shift := float64(seed%1000) / 1000000
	n := float64(size)
	acc := int64(0)
	for y := int64(0); y < size; y++ {
		ci := 2*float64(y)/n - 1
		for x := int64(0); x < size; x++ {
			cr := 2*float64(x)/n - 1.5 + shift
			acc = (acc*31 + escape(cr, ci)) % 1000000007
		}
	}
	return acc
}

func main() {
	rb.Measure(run)
}
