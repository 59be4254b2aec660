package main

import (
	"encoding/json"
	"fmt"

	"suites/go/rb"
)

type item struct {
	Active bool    `json:"active"`
	ID     int64   `json:"id"`
	Label  string  `json:"label"`
	Matrix []any   `json:"matrix"`
	Ratio  float64 `json:"ratio"`
}

type document struct {
	Count int64  `json:"count"`
	Items []item `json:"items"`
}

func makeDocument(size, seed int64) document {
	x := seed%2147483646 + 1
	items := make([]item, size)
	for i := range items {
		x = x * 48271 % 2147483647
		items[i] = item{
			Active: x%2 == 0,
			ID:     int64(i),
			Label:  fmt.Sprintf(`item "%d" \ %d`, x%1000, x%7),
			Matrix: []any{x % 10, x / 10 % 10, []any{x / 100 % 10, nil}},
			Ratio:  float64(x%1000) + 0.5,
		}
	}
	return document{size, items}
}

func encode(doc *document) []byte {
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return text
}

func run(size, seed int64) any {
	doc := makeDocument(size, seed)
	text := encode(&doc)
	acc := int64(len(text))
	for i := 0; i < 2; i++ {
		doc = document{}
		if err := json.Unmarshal(text, &doc); err != nil {
			panic(err)
		}
		text = encode(&doc)
	}
	for i := range doc.Items {
		it := &doc.Items[i]
		inner := it.Matrix[2].([]any)[0].(float64)
		acc = (acc*31 + it.ID + int64(len(it.Label)) + int64(inner)) % 1000000007
		if it.Active {
			acc = (acc + int64(it.Ratio*2)) % 1000000007
		}
	}
	return (acc*31 + int64(len(text))) % 1000000007
}

func main() {
	rb.Measure(run)
}
