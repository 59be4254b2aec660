//go:build profile

// Built by `ruffbench profile` only: writes a CPU profile to $RUFFBENCH_CPUPROFILE.

package rb

import (
	"fmt"
	"os"
	"runtime/pprof"
)

func init() {
	path := os.Getenv("RUFFBENCH_CPUPROFILE")
	if path == "" {
		return
	}
	file, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	finish = func() {
		pprof.StopCPUProfile()
		file.Close()
	}
}
