package main

import (
	"strconv"

	"suites/go/rb"
)

const (
	capacity  = 200
	nameCount = 1024
)

// Slots 1..capacity in a ring through slot 0; after[0] is the newest, before[0] the oldest.
type cache struct {
	slots  map[string]int
	keys   [capacity + 1]string
	values [capacity + 1]int64
	before [capacity + 1]int
	after  [capacity + 1]int
	used   int
}

func (c *cache) unlink(slot int) {
	c.after[c.before[slot]] = c.after[slot]
	c.before[c.after[slot]] = c.before[slot]
}

func (c *cache) putFirst(slot int) {
	first := c.after[0]
	c.before[slot] = 0
	c.after[slot] = first
	c.before[first] = slot
	c.after[0] = slot
}

func (c *cache) get(key string) int64 {
	slot := c.slots[key]
	if slot == 0 {
		return -1
	}
	c.unlink(slot)
	c.putFirst(slot)
	return c.values[slot]
}

func (c *cache) put(key string, value int64) {
	slot := c.slots[key]
	switch {
	case slot != 0:
		c.unlink(slot)
	case c.used < capacity:
		c.used++
		slot = c.used
	default:
		slot = c.before[0]
		c.unlink(slot)
		delete(c.slots, c.keys[slot])
	}
	c.slots[key] = slot
	c.keys[slot] = key
	c.values[slot] = value
	c.putFirst(slot)
}

func run(size, seed int64) any {
	x := seed%2147483646 + 1
	names := make([]string, nameCount)
	for i := range names {
		names[i] = "item" + strconv.Itoa(i)
	}
	c := &cache{slots: map[string]int{}}
	var hits, acc int64
	for i := int64(0); i < size; i++ {
		x = x * 48271 % 2147483647
		key := names[x%nameCount*(x/nameCount%nameCount)/nameCount]
		if value := c.get(key); value < 0 {
			c.put(key, x)
		} else {
			hits++
			acc = (acc*31 + value) % 1000000007
		}
	}
	for slot := c.after[0]; slot != 0; slot = c.after[slot] {
		acc = (acc*31 + c.values[slot]) % 1000000007
	}
	return (acc*31 + hits) % 1000000007
}

func main() {
	rb.Measure(run)
}
