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

// rivals are those with whom the stage is compared.
var rivals = []string{"net/http", "nginx"}

// machine says on what was measured, and how.
func machine(scenarios int) string {
	nginx := "no nginx"
	if program := nginxProgram(); program != "" {
		nginx = strings.TrimPrefix(nginxSays(program, "-v"), "nginx version: ")
	}
	return fmt.Sprintf("%s, %s; %s/%s, %d cores, GOMAXPROCS %d, shared with the clients\n%d scenarios, rounds of %v, medians",
		runtime.Version(), nginx, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.GOMAXPROCS(0), scenarios, *roundFlag)
}

// legend says how to read the table.
const legend = `
× is how much better the stage is: more requests a second, or less processor time for a request;
below 1 it is worse. bytes: of a reply; MiB: the most memory at any time, the workers of nginx added up.
`

// table returns the results as a table.
func table(results []result) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%-16s %10s %8s %17s %17s %11s %8s\n", "", "", "CPU µs", "× net/http", "× nginx", "", "peak")
	fmt.Fprintf(&text, "%-16s %10s %8s %9s %7s %9s %7s %11s %8s\n",
		"", "requests/s", "/request", "requests", "CPU", "requests", "CPU", "bytes", "MiB")
	for _, r := range results {
		fmt.Fprintf(&text, "\n%s: %s\n", r.scenario.name, r.scenario.what)
		for i, e := range r.entries {
			text.WriteString(strings.TrimRight(r.row(e, i == 0), " ") + "\n")
		}
	}
	return text.String() + legend
}

// row returns the line of one server. That of the stage has the ratios.
func (r result) row(e *entry, isStage bool) string {
	if e.lacks != "" {
		return fmt.Sprintf("  %-14s not measured: %s", e.name, e.lacks)
	}
	line := fmt.Sprintf("  %-14s %10.0f %8s", e.name, medianOf(e.samples, sample.rate), number("%.2f", medianOf(e.samples, sample.cost)))
	for _, name := range rivals {
		requests, cpu := "", ""
		if isStage {
			requests, cpu = r.ratios(e, name)
		}
		line += fmt.Sprintf(" %9s %7s", requests, cpu)
	}
	return line + fmt.Sprintf(" %11s %8s", number("%.0f", float64(e.plan.size)), number("%.1f", e.peak))
}

// ratios compares the stage with a rival: above 1, the stage is better.
func (r result) ratios(stage *entry, rival string) (requests, cpu string) {
	for _, e := range r.present() {
		if e.name == rival {
			return number("%.2f", medianRatio(stage.samples, e.samples, sample.rate)),
				number("%.2f", medianRatio(e.samples, stage.samples, sample.cost))
		}
	}
	return "-", "-"
}

// number returns a number in a format, or - for one that is not known.
func number(format string, n float64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf(format, n)
}
