//go:build go1.21

package rb

import "slices"

// SortFunc sorts by a comparison, with the package slices where Go has it.
func SortFunc[T any](values []T, compare func(a, b T) int) {
	slices.SortFunc(values, compare)
}
