package proof

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// unknowable are the parts of a report that are others each time.
var unknowable = []struct {
	form  *regexp.Regexp
	shown string
}{
	{regexp.MustCompile(`(localhost|127\.0\.0\.\d|\[::1?\]):\d+`), "localhost:8080"},
	{regexp.MustCompile(` \(\d+\.\d+s\)\n`), "\n"},
	{regexp.MustCompile(`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`), "2026/01/02 15:04:05"},
	{regexp.MustCompile(`(?m)^(  2026/01/02 .*) \d+(\.\d+)?(µs|ms|s)$`), "$1 1ms"},
	{regexp.MustCompile(`(?m)^(  2026/01/02 .*) \d+(\.\d+)?(µs|ms|s) (\S+ 1ms)$`), "$1 1ms $4"},
	// Whether a client has left is seen sooner or later.
	{regexp.MustCompile(`(?m)^  2026/01/02 .*: the client left\n(  2026/01/02 .* 400 \d+ .*\n)?`), ""},
	{regexp.MustCompile(`FAIL: \S*[/\\]`), "FAIL: "},
	{regexp.MustCompile(`"([0-9a-z]+)-[0-9a-z]{11,12}-[0-9a-z]{11,12}-[0-9a-z]+`), `"$1-c88riwpgjtvk-dn503k511nlc`},
	{regexp.MustCompile(`\b[A-Z2-7]{26}\b`), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
	// What is compressed may be shorter with another version of Go.
	{regexp.MustCompile(`(Content-Encoding: gzip.*\n(?: *\^\n)? *< Content-Length: )\d+`), "${1}100"},
	{regexp.MustCompile(`each took about \d+(\.\d+)?m?s`), "each took about 100ms"},
	{regexp.MustCompile(`has used \d+ MiB`), "has used 90 MiB"},
	// A server that can open no more may be told so once more, or once less.
	{regexp.MustCompile(`(?m)^  accept .* too many open files\n`), ""},
	{regexp.MustCompile(`open files \(\d+ times\)`), "open files (50 times)"},
	// How many files a program has open to begin with depends on the system.
	{regexp.MustCompile(`conversation \d+ of`), "conversation 12 of"},
	// A server that ends when its client has left does so sooner or later.
	{regexp.MustCompile(`(?m)^The server is not running any more: exit status 0\..*\n`), ""},
	// A client that the script started may have ended by itself when the script does.
	{regexp.MustCompile(`(?m)^(\[background\] .*?): (?:exit status \d+|signal: \w+)$`), "$1: ended"},
	// In the trace of a crash, only the functions and their lines are the same.
	{regexp.MustCompile(`(?m)^(  main\..*)\((?:0x|\{|\.\.\.).*\)$`), "$1(...)"},
	{regexp.MustCompile(`(?m)^  \t\S*/(\w+\.go:\d+) \+0x[0-9a-f]+$`), "  \t$1"},
	{regexp.MustCompile(`goroutine \d+ \[`), "goroutine 1 ["},
}

// dateForm is a date in a field. One of today is another each time.
var dateForm = regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`)

// taggedFile is a file's tag and its date, in a response.
var taggedFile = regexp.MustCompile(`(ETag: )(?:W/)?("[^"\n]*"\\r\\n\n(?: *\^\n)? *< Last-Modified: )(` + dateForm.String() + `)`)

// weakenFresh returns a report in which every file that the script has just made
// has a weak tag: on a machine that is busy, it may have grown old before it is
// asked for.
func weakenFresh(report string) string {
	return taggedFile.ReplaceAllStringFunc(report, func(tagged string) string {
		parts := taggedFile.FindStringSubmatch(tagged)
		if !isOfToday(parts[3]) {
			return tagged
		}
		return parts[1] + "W/" + parts[2] + parts[3]
	})
}

// isOfToday reports whether a date is less than a day away.
func isOfToday(date string) bool {
	t, err := time.Parse(time.RFC1123, date)
	return err == nil && time.Since(t).Abs() < 24*time.Hour
}

// tidy returns a report without what is another each time. Of lines in the
// access log that then are the same, one is left.
func tidy(report string) string {
	report = strings.TrimRight(report, "\n") + "\n"
	for _, u := range unknowable {
		report = u.form.ReplaceAllString(report, u.shown)
	}
	report = weakenFresh(report)
	report = dateForm.ReplaceAllStringFunc(report, func(date string) string {
		if isOfToday(date) {
			return "Fri, 02 Jan 2026 15:04:05 GMT"
		}
		return date
	})
	lines := slices.CompactFunc(strings.Split(report, "\n"), func(a, b string) bool {
		return a == b && strings.HasPrefix(a, logged)
	})
	return strings.Join(lines, "\n")
}

// logged begins a line of the access log, in a tidy report.
const logged = "  2026/01/02 "

// sortLog returns a tidy report in which the lines of the access log are sorted,
// and each stands there once. A server writes one when the client has its answer;
// so the line of the next client may come first.
func sortLog(report string) string {
	lines := strings.Split(report, "\n")
	var sorted []string
	for len(lines) > 0 {
		n := 0
		for n < len(lines) && strings.HasPrefix(lines[n], logged) {
			n++
		}
		slices.Sort(lines[:n])
		sorted = append(sorted, slices.Compact(lines[:n:n])...)
		if lines = lines[n:]; len(lines) > 0 {
			sorted, lines = append(sorted, lines[0]), lines[1:]
		}
	}
	return strings.Join(sorted, "\n")
}
