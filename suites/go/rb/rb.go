// Package rb is runner protocol 1 of ruffbench: PROGRAM SIZE SEED ITERS BUDGET_MS.
package rb

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"time"
)

// finish is set by builds with the tag profile (profile.go).
var finish func()

type sample struct {
	took   time.Duration
	digest any
}

func argument(i int) int64 {
	n, err := strconv.ParseInt(os.Args[i], 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return n
}

func resolution() time.Duration {
	least := time.Hour
	for i := 0; i < 20; i++ {
		start := time.Now()
		passed := time.Since(start)
		for passed == 0 {
			passed = time.Since(start)
		}
		if passed < least {
			least = passed
		}
	}
	return least
}

// Measure times up to ITERS calls of run; nothing is printed between them.
func Measure(run func(size, seed int64) any) {
	if len(os.Args) < 5 {
		fmt.Fprintln(os.Stderr, "usage: program SIZE SEED ITERS BUDGET_MS")
		os.Exit(2)
	}
	size, seed, iters := argument(1), argument(2), int(argument(3))
	budget := time.Duration(argument(4)) * time.Millisecond
	os.Stdout.WriteString("@rb 1 go\n")
	var samples []sample
	var spent time.Duration
	for len(samples) < iters && (len(samples) < 2 || spent < budget) {
		start := time.Now()
		digest := run(size, seed)
		took := time.Since(start)
		samples = append(samples, sample{took, digest})
		spent += took
	}
	if finish != nil {
		finish()
	}
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintf(out, "@clock %d\n", resolution().Nanoseconds())
	for _, s := range samples {
		fmt.Fprintf(out, "@i %d %v\n", s.took.Nanoseconds(), s.digest)
	}
	fmt.Fprintf(out, "@end %d\n", len(samples))
	out.Flush()
}
