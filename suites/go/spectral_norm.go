package main

import (
	"fmt"
	"math"

	"suites/go/rb"
)

func element(i, j, shift int) float64 {
	return 1 / float64((i+j)*(i+j+1)/2+i+1+shift)
}

func times(v []float64, shift int) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		total := 0.0
		for j := range v {
			total += element(i, j, shift) * v[j]
		}
		out[i] = total
	}
	return out
}

func timesTransposed(v []float64, shift int) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		total := 0.0
		for j := range v {
			total += element(j, i, shift) * v[j]
		}
		out[i] = total
	}
	return out
}

func run(size, seed int64) any {
	shift := int(seed % 1000)
	u := make([]float64, size)
	for i := range u {
		u[i] = 1
	}
	v := u
	for i := 0; i < 10; i++ {
		v = timesTransposed(times(u, shift), shift)
		u = timesTransposed(times(v, shift), shift)
	}
	var uv, vv float64
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	return fmt.Sprintf("%.9f", math.Sqrt(uv/vv))
}

func main() {
	rb.Measure(run)
}
