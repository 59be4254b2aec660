package main

import (
	"strconv"

	"suites/go/rb"
)

const modulus = 1000000007

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	next := func() string {
		x = x * 48271 % 2147483647
		return "key" + strconv.FormatInt(x%size, 10)
	}
	table := map[string]int64{}
	for i := int64(0); i < size; i++ {
		table[next()] += i
	}
	var found, missed, deleted int64
	for i := int64(0); i < size; i++ {
		if value, ok := table[next()]; ok {
			found = (found + value) % modulus
		} else {
			missed++
		}
	}
	for i := int64(0); i < size/2; i++ {
		key := next()
		if _, ok := table[key]; ok {
			delete(table, key)
			deleted++
		}
	}
	total := int64(0)
	for key, value := range table {
		total = (total + value*int64(len(key))) % modulus
	}
	return (((found*31+missed)%modulus*31+deleted)%modulus*31 + total) % modulus
}

func main() {
	rb.Measure(run)
}
