package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// family returns a process and its children, which do the work of nginx. It is
// nil where the system does not tell.
func family(pid int) []int {
	pids := []int{pid}
	names, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, name := range names {
		data, _ := os.ReadFile(name) // A thread may have ended by now.
		for _, word := range strings.Fields(string(data)) {
			child, _ := strconv.Atoi(word)
			pids = append(pids, child)
		}
	}
	if names == nil {
		return nil
	}
	return pids
}

// cpuTime returns how much processor time a process and its children have used,
// or 0.
func cpuTime(pid int) time.Duration {
	var sum time.Duration
	for _, member := range family(pid) {
		var used unix.Timespec
		// Every process has a clock of its own, which counts in nanoseconds; this
		// is how the system numbers them: see clock_getcpuclockid(3).
		if unix.ClockGettime(int32(^member<<3|2), &used) == nil {
			sum += time.Duration(used.Nano())
		}
	}
	return sum
}

// peakForm is a line of /proc/PID/status: the most memory that the process has
// had at any time.
var peakForm = regexp.MustCompile(`(?m)^VmHWM:\s*(\d+) kB$`)

// peakMemory returns the most memory that a process and its children have had,
// in MiB, or 0. What they share is counted for each.
func peakMemory(pid int) float64 {
	sum := 0
	for _, member := range family(pid) {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", member))
		if parts := peakForm.FindSubmatch(data); parts != nil {
			kib, _ := strconv.Atoi(string(parts[1]))
			sum += kib
		}
	}
	return float64(sum) / 1024
}
