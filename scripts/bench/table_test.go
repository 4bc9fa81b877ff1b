package bench

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// A result is what a scenario has shown.
type result struct {
	scenario scenario
	entries  []*entry
}

// An entry is one server in a scenario.
type entry struct {
	name    string
	lacks   string
	process *process
	plan    plan
	samples []sample
	peak    float64 // MiB
}

// present returns the entries of those that take part.
func (r result) present() []*entry {
	return slices.DeleteFunc(slices.Clone(r.entries), func(e *entry) bool { return e.lacks != "" })
}

// machine says on what was measured, and how.
func machine(servers []server, scenarios int) string {
	programs := runtime.Version()
	for _, s := range servers {
		switch {
		case s.missing:
			programs += ", no " + s.name
		case s.version != "":
			programs += ", " + s.version
		}
	}
	return fmt.Sprintf("%s; %s/%s, %d cores, GOMAXPROCS %d, shared with the clients\n%d scenarios, rounds of %v, medians",
		programs, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.GOMAXPROCS(0), scenarios, *roundFlag)
}

// legend says how to read the table.
const legend = `
× is how much better the stage is: more requests a second, or less processor time for a request;
below 1 it is worse. bytes: of a reply; MiB: the most memory at any time, the processes of nginx added up.
`

// table returns the results as a table.
func table(results []result) string {
	var text strings.Builder
	above, below := "", ""
	for _, rival := range results[0].entries[1:] {
		above += fmt.Sprintf(" %17s", "× "+rival.name)
		below += fmt.Sprintf(" %9s %7s", "requests", "CPU")
	}
	fmt.Fprintf(&text, "\n%-16s %10s %8s%s %9s %8s\n", "", "", "CPU µs", above, "", "peak")
	fmt.Fprintf(&text, "%-16s %10s %8s%s %9s %8s\n", "", "requests/s", "/request", below, "bytes", "MiB")
	for _, r := range results {
		fmt.Fprintf(&text, "\n%s: %s\n", r.scenario.name, r.scenario.what)
		for _, e := range r.entries {
			text.WriteString(strings.TrimRight(r.row(e), " ") + "\n")
		}
	}
	return text.String() + legend
}

// row returns the line of one server, and what there is to say about times in
// another. That of the stage, which is the first, has the ratios.
func (r result) row(e *entry) string {
	if e.lacks != "" {
		return fmt.Sprintf("  %-14s not measured: %s", e.name, e.lacks)
	}
	line := fmt.Sprintf("  %-14s %10.0f %8s", e.name, medianOf(e.samples, sample.rate), number("%.2f", medianOf(e.samples, sample.cost)))
	for _, rival := range r.entries[1:] {
		requests, cpu := "", ""
		if e == r.entries[0] {
			requests, cpu = ratios(e, rival)
		}
		line += fmt.Sprintf(" %9s %7s", requests, cpu)
	}
	line += fmt.Sprintf(" %9s %8s", number("%.0f", float64(e.plan.size)), number("%.1f", e.peak))
	if r.scenario.timed {
		line += fmt.Sprintf("\n%16s half of the replies within %.0f µs, 99 of 100 within %.0f µs", "",
			medianOf(e.samples, sample.typical), medianOf(e.samples, sample.late))
	}
	return line
}

// ratios compares the stage with a rival: above 1, the stage is better. Where one
// of them was not measured, there is nothing to compare.
func ratios(stage, rival *entry) (requests, cpu string) {
	return number("%.2f", medianRatio(stage.samples, rival.samples, sample.rate)),
		number("%.2f", medianRatio(rival.samples, stage.samples, sample.cost))
}

// number returns a number in a format, or - for one that is not known.
func number(format string, n float64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf(format, n)
}
