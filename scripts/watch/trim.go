package watch

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

const (
	// reportLimit is how many lines of a report are shown: about two screens.
	reportLimit = 60

	// saidLimit is how many lines are shown of what a server printed.
	saidLimit = 8

	// frameLimit is how many of the calls are shown that led to a panic.
	frameLimit = 6
)

// harnessForm is how go test begins what the harness says. Where in the harness
// that is, is of no use to a learner.
var harnessForm = regexp.MustCompile(`^(?:play|exercises)\.go:\d+: `)

// panicForm is how a program begins that ends in a panic.
var panicForm = regexp.MustCompile(`^(?:panic|fatal error): `)

// trim returns what a learner must read of what a test has printed, from its
// top. A line with a caret is never left out, nor any before it.
func trim(output, top string) string {
	lines := dedent(strings.Split(strings.TrimRight(strings.ReplaceAll(output, "\r\n", "\n"), "\n"), "\n"), 4)
	for i, line := range lines {
		if panicForm.MatchString(line) {
			return strings.Join(append(lines[:i:i], ofPanic(lines[i:], top)...), "\n")
		}
	}
	for i, line := range lines {
		if said := harnessForm.FindString(line); said != "" {
			rest := append([]string{strings.TrimPrefix(line, said)}, dedent(lines[i+1:], 4)...)
			lines = append(lines[:i:i], ofScript(rest)...)
			break
		}
	}
	return strings.Join(cut(lines), "\n")
}

// dedent takes so many spaces from the beginning of every line, as far as there
// are as many.
func dedent(lines []string, spaces int) []string {
	var all []string
	for _, line := range lines {
		rest := strings.TrimLeft(line, " ")
		all = append(all, line[min(spaces, len(line)-len(rest)):])
	}
	return all
}

// ofScript returns the report of a script without what testscript adds to it for
// go test -v, with which go test -json works: the environment, and what went
// well before. Of that the sentences stay, as they do without -v.
func ofScript(lines []string) []string {
	begin, section, failed := 0, 0, len(lines)
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "FAIL: ") && failed == len(lines):
			failed = i
		case strings.HasPrefix(line, "# ") && failed == len(lines):
			section = i
		}
	}
	if strings.HasPrefix(lines[0], "WORK=") {
		for begin < failed && !strings.HasPrefix(lines[begin], "# ") && !strings.HasPrefix(lines[begin], "> ") {
			begin++
		}
	}
	var kept []string
	for i := begin; i < len(lines); i++ {
		if i >= section || strings.HasPrefix(lines[i], "# ") || section == 0 {
			kept = append(kept, lines[i])
		}
	}
	return shortLog(kept)
}

// shortLog leaves out the end of what a server has printed.
func shortLog(lines []string) []string {
	for i, line := range lines {
		if line == "The server printed:" && len(lines) > i+1+saidLimit+1 {
			left := len(lines) - (i + 1 + saidLimit)
			return append(lines[:i+1+saidLimit:i+1+saidLimit], fmt.Sprintf("  (%d more lines)", left))
		}
	}
	return lines
}

// cut leaves out the end of a long report, but no caret, and not the line that
// says what failed.
func cut(lines []string) []string {
	needed := reportLimit
	for i, line := range lines {
		if strings.TrimSpace(line) == "^" || strings.HasPrefix(line, "FAIL: ") {
			needed = max(needed, i+1)
		}
	}
	if len(lines) <= needed+1 {
		return lines
	}
	return append(lines[:needed:needed], fmt.Sprintf("(%d more lines)", len(lines)-needed))
}

// ofPanic returns what a program says of its panic, and which calls in the
// workbook led there, the last one first.
func ofPanic(lines []string, top string) []string {
	var kept []string
	frames := 0
	calls := false
	for i, line := range lines { // The first is the panic itself.
		calls = calls || strings.HasPrefix(line, "goroutine ")
		if !calls && line != "" {
			kept = append(kept, line)
			continue
		}
		at, inside := strings.CutPrefix(filepath.ToSlash(strings.TrimSpace(line)), filepath.ToSlash(filepath.Clean(top))+"/")
		file, inScripts := strings.CutPrefix(at, "scripts/")
		function := functionOf(lines[i-1])
		if !inside || inScripts && !strings.Contains(file, "/") || function == "TestMain" || frames == frameLimit {
			continue // A call elsewhere, or in the harness.
		}
		at, _, _ = strings.Cut(at, " +0x")
		kept = append(kept, "  "+at+"  "+function)
		frames++
	}
	return kept
}

// functionOf returns the name of the function that a line of a trace is about,
// without its package and its arguments.
func functionOf(line string) string {
	line = line[strings.LastIndex(line, "/")+1:]
	if at := strings.LastIndex(line, "("); at > 0 {
		line = line[:at]
	}
	_, name, _ := strings.Cut(line, ".")
	return name
}
