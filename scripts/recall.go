package scripts

import (
	"fmt"
	"slices"
	"strings"
)

// A memory is what came last where a wanted line had a placeholder, by the name
// of the placeholder. So a script can send back what it cannot know beforehand.
type memory map[string]string

// sentBack are the placeholders that can stand in a line that is sent. A
// response has one entity tag, if any; but it may have several dates.
var sentBack = []string{"<entity-tag>", "<opaque-tag>"}

// checkSent checks the placeholders in a line that is sent.
func checkSent(text string) error {
	for _, name := range placeholderName.FindAllString(text, -1) {
		if !slices.Contains(sentBack, name) {
			return fmt.Errorf(`what came for %s cannot be sent back, only what came for %s; to send these very characters, write \x3c for the <`,
				name, strings.Join(sentBack, " or "))
		}
	}
	return nil
}

// readTranscript reads a transcript that is played now. It may send back what
// came before.
func readTranscript(name, text string, came memory) ([]line, error) {
	lines, err := parseTranscript(name, text)
	if err == nil {
		err = checkRecalls(name, lines, came)
	}
	return lines, err
}

// checkRecalls checks that a transcript, which is called name, sends back
// nothing that has not come by then.
func checkRecalls(name string, lines []line, came memory) error {
	wanted := map[string]bool{}
	for _, l := range lines {
		for _, p := range placeholderName.FindAllString(l.text, -1) {
			if _, known := came[p]; l.kind == '>' && !known && !wanted[p] {
				return fmt.Errorf("%s, line %d: %s\n\tno %s has come yet that could be sent back: an earlier wanted line must have it, such as < ETag: %s\\r\\n",
					name, l.number, l.text, p, p)
			}
			wanted[p] = wanted[p] || l.kind == '<'
		}
	}
	return nil
}

// recalled returns lines that are sent with what came in the place of their
// placeholders, as if they had been written so.
func recalled(lines []line, came memory) []line {
	var filled []line
	for _, l := range lines {
		if l.kind == '>' && placeholderName.MatchString(l.text) {
			l = line{number: l.number, text: placeholderName.ReplaceAllStringFunc(l.text, came.written)}
			l.parse() // Its bytes cannot be malformed: they are written as those of a report are.
		}
		filled = append(filled, l)
	}
	return filled
}

// written returns what came for a placeholder, as a transcript writes it. What
// looks like a placeholder there is none.
func (came memory) written(name string) string {
	var text strings.Builder
	lines, _, _ := encode([]byte(came[name]+"\n"), -1)
	for _, written := range lines {
		text.WriteString(strings.ReplaceAll(written, "<", `\x3c`))
	}
	return strings.TrimSuffix(text.String(), `\n`)
}
