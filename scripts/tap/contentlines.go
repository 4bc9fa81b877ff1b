package tap

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"example.com/webserver/scripts"
)

// lineShown is how many characters of content stand in one line. What is longer
// goes on in the next, which means the same bytes.
const lineShown = 96

// content writes content, line by line: what is not finished waits.
func (t *transcript) content(c *conversation, m *message, data []byte) {
	if t.partial == nil {
		t.partial, t.of = map[side][]byte{}, map[side]*message{}
	}
	t.of[m.side] = m
	for len(data) > 0 {
		n := bytes.IndexByte(data, '\n') + 1
		if n == 0 {
			t.partial[m.side] = append(t.partial[m.side], data...)
			return
		}
		t.partial[m.side] = append(t.partial[m.side], data[:n]...)
		t.flush(c, m.side)
		data = data[n:]
	}
}

// messageForm is how the first line of a message begins. Content that looks like
// it is cut, so that nobody takes it for one.
var messageForm = regexp.MustCompile(`^(HTTP/\d|[A-Z]+ \S+ HTTP/\d)`)

// flush writes the content of a side that waits.
func (t *transcript) flush(c *conversation, s side) {
	waits := t.partial[s]
	if len(waits) == 0 {
		return
	}
	m := t.of[s]
	t.title(c, m)
	for len(waits) > 0 {
		n := cut(waits)
		if messageForm.Match(waits) {
			if n = len("HTTP"); !bytes.HasPrefix(waits, []byte("HTTP/")) {
				n = bytes.IndexByte(waits, ' ')
			}
		}
		t.literal(m, waits[:n], m.side)
		waits = waits[n:]
	}
	t.partial[s] = t.partial[s][:0]
}

// cut returns how many bytes of a line are shown in one.
func cut(line []byte) int {
	n := 0
	for width := 0; n < len(line) && width < lineShown; {
		_, size := utf8.DecodeRune(line[n:])
		width += utf8.RuneCountInString(scripts.Quote(line[n : n+size]))
		n += size
	}
	if rest := string(line[n:]); rest == "\n" || rest == "\r\n" {
		return len(line) // An end of line is not shown alone.
	}
	return n
}

// literal writes bytes as they are. Only a boundary in content differs each
// time.
func (t *transcript) literal(m *message, data []byte, sign side) {
	l := scriptLine{text: string(sign) + " " + scripts.QuoteLine(data)}
	if sign == server && m.boundary != "" {
		l.text = withBoundary(m.boundary, data, l.text)
	}
	t.add(m.exchange, l)
}
