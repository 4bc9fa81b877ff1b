package scripts

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A line is one line of a transcript.
type line struct {
	// number is where it stands in the transcript, from 1.
	number int

	// of is the upstream whose line it is; empty for one of the client.
	of string

	// kind is '>' for sent, '<' for wanted, '*' for what happens to the
	// connection.
	kind byte

	// text is the line as it is written.
	text string

	// bytes is what a '>' line sends, and what a '<' line wants, where it has
	// no placeholder.
	bytes []byte

	// pieces is what a '<' line wants, placeholders apart.
	pieces []piece

	// any marks "< ...".
	any bool

	// repeated marks a line with a count, such as ">x1000 a\".
	repeated bool

	// words is what a '*' line says.
	words []string
}

// A piece is a part of a wanted line: bytes, or a placeholder for what cannot
// be known beforehand.
type piece struct {
	literal []byte

	// placeholder is its name, such as <entity-tag>; empty for bytes.
	placeholder string
}

// placeholders are named by the grammar of the RFCs, and match what it allows.
var placeholders = map[string]*regexp.Regexp{
	// RFC 9110, 5.6.7
	"<IMF-fixdate>": regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT`),
	// RFC 9110, 5.6.7
	"<time-of-day>": regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)`),
	// RFC 9110, 8.8.3
	"<entity-tag>": regexp.MustCompile(`^(W/)?"[\x21\x23-\x7e]*"`),
	// RFC 9110, 8.8.3: an entity tag that is not weak.
	"<opaque-tag>": regexp.MustCompile(`^"[\x21\x23-\x7e]*"`),
	// RFC 2046, 5.1.1; it is the same everywhere in a response.
	boundary: regexp.MustCompile(`^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]`),
	// RFC 9110, 8.6
	"<1*DIGIT>": regexp.MustCompile(`^\d+`),
}

// boundary is the placeholder for what stands between the parts of a content.
const boundary = "<boundary>"

// placeholderName finds what looks like a placeholder in a line.
var placeholderName = regexp.MustCompile(`<(IMF-fixdate|time-of-day|entity-tag|opaque-tag|boundary|1\*DIGIT)>`)

// repeatLimit is how many bytes a line with a count may stand for.
const repeatLimit = 256 << 20

// parseTranscript reads a transcript. An error names the line and says what to
// write instead.
func parseTranscript(name, text string) ([]line, error) {
	var lines []line
	for i, written := range strings.Split(text, "\n") {
		written = strings.TrimSuffix(written, "\r") // from a Windows checkout
		if written == "" || strings.HasPrefix(written, "#") {
			continue
		}
		l := line{number: i + 1, text: written}
		if err := l.parse(); err != nil {
			return nil, fmt.Errorf("%s, line %d: %s\n\t%w", name, i+1, written, err)
		}
		if err := follows(lines, &l); err != nil {
			return nil, fmt.Errorf("%s, line %d: %s\n\t%w", name, i+1, written, err)
		}
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s is empty: write what is sent in lines that begin with >, and what is wanted in lines that begin with <", name)
	}
	return lines, nil
}

// follows checks that a line can stand after those before it: where the
// connection is gone, nothing can happen to it. An upstream gets another one.
func follows(before []line, l *line) error {
	for i, b := range before {
		switch {
		case b.kind != '*' || b.of != l.of:
		case b.of == "" && (b.words[0] == "leave" || b.words[0] == "reset"):
			return fmt.Errorf("there is no connection after %q; take this line away", b.text)
		case b.words[0] == "half-close" && l.kind == '>' && !another(before[i+1:], l.of):
			return fmt.Errorf("nothing can be sent after %q; take this line away", b.text)
		}
	}
	return nil
}

// another reports whether an upstream has come to another connection in these
// lines.
func another(lines []line, of string) bool {
	return slices.ContainsFunc(lines, func(l line) bool {
		return of != "" && l.of == of && l.kind == '*' && slices.Contains([]string{"connection", "closed", "cut", "close", "reset"}, l.words[0])
	})
}

// startOfLine is a kind, perhaps with the name of an upstream before it and a
// count behind it, and a space before the rest.
var startOfLine = regexp.MustCompile(`^([a-z][a-z0-9]*)?([<>*])(x\d+)?(?: (.*))?$`)

// parse reads l.text into the other fields.
func (l *line) parse() error {
	parts := startOfLine.FindStringSubmatch(l.text)
	if parts == nil {
		return fmt.Errorf("a line begins with > (sent), < (wanted), * (the connection) or # (a remark), and a space; the name of an upstream may stand before it, as in app<")
	}
	l.of, l.kind, l.repeated = parts[1], parts[2][0], parts[3] != ""
	count, rest := parts[3], parts[4]
	switch {
	case l.repeated && (l.kind == '*' || rest == "..."):
		return fmt.Errorf("a count such as %s stands only before bytes; take it away", count)
	case l.kind == '*':
		l.words = strings.Fields(rest)
		return checkDirective(l.of, l.words)
	case l.kind == '<' && rest == "...":
		l.any = true
		return nil
	}
	return l.parseBytes(count, rest)
}

// parseBytes reads the bytes of a line, which stand there so many times.
func (l *line) parseBytes(count, rest string) error {
	decoded, err := decode(rest)
	if err != nil {
		return err
	}
	times := 1
	if l.repeated {
		// Divided, not multiplied: the product of a great count could overflow.
		times, err = strconv.Atoi(count[1:])
		if err != nil || times > repeatLimit/max(1, len(decoded)) {
			return fmt.Errorf("%s is too often: a line may stand for %d bytes at most", count, repeatLimit)
		}
	}
	l.bytes = bytes.Repeat(decoded, times)
	if l.kind == '>' {
		return checkSent(rest)
	}
	l.pieces = cutPieces(rest, l.bytes, times)
	return nil
}

// decode resolves the escapes of a line, which are Go's, and checks that it
// says how it ends: in \r\n, in \n, or in a lone \ for nothing.
func decode(text string) ([]byte, error) {
	if seen := strings.TrimRight(text, " \t"); seen != text && (strings.HasSuffix(seen, `\n`) || endsOpen(seen)) {
		return nil, errors.New(`there is white space after the end of this line; take it away`)
	}
	decoded, err := unescape(withoutLone(text))
	if err != nil {
		return nil, err
	}
	// The decoded byte counts: \\n at the end is a backslash and an n.
	if !endsOpen(text) && !bytes.HasSuffix(decoded, []byte("\n")) {
		return nil, errors.New(`this line does not say how it ends; add \r\n, or \n, or a lone \ for nothing`)
	}
	return decoded, nil
}

// endsOpen tells whether a line ends in a lone backslash, for nothing.
func endsOpen(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// withoutLone returns a line without the lone backslash at its end, if any.
func withoutLone(text string) string {
	if endsOpen(text) {
		return text[:len(text)-1]
	}
	return text
}

// unescape resolves escapes.
func unescape(text string) ([]byte, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New(`this line is not UTF-8; write bytes that are no character as \x80 to \xff`)
	}
	var decoded []byte
	for text != "" {
		r, multibyte, tail, err := strconv.UnquoteChar(text, 0)
		if err != nil {
			return nil, fmt.Errorf(`%.2s is not an escape; they are \r \n \t \\ and \x00 to \xff, and \\ stands for a backslash`, text)
		}
		if multibyte {
			decoded = utf8.AppendRune(decoded, r)
		} else {
			decoded = append(decoded, byte(r))
		}
		text = tail
	}
	return decoded, nil
}

// cutPieces cuts a wanted line, which stands there so many times, at its
// placeholders. One that is spelt with an escape, \x3centity-tag>, stands for
// itself, so the line is cut as it is written, before it is decoded.
func cutPieces(written string, decoded []byte, times int) []piece {
	written = withoutLone(written)
	if !placeholderName.MatchString(written) {
		return []piece{{literal: decoded}}
	}
	var pieces []piece
	for {
		at := placeholderName.FindStringIndex(written)
		if at == nil {
			literal, _ := unescape(written)
			return slices.Repeat(append(pieces, piece{literal: literal}), times)
		}
		literal, _ := unescape(written[:at[0]])
		pieces = append(pieces, piece{literal: literal}, piece{placeholder: written[at[0]:at[1]]})
		written = written[at[1]:]
	}
}

// encode writes bytes as a transcript does, one line each and without the kind
// in front, so that they can be pasted into one. It also returns, for the byte
// at offset mark, its line and its column there.
func encode(data []byte, mark int) (lines []string, row, column int) {
	var current strings.Builder
	row = -1
	for i := 0; i < len(data); {
		if i == mark {
			row, column = len(lines), utf8.RuneCountInString(current.String())
		}
		r, size := utf8.DecodeRune(data[i:])
		if i < mark && mark < i+size {
			r, size = utf8.RuneError, 1 // The difference is inside of a character: show its bytes.
		}
		current.WriteString(escape(r, data[i:i+size]))
		i += size
		if r == '\n' {
			lines = append(lines, current.String())
			current.Reset()
		}
	}
	if row < 0 {
		row, column = len(lines), utf8.RuneCountInString(current.String())
	}
	if current.Len() > 0 {
		lines = append(lines, current.String()+`\`)
	}
	return lines, row, column
}

// escape writes one character, which came as data, as a transcript does.
func escape(r rune, data []byte) string {
	switch {
	case r == '\r':
		return `\r`
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\\':
		return `\\`
	case r == utf8.RuneError && len(data) == 1, !unicode.IsPrint(r):
		var escaped strings.Builder
		for _, b := range data {
			escaped.WriteString(`\x` + hex.EncodeToString([]byte{b}))
		}
		return escaped.String()
	}
	return string(r)
}
