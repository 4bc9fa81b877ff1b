package scripts

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// reportLines is how many lines of a reply a report shows around the
	// difference.
	reportLines = 24

	// reportColumns is how much of a line it shows.
	reportColumns = 160
)

// A failure is a transcript that did not go as wanted.
type failure struct {
	// of is the upstream that got what is wrong; empty where the client did.
	of string

	// sent are the lines that were played before, since the last reply.
	sent []line

	// wanted are the lines that were to be met.
	wanted []line

	// got is what came instead.
	got []byte

	// difference is where got stops being what is wanted.
	difference *difference

	// stopped says why reading stopped.
	stopped string

	// drip tells that the bytes were sent one at a time.
	drip bool

	// answered tells that a reply has come already, as wanted, and later that one
	// has come before, to another request.
	answered, later bool

	// meanwhile is what has come to the upstreams, by their names, and has not
	// been wanted yet; alone tells that there are none.
	meanwhile map[string][]byte
	alone     bool
}

// failure makes the failure of a player.
func (p *player) failure(wanted []line, d *difference, stopped string) *failure {
	sent := p.sent
	if len(wanted) == 1 && len(sent) > 0 && wanted[0].kind == '*' && sent[len(sent)-1].number == wanted[0].number {
		sent = sent[:len(sent)-1]
	}
	f := &failure{of: p.of, sent: sent, wanted: wanted, got: p.got, difference: d, stopped: stopped, drip: p.drip, answered: p.answered, later: p.later}
	f.alone = len(p.upstreams) == 0 && p.of == ""
	f.lookAround(p.upstreams)
	return f
}

// report writes a failure out, in the notation of the scripts.
func (f *failure) report() string {
	var out strings.Builder
	if len(f.sent) > 0 {
		fmt.Fprintf(&out, "%s:\n%s\n", f.titleOfSent(), indent(textOf(f.sent, nil, 0)))
	}
	if len(f.wanted) > 0 {
		_, _, column := encode(f.got, f.difference.at)
		fmt.Fprintf(&out, "wanted:\n%s\n", indent(textOf(f.wanted, f.difference.line, column)))
	} else {
		out.WriteString("wanted:\n  nothing more\n")
	}
	out.WriteString(f.ending())
	if f.drip {
		out.WriteString("(The same script passed when each write was sent whole: one read is not always one request.)\n")
	}
	// Alone, a request is answered perhaps that was not on a connection with others.
	// And curl sends it in one piece, and overlooks a reset when it has the reply.
	if command := curl(f.sent); command != "" && f.alone && !f.drip && f.stopped != sayReset && (len(f.got) > 0 || f.answered || !f.later) {
		fmt.Fprintf(&out, "To see it with your own eyes, with the server on port 8080:\n  %s\n", command)
	}
	return strings.TrimRight(out.String(), "\n")
}

// ending writes out what came, where it differs and why no more was read.
func (f *failure) ending() string {
	return fmt.Sprintf("got:\n%s\n%s%s\nReading stopped because %s.\n", indent(f.showGot()), f.showMeanwhile(), f.sayWhere(), f.stopped)
}

// titleOfSent says what the lines are that were played before.
func (f *failure) titleOfSent() string {
	title := "sent"
	if slices.ContainsFunc(f.sent, func(l line) bool { return l.of != "" }) {
		title = "so far"
	}
	if f.drip {
		title += ", one byte at a time"
	}
	return title
}

// textOf returns lines as they are written: those around the one that was not
// met, and of that one what is around a column.
func textOf(lines []line, unmet *line, column int) string {
	row := 0
	for i := range lines {
		if unmet != nil && lines[i].number == unmet.number {
			row = i
		}
	}
	var out strings.Builder
	from, to := window(len(lines), row)
	for _, l := range lines[from:to] {
		kind, rest, _ := strings.Cut(l.text, " ")
		rest, _ = shorten(rest, unmet != nil && l.number == unmet.number, column)
		out.WriteString(kind + " " + rest + "\n")
	}
	return around(out.String(), from, len(lines)-to)
}

// window returns which of so many lines a report shows: those around a row.
func window(lines, row int) (from, to int) {
	from = max(0, row-reportLines+4)
	return from, min(lines, from+reportLines)
}

// around adds to the lines that are shown how many are not.
func around(shown string, before, after int) string {
	if before > 0 {
		shown = fmt.Sprintf("  (%s before)\n%s", count(before, "line"), shown)
	}
	if after > 0 {
		shown += fmt.Sprintf("  (%s more)\n", count(after, "line"))
	}
	return shown
}

// showGot writes what came, with a caret under the first byte that differs.
func (f *failure) showGot() string {
	if len(f.got) == 0 && f.answered {
		return "nothing more"
	}
	if len(f.got) == 0 {
		return "nothing"
	}
	lines, row, column := encode(f.got, f.difference.at)
	var out strings.Builder
	from, to := window(len(lines), row)
	for i, text := range lines[from:to] {
		text, cut := shorten(text, from+i == row, column)
		fmt.Fprintf(&out, "%s< %s\n", f.of, text)
		if from+i == row {
			fmt.Fprintf(&out, "%s^\n", strings.Repeat(" ", len(f.of)+2+column-cut))
		}
	}
	if row == len(lines) {
		// Without a line of its own, the caret would point at the line before.
		out.WriteString("  (nothing more)\n  ^\n")
	}
	return around(out.String(), from, len(lines)-to)
}

// shorten cuts a long line down to what a report shows of it, and returns how
// many columns it lost before the given one.
func shorten(text string, marked bool, column int) (string, int) {
	if utf8.RuneCountInString(text) <= reportColumns {
		return text, 0
	}
	runes := []rune(text)
	from := 0
	if marked && column > reportColumns/2 {
		from = min(column, len(runes)) - reportColumns/2
	}
	to := min(len(runes), from+reportColumns)
	shown := string(runes[from:to])
	if to < len(runes) {
		shown += "…"
	}
	if from > 0 {
		return "…" + shown, from - 1
	}
	return shown, 0
}
