package scripts

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// A difference is where what came stops being what a script wants.
type difference struct {
	// at is the offset, in the bytes that came, of the first that differs.
	at int

	// line is the wanted line that was not met; nil where there is none.
	line *line

	// says is the difference in one plain sentence.
	says string
}

// A verdict is what can be said of the bytes that have come so far.
type verdict struct {
	// matched is how many bytes are what the script wants, all of it.
	matched int

	// more tells that nothing is wrong yet, and that something is missing.
	more bool

	// differs is what is wrong; where more is true, what will be if no more
	// bytes come.
	differs *difference
}

// A matcher compares bytes with the wanted lines of a transcript, from the
// start each time, for as long as bytes come.
type matcher struct {
	got []byte

	// at is how far got has been compared.
	at int

	// ended tells that no more bytes will come.
	ended bool

	// methods are those of the requests whose responses are still to come: the
	// response to a HEAD has no content, whatever its fields say.
	methods []string

	// responses tells that the last head was that of a response.
	responses bool

	// contentAt is where the content of the last head begins, -1 without one.
	contentAt int

	// framing is how that content ends.
	framing framing

	// later tells that a response has come on this connection before.
	later bool

	// bare says why the last response has no content; empty where it may have.
	bare string

	// chunks tells that what comes next is content in chunks.
	chunks bool

	// of is the upstream that gets it; empty where the client does.
	of string

	// came is what came for the placeholders.
	came memory
}

// startLine is the first line of a message, in a script.
var startLine = regexp.MustCompile(`^(HTTP/\d|[A-Z]+ \S+ HTTP/\d)`)

// match compares got with the wanted lines, one expectation after the other.
func (m *matcher) match(wanted []line) verdict {
	m.contentAt = -1
	if m.chunks {
		m.contentAt, m.framing = m.at, framing{chunked: true}
	}
	for len(wanted) > 0 {
		var v verdict
		var used int
		switch {
		case wanted[0].any:
			v, used = m.skip(wanted)
			m.chunks = false
		case m.begins(wanted):
			if v = m.checkLength(true); v.differs == nil {
				v, used = m.head(wanted)
				m.chunks = m.framing.chunked
			}
		case m.chunks:
			v, used = m.inChunks(wanted)
		default:
			v, used = m.one(&wanted[0]), 1
		}
		if v.differs != nil {
			return v
		}
		wanted = wanted[used:]
	}
	if v := m.checkLength(false); v.differs != nil {
		return v
	}
	return verdict{matched: m.at}
}

// begins reports whether the wanted lines begin with the head of a message. On
// one connection come either responses or requests: after the head of a
// response, a request line is content.
func (m *matcher) begins(wanted []line) bool {
	first := wanted[0].bytes
	return startLine.Match(first) && headOf(wanted) > 0 && (!m.responses || bytes.HasPrefix(first, []byte("HTTP/")))
}

// checkLength compares the content that a script spells out with its
// Content-Length, which the script may leave open. All of the content has been
// compared if whole is true, perhaps only its start otherwise.
func (m *matcher) checkLength(whole bool) verdict {
	if m.contentAt < 0 || !m.framing.counted {
		return verdict{}
	}
	length := m.at - m.contentAt
	if length < m.framing.length && !whole || length == m.framing.length {
		return verdict{}
	}
	says := fmt.Sprintf("Content-Length says %d, but the content has %s.", m.framing.length, count(length, "byte"))
	return m.wrong(m.contentAt+min(length, m.framing.length), nil, false, says)
}

// one compares the next bytes with one wanted line.
func (m *matcher) one(l *line) verdict {
	n, more, ok := m.matchLine(l, m.got[m.at:], m.ended)
	if ok {
		m.at += n
		return verdict{}
	}
	return m.wrong(m.at+n, l, more, m.sayContent(m.at+n, l))
}

// wrong is the verdict for a difference. Where more bytes could mend it, more
// is true; once the connection has ended, they cannot come.
func (m *matcher) wrong(at int, l *line, more bool, says string) verdict {
	return verdict{more: more && !m.ended, differs: &difference{at: at, line: l, says: says}}
}

// matchLine compares the start of got with a wanted line. It returns how many
// bytes agree, and whether that is all (ok) or more bytes could make it so. If
// it is all, what came for the placeholders is kept.
func (m *matcher) matchLine(l *line, got []byte, ended bool) (n int, more, ok bool) {
	came := memory{}
	for _, p := range l.pieces {
		literal := p.literal
		if known := m.came[p.placeholder]; p.placeholder == boundary && known != "" {
			literal = []byte(known)
		} else if p.placeholder != "" {
			at := placeholders[p.placeholder].FindIndex(got[n:])
			if at == nil {
				return n, !bytes.Contains(got[n:], []byte("\n")), false
			}
			came[p.placeholder] = string(got[n : n+at[1]])
			n += at[1]
			if n == len(got) && !ended {
				return n, true, false
			}
			continue
		}
		same := commonPrefix(literal, got[n:])
		n += same
		if same < len(literal) {
			return n, n == len(got), false
		}
	}
	m.keep(came)
	return n, false, true
}

// keep keeps what came for placeholders.
func (m *matcher) keep(came memory) {
	if m.came == nil {
		m.came = memory{}
	}
	maps.Copy(m.came, came)
}

// commonPrefix returns how many bytes a and b have in common from the start.
func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	if bytes.Equal(a[:n], b[:n]) {
		return n
	}
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// skip deals with "< ..." outside of a head: bytes up to those of the next
// wanted line or, where it is the last or the next message follows, the rest of
// the content.
func (m *matcher) skip(wanted []line) (verdict, int) {
	if len(wanted) == 1 || m.contentAt >= 0 && startLine.Match(wanted[1].bytes) {
		return m.rest(&wanted[0]), 1
	}
	next := &wanted[1]
	for at := m.at; at < len(m.got); at++ {
		if n, _, ok := m.matchLine(next, m.got[at:], m.ended); ok {
			m.at = at + n
			return verdict{}, 2
		}
	}
	return m.wrong(len(m.got), next, true, fmt.Sprintf("What the script wants next never came: %s", next.text)), 2
}

// rest skips what is left of the content, by its framing.
func (m *matcher) rest(l *line) verdict {
	if m.contentAt < 0 {
		m.contentAt, m.framing = m.at, framing{untilClose: true}
	}
	length, complete := m.framing.measure(m.got[m.contentAt:], m.ended)
	if complete {
		m.at = m.contentAt + length
		return verdict{}
	}
	says := "The content is not complete."
	if m.framing.untilClose {
		says = "The content has no Content-Length, so it lasts until the connection is closed; it was not closed."
	} else if !m.framing.chunked {
		says = sayTooShort(m.framing.length, len(m.got)-m.contentAt)
	}
	return m.wrong(len(m.got), l, true, says)
}

// framing is how the content of a message ends (RFC 9112, 6.3).
type framing struct {
	length     int
	counted    bool // length is what Content-Length says
	chunked    bool
	untilClose bool
}

// measure returns how long the content is at the start of data, and whether
// all of it has come.
func (f framing) measure(data []byte, ended bool) (int, bool) {
	switch {
	case f.chunked:
		return measureChunks(data)
	case f.untilClose:
		return len(data), ended
	}
	return f.length, len(data) >= f.length
}

// measureChunks walks over a chunked body (RFC 9112, 7.1).
func measureChunks(data []byte) (length int, complete bool) {
	for at := 0; ; {
		head, _, found := bytes.Cut(data[at:], []byte("\r\n"))
		if !found {
			return 0, false
		}
		digits, _, _ := strings.Cut(string(head), ";")
		size, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 31)
		if err != nil {
			return 0, false
		}
		at += len(head) + 2
		if size == 0 {
			// The trailer section ends like a head: in an empty line.
			if bytes.HasPrefix(data[at:], []byte("\r\n")) {
				return at + 2, true
			}
			end := bytes.Index(data[at:], []byte("\r\n\r\n"))
			return at + end + 4, end >= 0
		}
		if at += int(size) + 2; at > len(data) {
			return 0, false
		}
	}
}
