package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"suites/go/rb"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return n
}

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	lines := make([]string, size)
	for i := range lines {
		x = x * 48271 % 2147483647
		lines[i] = strconv.Itoa(i) + " " + strconv.FormatInt(x%1000000, 10) + " record-" + strconv.FormatInt(x%977, 10)
	}
	folder, err := os.MkdirTemp("", "ruffbench-")
	must(err)
	path := filepath.Join(folder, "data.txt")
	must(os.WriteFile(path, []byte(strings.Join(lines[:size/2], "\n")+"\n"), 0o644))
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o644)
	must(err)
	_, err = file.WriteString(strings.Join(lines[size/2:], "\n") + "\n")
	must(err)
	must(file.Close())
	info, err := os.Stat(path)
	must(err)
	acc := info.Size()
	text, err := os.ReadFile(path)
	must(err)
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		fields := strings.Split(line, " ")
		acc = (acc*31 + number(fields[0]) + number(fields[1]) + int64(len(fields[2]))) % 1000000007
	}
	must(os.Remove(path))
	must(os.Remove(folder))
	return acc
}

func main() {
	rb.Measure(run)
}
