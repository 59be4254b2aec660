// Steps of linear_cost.py in Go: growth {push|scattered} ELEMENTS SIDE REPEATS.
package main

import (
	"os"
	"strconv"
)

func push(n int) int {
	data := []int{}
	for i := 0; i < n; i++ {
		data = append(data, i)
	}
	return len(data)
}

func scattered(n int) int {
	data := map[int]int{}
	for i := 0; i < n; i++ {
		data[i*7919%1000003] = i
	}
	return len(data)
}

func main() {
	n, _ := strconv.Atoi(os.Args[2])
	repeats, _ := strconv.Atoi(os.Args[4])
	step := push
	if os.Args[1] == "scattered" {
		step = scattered
	}
	for i := 0; i < repeats; i++ {
		if step(n) != n {
			os.Exit(1)
		}
	}
}
