package main

import "suites/go/rb"

func flipsOf(perm []int) int64 {
	flips := int64(0)
	for first := perm[0]; first != 0; first = perm[0] {
		for i, j := 0, first; i < j; i, j = i+1, j-1 {
			perm[i], perm[j] = perm[j], perm[i]
		}
		flips++
	}
	return flips
}

func run(size, seed int64) any {
	shift := seed % 1000
	n := int(size)
	perm1 := make([]int, n)
	perm := make([]int, n)
	count := make([]int, n)
	for i := range perm1 {
		perm1[i] = i
	}
	var most, acc int64
	r := n
	for {
		for ; r > 1; r-- {
			count[r-1] = r
		}
		copy(perm, perm1)
		flips := flipsOf(perm)
		if flips > most {
			most = flips
		}
		acc = (acc*31 + flips + shift) % 1000000007
		for {
			if r == n {
				return acc*1000 + most
			}
			first := perm1[0]
			for i := 0; i < r; i++ {
				perm1[i] = perm1[i+1]
			}
			perm1[r] = first
			count[r]--
			if count[r] > 0 {
				break
			}
			r++
		}
	}
}

func main() {
	rb.Measure(run)
}
