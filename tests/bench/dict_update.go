// Nanoseconds of one update of a map whose int keys are scattered.
package main

import (
	"fmt"
	"time"
)

func run() {
	x := 1
	keys := []int{}
	counts := map[int]int{}
	for i := 0; i < 100000; i++ {
		x = x * 48271 % 2147483647
		keys = append(keys, x)
		counts[x] = 0
	}
	start := time.Now()
	for round := 0; round < 10; round++ {
		for _, key := range keys {
			counts[key]++
		}
	}
	fmt.Println(float64(time.Since(start).Nanoseconds()) / 1000000)
}

func main() {
	for i := 0; i < 3; i++ {
		run()
	}
}
