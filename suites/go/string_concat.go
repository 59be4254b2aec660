package main

import (
	"strconv"
	"strings"

	"suites/go/rb"
)

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	var text strings.Builder
	for i := int64(0); i < size; i++ {
		x = x * 48271 % 2147483647
		text.WriteString(strconv.FormatInt(x%10000, 10))
		if i%10 == 9 {
			text.WriteString(",")
		}
	}
	acc := int64(text.Len())
	for _, part := range strings.Split(text.String(), ",") {
		if part == "" {
			continue
		}
		head := part
		if len(head) > 9 {
			head = head[:9]
		}
		number, err := strconv.ParseInt(head, 10, 64)
		if err != nil {
			panic(err)
		}
		acc = (acc*31 + number + int64(len(part))) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
