// Updates all 100,000 scattered int keys of a map, as often as asked for.
package main

import (
	"os"
	"strconv"
)

func main() {
	rounds, _ := strconv.Atoi(os.Args[1])
	x := 1
	keys := []int{}
	counts := map[int]int{}
	for i := 0; i < 100000; i++ {
		x = x * 48271 % 2147483647
		keys = append(keys, x)
		counts[x] = 0
	}
	for round := 0; round < rounds; round++ {
		for _, key := range keys {
			counts[key]++
		}
	}
}
