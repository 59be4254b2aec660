package main

import (
	"sort"
	"strconv"

	"suites/go/rb"
)

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	keys := make([]string, size)
	for i := range keys {
		x = x * 48271 % 2147483647
		keys[i] = "key_" + strconv.FormatInt(x, 10)
	}
	sort.Strings(keys)
	acc := int64(0)
	for i := int64(0); i < size; i += 100 {
		n, err := strconv.ParseInt(keys[i][4:], 10, 64)
		if err != nil {
			panic(err)
		}
		acc = (acc*31 + n) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
