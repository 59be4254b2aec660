package main

import (
	"errors"
	"strconv"

	"suites/go/rb"
)

type rejected struct {
	code int64
}

func (r *rejected) Error() string {
	return "rejected " + strconv.FormatInt(r.code, 10)
}

func check(n, depth int64) (int64, error) {
	if depth > 0 {
		value, err := check(n, depth-1)
		if err != nil {
			return 0, err
		}
		return value + 1, nil
	}
	if n%3 == 0 {
		return 0, &rejected{n % 1000}
	}
	return n % 1000, nil
}

func guarded(n int64) (int64, error) {
	value, err := check(n, n%8)
	var r *rejected
	if errors.As(err, &r) {
		if r.code%2 == 0 {
			return 0, err
		}
		return r.code * 2, nil
	}
	return value, err
}

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	var acc, caught int64
	for i := int64(0); i < size; i++ {
		x = x * 48271 % 2147483647
		value, err := guarded(x)
		var r *rejected
		if errors.As(err, &r) {
			caught++
			acc = (acc*31 + r.code + int64(len(err.Error()))) % 1000000007
		} else {
			acc = (acc*31 + value) % 1000000007
		}
	}
	return (acc*31 + caught) % 1000000007
}

func main() {
	rb.Measure(run)
}
