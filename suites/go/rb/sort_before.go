//go:build !go1.21

package rb

import "sort"

// SortFunc sorts by a comparison, in a Go that is older than the package slices.
func SortFunc[T any](values []T, compare func(a, b T) int) {
	sort.Slice(values, func(i, j int) bool { return compare(values[i], values[j]) < 0 })
}
