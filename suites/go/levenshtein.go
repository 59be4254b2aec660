package main

import "suites/go/rb"

const letters = "abcdefgh"

func makeWord(size, x int64) (string, int64) {
	word := make([]byte, size)
	for i := range word {
		x = x * 48271 % 2147483647
		word[i] = letters[x%8]
	}
	return string(word), x
}

func distance(a, b string) int64 {
	row := make([]int64, len(b)+1)
	for j := range row {
		row[j] = int64(j)
	}
	for i := 0; i < len(a); i++ {
		letter := a[i]
		diagonal := row[0]
		row[0] = int64(i + 1)
		for j := 0; j < len(b); j++ {
			cost := diagonal
			if letter != b[j] {
				cost++
			}
			diagonal = row[j+1]
			best := diagonal + 1
			if row[j]+1 < best {
				best = row[j] + 1
			}
			if cost < best {
				best = cost
			}
			row[j+1] = best
		}
	}
	acc := int64(0)
	for _, v := range row {
		acc = (acc*31 + v) % 1000000007
	}
	return acc
}

func run(size, seed int64) any {
	a, x := makeWord(size, seed%2147483646+1)
	b, _ := makeWord(size, x)
	return distance(a, b)
}

func main() {
	rb.Measure(run)
}
