package main

import "suites/go/rb"

func fill(size, seed int64) []int64 {
	x := seed%2147483646 + 1
	values := make([]int64, size)
	for i := range values {
		x = x * 48271 % 2147483647
		values[i] = x
	}
	return values
}

func quicksort(values []int64, low, high int) {
	pivot := values[(low+high)/2]
	i, j := low, high
	for i <= j {
		for values[i] < pivot {
			i++
		}
		for values[j] > pivot {
			j--
		}
		if i <= j {
			values[i], values[j] = values[j], values[i]
			i++
			j--
		}
	}
	if low < j {
		quicksort(values, low, j)
	}
	if i < high {
		quicksort(values, i, high)
	}
}

func run(size, seed int64) any {
	values := fill(size, seed)
	quicksort(values, 0, int(size)-1)
	acc := int64(0)
	for _, v := range values {
		acc = (acc*31 + v) % 1000000007
	}
	return acc
}

func main() {
	rb.Measure(run)
}
