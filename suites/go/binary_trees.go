package main

import "suites/go/rb"

type node struct {
	left, right *node
	item        int64
}

func build(item, depth int64) *node {
	if depth == 0 {
		return &node{item: item}
	}
	return &node{build(2*item-1, depth-1), build(2*item, depth-1), item}
}

func (n *node) check() int64 {
	if n.left == nil {
		return n.item
	}
	return (n.item + n.left.check()*3 + n.right.check()*5) % 1000003
}

func run(size, seed int64) any {
	shift := seed%1000 + 1
	acc := build(shift, size+1).check()
	kept := build(shift, size)
	for depth := int64(4); depth <= size; depth += 2 {
		trees := int64(1) << (size - depth + 2)
		for i := int64(0); i < trees; i++ {
			acc = (acc*31 + build(i+shift, depth).check()) % 1000000007
		}
	}
	return (acc*31 + kept.check()) % 1000000007
}

func main() {
	rb.Measure(run)
}
