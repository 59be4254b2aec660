package main

import (
	"strconv"
	"strings"

	"suites/go/rb"
)

var names = []string{"alpha_one", "beta_two", "gamma_three", "delta_four", "omega_five"}

func makeLines(size, seed int64) []string {
	x := seed%2147483646 + 1
	lines := make([]string, size)
	for i := range lines {
		x = x * 48271 % 2147483647
		lines[i] = "  " + names[x%5] + " = " + strconv.FormatInt(x/5%100000, 10) + " ; note " + strconv.FormatInt(x%97, 10) + "  "
	}
	return lines
}

func reverse(text string) string {
	letters := []rune(text)
	for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
		letters[i], letters[j] = letters[j], letters[i]
	}
	return string(letters)
}

func padLeft(text string, width int) string {
	if len(text) >= width {
		return text
	}
	return strings.Repeat("0", width-len(text)) + text
}

func run(size, seed int64) any {
	out := make([]string, 0, size)
	total := int64(0)
	for _, line := range makeLines(size, seed) {
		parts := strings.Split(strings.TrimSpace(line), " = ")
		name := strings.ReplaceAll(strings.ToUpper(parts[0]), "_", "-")
		rest := parts[1]
		end := strings.Index(rest, " ;")
		number, err := strconv.ParseInt(rest[:end], 10, 64)
		if err != nil {
			panic(err)
		}
		note := strings.TrimSpace(rest[end+2:])
		if strings.HasSuffix(note, "7") || strings.HasPrefix(name, "OMEGA") {
			note = reverse(note)
		}
		total += number
		out = append(out, name+":"+padLeft(strconv.FormatInt(number, 10), 8)+":"+note)
	}
	text := strings.Join(out, "\n")
	acc := (total*31 + int64(len(text))) % 1000000007
	for _, line := range strings.Split(text, "\n") {
		acc = (acc*31 + int64(strings.Index(line, "7")) + int64(len(line))) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
