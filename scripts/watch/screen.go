package watch

import (
	"fmt"
	"io"
	"strings"
)

// A Screen is where a learner sees how it goes.
type Screen struct {
	io.Writer

	// Clears tells that it is a terminal that can be cleared. Otherwise a line
	// divides what is new from what was before.
	Clears bool

	// Paint returns a text in a color, by its code (ECMA-48, 8.3.117); or as it
	// is.
	Paint func(code, text string) string
}

// The codes of the colors that are used.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

// divider divides one report from the next.
const divider = "----------------------------------------"

// A view is what stands on the screen.
type view struct {
	screen Screen

	// title says what is watched; notes are what else a learner must know.
	title string
	notes []string

	// report is what is shown of a failure, and lines what follows.
	report string
	lines  []string
}

// open shows what is watched.
func (v *view) open(title string) {
	v.title = title
	fmt.Fprintln(v.screen, title)
}

// note tells a learner something that stays true.
func (v *view) note(sentence string) {
	v.notes = append(v.notes, sentence)
	fmt.Fprintln(v.screen, sentence)
}

// busy says what is being checked. What was there before stays: it is the last
// that is known.
func (v *view) busy(c check) {
	v.lines = []string{"checking " + c.String() + " …"}
	v.draw(func() { fmt.Fprintln(v.screen, v.lines[0]) })
}

// fails shows a failure.
func (v *view) fails(f failure, lines ...string) {
	v.report = v.screen.Paint(red, "FAILS: "+f.subject()) + "\n" + f.report
	v.lines = lines
	v.draw(func() {
		fmt.Fprintln(v.screen, divider)
		fmt.Fprintln(v.screen, v.report)
		v.printLines()
	})
}

// says replaces the lines below the report.
func (v *view) says(lines ...string) {
	v.lines = lines
	v.draw(v.printLines)
}

// well shows that nothing is known to fail.
func (v *view) well(lines ...string) {
	v.report = ""
	v.lines = lines
	v.draw(func() {
		fmt.Fprintln(v.screen, divider)
		v.printLines()
	})
}

// printLines prints the lines below the report.
func (v *view) printLines() {
	for _, line := range v.lines {
		fmt.Fprintln(v.screen, line)
	}
}

// draw draws all anew on a terminal. Elsewhere it prints what is new.
func (v *view) draw(printNew func()) {
	if !v.screen.Clears {
		printNew()
		return
	}
	var out strings.Builder
	out.WriteString("\x1b[H\x1b[2J" + v.title + "\n")
	for _, note := range v.notes {
		out.WriteString(note + "\n")
	}
	out.WriteString("\n")
	if v.report != "" {
		out.WriteString(v.report + "\n\n")
	}
	io.WriteString(v.screen, out.String())
	v.printLines()
}
