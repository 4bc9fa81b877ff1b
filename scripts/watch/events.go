package watch

import (
	"encoding/json"
	"slices"
	"strings"
)

// A failure is one thing that is not as it should be.
type failure struct {
	// folder is that of the package, and test the test that failed; compiles if
	// the package does not compile.
	folder, test string

	// report is what a learner must read.
	report string
}

// subject returns what the failure is about, in a learner's words.
func (f failure) subject() string { return subject(f.folder, f.test) }

// same reports whether two failures are of the same test.
func (f failure) same(other failure) bool { return f.folder == other.folder && f.test == other.test }

// An event is a line of go test -json.
type event struct{ Action, Package, Test, Output string }

// A reading is what is known of a run of go test from its events so far.
type reading struct {
	top    string
	folder string

	// outputs are what the tests have printed, by their names: the package
	// itself under the name compiles, the compiler under compiler.
	outputs map[string]string

	// order are the tests that have begun, in that order; running are those of
	// them that have not ended.
	order, running []string

	// skipped are the tests that did not want to be run.
	skipped []string

	// failures are what has failed so far.
	failures []failure
}

// compiler is the name under which the words of the compiler are kept.
const compiler = " compiler"

// newReading returns the reading of a run that has not begun.
func newReading(top, folder string) *reading {
	return &reading{top: top, folder: folder, outputs: map[string]string{}}
}

// take reads a line of go test -json, and returns the event. A line that is none
// is go test speaking of the package.
func (r *reading) take(line string) event {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		e = event{Action: "output", Output: line + "\n"}
	}
	switch e.Action {
	case "build-output":
		r.outputs[compiler] += e.Output
	case "output":
		if !isFrame(e) {
			r.outputs[e.Test] += e.Output
		}
	case "run":
		r.order, r.running = append(r.order, e.Test), append(r.running, e.Test)
	case "pass", "skip", "fail":
		if e.Test != compiles {
			r.ended(e)
		}
	}
	return e
}

// ended notes how a test ended. One that has failed without a word has tests
// below it that have said why, or one above that will.
func (r *reading) ended(e event) {
	r.running = slices.DeleteFunc(r.running, func(test string) bool { return test == e.Test })
	if e.Action == "skip" {
		r.skipped = append(r.skipped, e.Test)
	}
	if e.Action == "fail" && strings.TrimSpace(r.outputs[e.Test]) != "" {
		r.fail(e.Test, trim(r.outputs[e.Test], r.top))
	}
}

// fail adds a failure.
func (r *reading) fail(test, report string) {
	r.failures = append(r.failures, failure{folder: r.folder, test: test, report: report})
}

// end notes that go test has ended, with an error or without, and adds the
// failures that no test was there to tell.
func (r *reading) end(err error) {
	if err == nil {
		return
	}
	if words := withoutHeads(r.outputs[compiler]); words != "" {
		said := "It does not compile:\n"
		if strings.Contains(r.outputs[compiler], "\n# [") {
			said = "It compiles, but go vet is sure that it is wrong:\n"
		}
		r.fail(compiles, said+words)
		return
	}
	for _, test := range r.running {
		// Its program has ended before it did: after a panic, or a time limit.
		if words := r.outputs[test]; strings.Contains(words, "panic: ") || strings.Contains(words, "fatal error: ") {
			r.fail(test, trim(words, r.top))
		}
	}
	if len(r.failures) > 0 {
		return
	}
	words := trim(r.outputs[compiles], r.top)
	if words == "" {
		words = err.Error()
	}
	if last := len(r.running) - 1; last >= 0 {
		words = "The program of the tests ended in the middle of " + r.running[last] + ".\n" + words
	}
	r.fail(compiles, words)
}

// isFrame reports whether an output is a line that go test puts around what a
// test prints.
func isFrame(e event) bool {
	words := strings.Fields(e.Output)
	switch {
	case len(words) == 0:
		return false
	case words[0] == "===" || words[0] == "---":
		return len(words) > 2 && words[2] == e.Test
	}
	return e.Test == compiles && slices.Contains([]string{"PASS", "FAIL", "ok"}, words[0])
}

// withoutHeads returns the words of the compiler without its lines about
// packages, and the same line only once.
func withoutHeads(output string) string {
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(output), "\n") {
		line = strings.TrimRight(line, "\r")
		if !strings.HasPrefix(line, "# ") && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
