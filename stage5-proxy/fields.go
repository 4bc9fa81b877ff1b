package main

import (
	"bufio"
	"errors"
	"strings"
)

const (
	// fieldLimit is how many bytes a field line may have, without its end.
	fieldLimit = 8 << 10

	// fieldsLimit is how many of them a head may have. Browsers send about
	// twenty.
	fieldsLimit = 100
)

// readFields reads the field lines, up to and with the empty line that ends the
// head. The error is a 400 or a 431, or what stopped the reading.
func readFields(lines *bufio.Reader) ([]Field, error) {
	var fields []Field
	for {
		line, err := readLine(lines)
		if err == nil && line == "" {
			return fields, nil
		}
		if errors.Is(err, bufio.ErrBufferFull) || len(line) > fieldLimit {
			return nil, refuse(431, "field line of more than %d bytes", fieldLimit)
		}
		if err != nil {
			return nil, err
		}
		if len(fields) == fieldsLimit {
			return nil, refuse(431, "more than %d field lines", fieldsLimit)
		}
		field, err := parseField(line)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
}

// parseField takes a field line apart. A name has no space around it: who
// overlooked one would see another field than the rest of the world. So a line
// cannot begin with one either, which once meant that it goes on with the value
// of the line before (RFC 9112, 5.1 and 5.2). The error is a 400.
//
//	field-line = field-name ":" OWS field-value OWS (RFC 9112, 5)
func parseField(line string) (Field, error) {
	name, value, found := strings.Cut(line, ":")
	if !found || !isToken(name) {
		return Field{}, refuse(400, "field line %q", line)
	}
	return Field{name, strings.Trim(value, " \t")}, nil
}

// writeField writes a field line.
func writeField(head *bufio.Writer, name, value string) {
	head.WriteString(name)
	head.WriteString(": ")
	head.WriteString(value)
	head.WriteString("\r\n")
}

// values returns the values of all fields with a name, which may be written in
// any case (RFC 9110, 5.1).
func values(fields []Field, name string) []string {
	var found []string
	for _, field := range fields {
		if equalFold(field.Name, name) {
			found = append(found, field.Value)
		}
	}
	return found
}

// single returns the value of a field that may stand only once. Where it stands
// more often, nobody knows what it says, and it counts as if it were not there.
func single(fields []Field, name string) (value string, ok bool) {
	times := 0
	for _, field := range fields {
		if equalFold(field.Name, name) {
			value = field.Value
			times++
		}
	}
	if times != 1 {
		return "", false
	}
	return value, true
}

// equalFold reports whether two words are the same, in whatever case, where at
// least one of them is of ASCII. For strings.EqualFold alone, the Kelvin sign is
// a k, and chunked could be written with it (RFC 9110, 5.6.2). But it has more
// bytes.
func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// isToken reports whether s can be a method or the name of a field.
//
//	token = 1*tchar                                              (RFC 9110, 5.6.2)
//	tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" /
//	        "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
func isToken(s string) bool {
	notToken := func(c rune) bool {
		isLetter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		isDigit := '0' <= c && c <= '9'
		return !isLetter && !isDigit && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
	}
	return s != "" && !strings.ContainsFunc(s, notToken)
}

// readLine reads one line and returns it without its end, which is CR LF; a
// lone LF is taken too (RFC 9112, 2.2). No other control character than a tab
// may stand in it: least of all a CR, which some take for the end of a line, or
// a NUL (RFC 9110, 5.5). It returns bufio.ErrBufferFull, with the beginning of
// the line, where that has more than lineLimit bytes.
func readLine(lines *bufio.Reader) (string, error) {
	line, err := lines.ReadSlice('\n')
	if err != nil {
		return string(line), err
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")
	if hasControl(text) {
		return text, refuse(400, "control character in the line %q", text)
	}
	return text, nil
}

// hasControl reports whether there is a control character other than a tab.
func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f })
}
