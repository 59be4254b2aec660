package main

import (
	"sort"
	"strconv"

	"suites/go/rb"
)

var (
	cities = []string{"Oslo", "Lima", "Kyoto", "Cairo", "Paris", "Quito", "Delhi", "Accra"}
	tags   = []string{"new", "gold", "test", "web", "shop"}
)

type address struct {
	city string
	zip  int64
}

type record struct {
	id      int64
	name    string
	age     int64
	address address
	tags    []string
	score   int64
}

type group struct {
	count, score, oldest int64
}

func makeRecords(size, seed int64) []record {
	x := seed%2147483646 + 1
	records := make([]record, size)
	for i := range records {
		x = x * 48271 % 2147483647
		records[i] = record{
			id:      int64(i),
			name:    "user" + strconv.FormatInt(x%5000, 10),
			age:     x%80 + 10,
			address: address{cities[x/80%8], x/640%90000 + 10000},
			tags:    []string{tags[x%5], tags[x/5%5]},
		}
	}
	return records
}

func contains(words []string, wanted string) bool {
	for _, word := range words {
		if word == wanted {
			return true
		}
	}
	return false
}

func run(size, seed int64) any {
	records := makeRecords(size, seed)
	for i := range records {
		r := &records[i]
		if contains(r.tags, "gold") {
			r.score += r.age * 3
		}
		if r.address.city == "Oslo" {
			r.address.zip += 7
		}
		r.score += r.address.zip % 10
	}
	groups := map[string]*group{}
	for i := range records {
		r := &records[i]
		if r.age < 30 {
			continue
		}
		g := groups[r.address.city]
		if g == nil {
			groups[r.address.city] = &group{1, r.score, r.age}
			continue
		}
		g.count++
		g.score += r.score
		if r.age > g.oldest {
			g.oldest = r.age
		}
	}
	names := make([]string, 0, len(groups))
	for city := range groups {
		names = append(names, city)
	}
	sort.Strings(names)
	acc := int64(0)
	for _, city := range names {
		g := groups[city]
		acc = (acc*31 + g.count*1000 + g.score + g.oldest + int64(len(city))) % 1000000007
	}
	for i := range records {
		r := &records[i]
		acc = (acc*31 + r.id + r.score + int64(len(r.name))) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
