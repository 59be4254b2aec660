package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"suites/go/rb"
)

type record struct {
	Active bool    `json:"active"`
	ID     int64   `json:"id"`
	Label  string  `json:"label"`
	Matrix []any   `json:"matrix"`
	Ratio  float64 `json:"ratio"`
}

func makeBlock(seed int64) []record {
	x := seed%2147483646 + 1
	block := make([]record, 1000)
	for i := range block {
		x = x * 48271 % 2147483647
		block[i] = record{
			Active: x%2 == 0,
			ID:     x,
			Label:  fmt.Sprintf(`item "%d" \ %d`, x%1000, x%7),
			Matrix: []any{x % 10, x / 10 % 10, []any{x / 100 % 10, nil}},
			Ratio:  float64(x%1000) + 0.5,
		}
	}
	return block
}

func run(size, seed int64) any {
	block, err := json.Marshal(makeBlock(seed))
	if err != nil {
		panic(err)
	}
	text := append([]byte{'['}, bytes.Repeat(append(block, ','), int(size))...)
	text[len(text)-1] = ']'
	var document [][]record
	if err := json.Unmarshal(text, &document); err != nil {
		panic(err)
	}
	acc := int64(len(text))
	for _, part := range document {
		for i := 0; i < 1000; i += 100 {
			it := &part[i]
			inner := it.Matrix[2].([]any)[0].(float64)
			acc = (acc*31 + it.ID + int64(len(it.Label)) + int64(inner) + int64(it.Ratio*2)) % 1000000007
		}
	}
	return acc
}

func main() {
	rb.Measure(run)
}
