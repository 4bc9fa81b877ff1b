package scripts

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// headOf returns how many of the wanted lines are the head that they begin
// with: up to the empty line, or to a "< ..." that stands for the rest of the
// message. It is 0 where the head has no such end; then its lines are compared
// one by one.
func headOf(wanted []line) int {
	for i, l := range wanted {
		if string(l.bytes) == "\r\n" || l.any && i == len(wanted)-1 {
			return i + 1
		}
	}
	return 0
}

// A gotField is a field line that came.
type gotField struct {
	at          int // its offset in what came
	raw         string
	name, value string
	used        bool
}

// head compares the next bytes with a wanted head: the first line to the byte,
// the field lines in any order, names in any case.
func (m *matcher) head(wanted []line) (verdict, int) {
	wanted = wanted[:headOf(wanted)]
	first := &wanted[0]
	delete(m.came, boundary) // Each response has its own.
	n, more, ok := m.matchLine(first, m.got[m.at:], m.ended)
	if !ok {
		return m.wrong(m.at+n, first, more, m.sayFirstLine(m.at+n, first)), len(wanted)
	}
	start := string(m.got[m.at : m.at+n])
	m.at += n
	fields, v := m.fields()
	if v.differs != nil {
		return v, len(wanted)
	}
	if v := m.compareFields(wanted[1:], fields); v.differs != nil {
		return v, len(wanted)
	}
	m.frame(start, fields)
	if last := &wanted[len(wanted)-1]; last.any {
		return m.rest(last), len(wanted)
	}
	return verdict{}, len(wanted)
}

// fieldLine is a name, a colon and a value (RFC 9112, 5).
var fieldLine = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*\r\n$")

// spaceBeforeColon is what a field line with one mistake begins with.
var spaceBeforeColon = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]+:")

// fields reads the field lines that came, with the empty line after them, and
// leaves m.at behind it.
func (m *matcher) fields() ([]gotField, verdict) {
	var fields []gotField
	for {
		rest := m.got[m.at:]
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			return nil, m.wrong(len(m.got), nil, true, "The head is not finished: an empty line, \\r\\n, must end it.")
		}
		raw := string(rest[:end+1])
		if raw == "\r\n" {
			m.at += 2
			return fields, verdict{}
		}
		parts := fieldLine.FindStringSubmatch(raw)
		switch {
		case raw == "\n" || parts == nil && fieldLine.MatchString(raw[:end]+"\r\n"):
			return nil, m.wrong(m.at+end, nil, false, sayBareLF)
		case raw[0] == ' ' || raw[0] == '\t':
			return nil, m.wrong(m.at, nil, false, "This line begins with white space. A field line begins with its name (RFC 9112, 5).")
		case parts == nil && spaceBeforeColon.MatchString(raw):
			return nil, m.wrong(m.at+strings.IndexAny(raw, " \t"), nil, false, "No white space may stand between the name of a field and the colon (RFC 9112, 5.1).")
		case parts == nil:
			return nil, m.wrong(m.at, nil, false, "This is not a field line (name, colon, value). If it is content: an empty line, \\r\\n, must stand before it.")
		}
		if at := strings.IndexFunc(parts[2], isControl); at >= 0 {
			return nil, m.wrong(m.at+strings.LastIndex(raw, parts[2])+at, nil, false, "Such a byte must not stand in the value of a field (RFC 9110, 5.5).")
		}
		fields = append(fields, gotField{at: m.at, raw: raw, name: parts[1], value: parts[2]})
		m.at += len(raw)
	}
}

// isControl reports whether a character is one of those that control a terminal
// and, unlike a tab, have no place in a value.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// compareFields compares the field lines that came with the wanted ones.
func (m *matcher) compareFields(wanted []line, fields []gotField) verdict {
	others := false
	for i := range wanted {
		l := &wanted[i]
		if l.any {
			others = true
			continue
		}
		if string(l.bytes) == "\r\n" {
			continue
		}
		if v := m.findField(l, fields); v.differs != nil {
			return v
		}
	}
	framings := 0
	for _, f := range fields {
		if isFraming(f.name) {
			framings++
		}
		if !f.used && framings > 1 {
			return m.wrong(f.at, nil, false, "The head says twice how long the content is. Two readers could believe two things (RFC 9112, 6.3).")
		}
		if !f.used && !others {
			return m.wrong(f.at, nil, false, fmt.Sprintf("The script does not expect the field %s here. (A line \"< ...\" in the head of the script allows others.)", f.name))
		}
	}
	return verdict{}
}

// isFraming reports whether a field says how long the content is.
func isFraming(name string) bool {
	return strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "Transfer-Encoding")
}

// findField looks for a wanted field line among those that came, and marks it
// as used.
func (m *matcher) findField(l *line, fields []gotField) verdict {
	name, _, _ := strings.Cut(string(l.bytes), ":")
	var other *difference
	for i := range fields {
		f := &fields[i]
		if f.used || !strings.EqualFold(f.name, name) {
			continue
		}
		// Compare with the name in the script's spelling, and one space.
		normal := name + ": " + f.value + "\r\n"
		n, _, ok := m.matchLine(l, []byte(normal), true)
		if ok {
			f.used = true
			return verdict{}
		}
		inValue := min(max(n-len(name)-2, 0), len(f.value))
		other = &difference{
			at:   f.at + strings.Index(f.raw[len(f.name)+1:], f.value) + len(f.name) + 1 + inValue,
			line: l,
			says: fmt.Sprintf("The field %s has another value than the script wants: %s", f.name, l.text),
		}
	}
	if other != nil {
		return verdict{differs: other}
	}
	says := fmt.Sprintf("The field %s is missing from the head.", name)
	if startLine.Match(l.bytes) {
		says = `The script wants this line within a head. The head before it must end first, in a line "< \r\n".`
	}
	return m.wrong(m.at-2, l, false, says)
}

// frame notes how the content of a message ends, after its head
// (RFC 9112, 6.3).
func (m *matcher) frame(start string, fields []gotField) {
	m.contentAt = m.at
	isResponse := strings.HasPrefix(start, "HTTP/")
	m.framing = framing{untilClose: isResponse}
	m.responses = isResponse
	for _, f := range fields {
		switch {
		case strings.EqualFold(f.name, "Transfer-Encoding"):
			m.framing = framing{chunked: true}
		case strings.EqualFold(f.name, "Content-Length") && !m.framing.chunked:
			length, _ := strconv.ParseUint(f.value, 10, 31)
			m.framing = framing{length: int(length), counted: true}
		}
	}
	if !isResponse {
		return
	}
	status := statusOf(start)
	interim := strings.HasPrefix(status, "1")
	isHEAD := len(m.methods) > 0 && m.methods[0] == "HEAD"
	m.bare = sayBare(status, isHEAD)
	if m.bare != "" || interim {
		m.framing = framing{}
	}
	m.later = m.later || !interim
	if len(m.methods) > 0 && !interim {
		m.methods = m.methods[1:]
	}
}

// statusOf returns the status code in a status line, "" where there is none.
func statusOf(statusLine string) string {
	parts := strings.Split(strings.TrimRight(statusLine, "\r\n"), " ")
	if len(parts) < 2 || !strings.HasPrefix(parts[0], "HTTP/") {
		return ""
	}
	return parts[1]
}
