package main

import (
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"
)

// A screen is where the desk prints. It shows colors only to people.
type screen struct {
	io.Writer
	colors bool
}

// newScreen returns the screen that prints to a file. It has colors if that is
// a terminal which understands them, and nobody has asked for none with NO_COLOR.
func newScreen(file *os.File) screen {
	colors := term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if runtime.GOOS == "windows" && os.Getenv("WT_SESSION") == "" && os.Getenv("TERM") == "" {
		colors = false // The old console shows the codes themselves.
	}
	return screen{Writer: file, colors: colors}
}

// The codes of the colors that are used (ECMA-48, 8.3.117).
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint returns a text in a color, or in bold letters.
func (s screen) paint(code, text string) string {
	if !s.colors {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// indent puts spaces before every line of a text that is not empty.
func indent(text, spaces string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = spaces + line
		}
	}
	return strings.Join(lines, "\n")
}
