package tap

import (
	"regexp"
	"time"
)

const (
	// headShown is how much of a head is shown, and contentShown how much of the
	// content: a few screens. The rest is passed, counted, and left out.
	headShown    = 32 << 10
	contentShown = 4 << 10

	// piecesShown is how many pieces of a message are shown, such as field lines:
	// many short ones need more room than a few long ones.
	piecesShown = 1000
)

// A message is a request, a response, or a run of bytes that are neither.
type message struct {
	side side

	// exchange is what it belongs to.
	exchange *exchange

	// isOther tells that it is not HTTP, or that from some point on it is not.
	isOther bool

	// The parts of the start line: those of a request, or of a response.
	method, target, version, status, reason string

	framing framing

	// boundary stands between the parts of a response that has several.
	boundary string

	// chunk is the size of the chunk that comes.
	chunk int64

	// broken says what is wrong with the message, where something is.
	broken string

	// began, headCame and ended are when its bytes came; zero for not yet.
	began, headCame, ended time.Time

	// head and content are how many bytes have come: of the head, and of all that
	// follows it.
	head, content int64

	// shownHead and shownContent are how many of these are shown, and left how
	// many are not.
	shownHead, shownContent int
	left, leftInHead        int64

	// titled tells that it has had a title in the transcript.
	titled bool

	// leaving tells that the rest of its content is left out, and leavingHead
	// that the rest of its field lines is.
	leaving, leavingHead bool

	pieces []piece
}

// A piece is a part of a message, as it is kept for the page.
type piece struct {
	kind kind
	data []byte
}

// requestForm and statusForm are the first lines of messages (RFC 9112, 3 and 4).
var (
	requestForm = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+)( +)([^ \r\n]+)( +)(HTTP/[0-9]\\.[0-9])( *\r?\n)$")
	statusForm  = regexp.MustCompile(`^(HTTP/[0-9]\.[0-9])( )([0-9]{3})( ?)([^\r\n]*)(\r?\n)$`)
)

// readStart reads the first line of a message, and reports whether it is one.
func (m *message) readStart(line string) bool {
	if m.side == client {
		parts := requestForm.FindStringSubmatch(line)
		if parts == nil {
			return false
		}
		m.method, m.target, m.version = parts[1], parts[3], parts[5]
		return true
	}
	parts := statusForm.FindStringSubmatch(line)
	if parts == nil {
		return false
	}
	m.version, m.status, m.reason = parts[1], parts[3], parts[5]
	return true
}

// interim reports whether a response is only the first word of one
// (RFC 9110, 15.2).
func (m *message) interim() bool {
	return m.side == server && len(m.status) == 3 && m.status[0] == '1' && m.status != "101"
}

// show notes that bytes have come, and returns those that are to be shown.
func (m *message) show(k kind, data []byte) []byte {
	shown := m.choose(k, data)
	if k.inHead() {
		m.head += int64(len(data))
		m.shownHead += len(shown)
		m.leftInHead += int64(len(data) - len(shown))
	} else {
		m.content += int64(len(data))
		m.shownContent += len(shown)
	}
	m.left += int64(len(data) - len(shown))
	if len(shown) > 0 {
		m.keep(k, shown)
	}
	return shown
}

// choose returns which of the bytes that have come are shown.
func (m *message) choose(k kind, data []byte) []byte {
	switch {
	case k == startLine || k == emptyLine:
		return data
	case k.inHead():
		m.leavingHead = m.leavingHead || m.shownHead+len(data) > headShown || len(m.pieces) > piecesShown
		if m.leavingHead {
			return nil
		}
		return data
	case k == chunkSize:
		// A chunk is shown whole or not at all: the chunks before it then end where
		// a wanted line may.
		m.leaving = m.leaving || int64(m.shownContent+len(data))+m.chunk > contentShown || len(m.pieces) > piecesShown
	}
	if m.leaving {
		return nil
	}
	if room := contentShown - m.shownContent; len(data) > room && k != chunkEnd {
		m.leaving = true
		return data[:max(0, room)]
	}
	return data
}

// keep keeps a piece for the page.
func (m *message) keep(k kind, data []byte) {
	m.exchange.kept += len(data)
	last := len(m.pieces) - 1
	isData := k == content || k == chunkData || k == other
	if last >= 0 && m.pieces[last].kind == k && (isData || !endsLine(m.pieces[last].data)) {
		m.pieces[last].data = append(m.pieces[last].data, data...)
	} else {
		m.pieces = append(m.pieces, piece{kind: k, data: append([]byte(nil), data...)})
	}
}

// endsLine reports whether data ends in a line feed.
func endsLine(data []byte) bool { return len(data) > 0 && data[len(data)-1] == '\n' }
