package main

import (
	"strings"

	"suites/go/rb"
)

var syllables = []string{"ba", "do", "ki", "lu", "me", "no", "pa", "ri", "so", "tu", "va", "ze", "an", "el", "or", "us"}

func makeText(size, seed int64) string {
	x := seed%2147483646 + 1
	vocabulary := make([]string, 1000)
	for i := range vocabulary {
		word := ""
		x = x * 48271 % 2147483647
		for left := x%3 + 2; left > 0; left-- {
			x = x * 48271 % 2147483647
			word += syllables[x%16]
		}
		vocabulary[i] = word
	}
	words := make([]string, size)
	for i := range words {
		x = x * 48271 % 2147483647
		word := vocabulary[x%1000*(x/1000%1000)/1000]
		if i%7 == 0 {
			word = strings.ToUpper(word)
		}
		words[i] = word
	}
	return strings.Join(words, " ")
}

type entry struct {
	word  string
	count int64
}

func run(size, seed int64) any {
	counts := map[string]int64{}
	for _, word := range strings.Fields(makeText(size, seed)) {
		counts[strings.ToLower(word)]++
	}
	ranked := make([]entry, 0, len(counts))
	for word, count := range counts {
		ranked = append(ranked, entry{word, count})
	}
	rb.SortFunc(ranked, func(a, b entry) int {
		if a.count != b.count {
			return int(b.count - a.count)
		}
		return strings.Compare(a.word, b.word)
	})
	acc := int64(len(ranked))
	for _, e := range ranked {
		acc = (acc*31 + e.count*10 + int64(len(e.word))) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
