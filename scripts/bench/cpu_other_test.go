//go:build !linux

package bench

import "time"

// family is not known: no two systems tell in the same way what another process
// is doing.
func family(int) []int { return nil }

// cpuTime is not known.
func cpuTime(int) time.Duration { return 0 }

// peakMemory is not known.
func peakMemory(int) float64 { return 0 }
