package main

import "suites/go/rb"

type record struct {
	key, id int64
}

func compare(a, b *record) int {
	if a.key != b.key {
		return int(a.key - b.key)
	}
	return int(b.id - a.id)
}

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	records := make([]*record, size)
	for i := range records {
		x = x * 48271 % 2147483647
		records[i] = &record{x % (size/4 + 1), int64(i)}
	}
	rb.SortFunc(records, compare)
	acc := int64(0)
	for _, r := range records {
		acc = (acc*31 + r.key*7 + r.id) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
