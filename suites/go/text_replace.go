package main

import (
	"fmt"
	"strings"

	"suites/go/rb"
)

const letters = "AaBbDdEeGgHhLlMmOoPpTt_-,"

var names = []string{"alpha", "beta", "gamma", "delta", "omega"}

func makeText(size, seed int64) string {
	x := seed%2147483646 + 1
	var piece strings.Builder
	for piece.Len() < 10000 {
		x = x * 48271 % 2147483647
		fmt.Fprintf(&piece, "%s_%d %d,", names[x%5], x, x/5%100)
	}
	return strings.Repeat(piece.String(), int(size)*1000000/piece.Len())
}

func run(size, seed int64) any {
	text := strings.ReplaceAll(strings.ReplaceAll(makeText(size, seed), "_", "--"), "beta", "omega")
	acc := int64(len(text))
	for i := 0; i < 1000; i++ {
		place := strings.IndexByte(letters, text[acc%int64(len(text))])
		acc = (acc*31 + int64(place)) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
