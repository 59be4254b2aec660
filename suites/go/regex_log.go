package main

import (
	"fmt"
	"regexp"
	"strconv"

	"suites/go/rb"
)

var (
	levels = []string{"DEBUG", "INFO", "WARN", "ERROR"}
	paths  = []string{"/index.html", "/api/users/17", "/static/app.js", "/api/orders/9", "/login"}

	seriousLine = regexp.MustCompile(`^\[(WARN|ERROR)\]`)
	address     = regexp.MustCompile(`(\d+)\.(\d+)\.\d+\.\d+`)
	number      = regexp.MustCompile(`\d+`)
	apiCall     = regexp.MustCompile(`GET /api/[a-z]+/\d+ `)
)

func makeLines(size, seed int64) []string {
	x := seed%2147483646 + 1
	lines := make([]string, size)
	for i := range lines {
		x = x * 48271 % 2147483647
		lines[i] = fmt.Sprintf("[%s] 10.%d.%d.%d GET %s %d %dms",
			levels[x%4], x/4%256, x/1024%256, x%200, paths[x/16%5], x%400+200, x/3%5000)
	}
	return lines
}

func run(size, seed int64) any {
	var acc, serious, api int64
	for _, line := range makeLines(size, seed) {
		if seriousLine.MatchString(line) {
			serious++
		}
		if apiCall.MatchString(line) {
			api++
		}
		masked := address.ReplaceAllString(line, "$1.$2.x.x")
		acc = (acc*31 + int64(len(masked))) % 1000000007
		for _, text := range number.FindAllString(masked, -1) {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				panic(err)
			}
			acc = (acc*31 + n) % 1000000007
		}
	}
	return (acc*31 + serious*1000 + api) % 1000000007
}

func main() {
	rb.Measure(run)
}
