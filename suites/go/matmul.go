package main

import (
	"fmt"

	"suites/go/rb"
)

func fill(n, x int64) ([][]float64, int64) {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, n)
		for j := range rows[i] {
			x = x * 48271 % 2147483647
			rows[i][j] = float64(x%1000) / 1000
		}
	}
	return rows, x
}

func multiply(a, b [][]float64) [][]float64 {
	n := len(a)
	c := make([][]float64, n)
	for i := range c {
		left := a[i]
		row := make([]float64, n)
		for j := range row {
			total := 0.0
			for k := 0; k < n; k++ {
				total += left[k] * b[k][j]
			}
			row[j] = total
		}
		c[i] = row
	}
	return c
}

func run(size, seed int64) any {
	a, x := fill(size, seed%2147483646+1)
	b, _ := fill(size, x)
	c := multiply(a, b)
	acc := 0.0
	n := int(size)
	for i := range c {
		for j := range c[i] {
			acc += c[i][j] * float64((i*n+j)%10+1)
		}
	}
	return fmt.Sprintf("%.6f", acc)
}

func main() {
	rb.Measure(run)
}
