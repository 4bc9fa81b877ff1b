package tap

import "bytes"

const (
	// lineLimit is how many bytes a line of a head may have that is taken for
	// one. Without it, a line that never ends would be kept as long as it comes.
	lineLimit = 64 << 10

	// forEver is how many bytes content has that nothing but the end of the
	// connection ends.
	forEver = 1 << 62
)

// A splitter takes one direction of a connection apart, as its bytes come. It
// keeps none but those of a line that is not finished.
type splitter struct {
	side side

	// step deals with what comes next: it returns how many bytes it has taken, at
	// least one. Nil is the start of a message.
	step func(data []byte) int

	// line is the line that is not finished yet, what is its kind, and given how
	// much of it was given on already.
	line  []byte
	what  kind
	given int

	// switched tells that the connection speaks another protocol by now.
	switched bool

	// left is how much of the content, or of a chunk, is still to come.
	left int64

	// head is what the head so far says, and message what it is about; nil
	// between two messages.
	head    *head
	message *message

	// to is told what was found.
	to listener
}

// A listener is told what a splitter finds. Its bytes are only lent.
type listener interface {
	// begin returns a new message, which begins. It is a run of bytes that are not
	// HTTP, and not the first one of this side, if again is true.
	begin(s side, again bool) *message

	// part is told of bytes of a message.
	part(m *message, k kind, data []byte)

	// headEnds is told that the head of a message has come, and returns how its
	// content ends.
	headEnds(m *message, h *head) framing

	// end is told that a message has come to its end.
	end(m *message)
}

// feed takes bytes that have come.
func (s *splitter) feed(data []byte) {
	for len(data) > 0 {
		if s.step == nil {
			s.start(data[0])
		}
		data = data[s.step(data):]
	}
}

// start begins a message, of which the first byte is known.
func (s *splitter) start(first byte) {
	s.message = s.to.begin(s.side, s.switched)
	s.head = &head{}
	s.expect(startLine, s.startLine)
	if s.switched || s.side == client && !isTokenByte(first) && first != '\r' && first != '\n' {
		s.giveUp()
	}
}

// expect makes a step the next one, and says of which kind the line is that it
// reads.
func (s *splitter) expect(what kind, step func([]byte) int) { s.what, s.step = what, step }

// takeLine adds what comes to the line, up to its end. It returns how many bytes
// that were, and whether the line is complete now.
func (s *splitter) takeLine(data []byte) (n int, complete bool) {
	n = len(data)
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		n, complete = end+1, true
	}
	s.line = append(s.line, data[:n]...)
	if len(s.line) > lineLimit {
		s.giveUp()
		return n, false
	}
	return n, complete
}

// give gives the line on, as far as that has not been done, and returns all of
// it.
func (s *splitter) give(k kind) []byte {
	line := s.line
	if s.given < len(line) {
		s.to.part(s.message, k, line[s.given:])
	}
	s.line, s.given = s.line[:0], 0
	return line
}

// flush gives on what has come of a line that is not finished.
func (s *splitter) flush() {
	if s.given < len(s.line) {
		s.to.part(s.message, s.what, s.line[s.given:])
		s.given = len(s.line)
	}
}

// giveUp takes this and all that follows for bytes of another kind than HTTP.
func (s *splitter) giveUp() {
	s.message.isOther = true
	s.give(other)
	s.step = s.others
}

// others deals with bytes that are not HTTP: they have no end. A run of them is
// taken for a message.
func (s *splitter) others(data []byte) int {
	if s.message == nil {
		s.message = s.to.begin(s.side, true)
		s.message.isOther = true
	}
	s.to.part(s.message, other, data)
	return len(data)
}

// endRun ends a run of bytes that are not HTTP.
func (s *splitter) endRun() {
	if s.message != nil && s.message.isOther && s.step != nil {
		s.to.end(s.message)
		s.message = nil
	}
}

// switchOver tells that the connection speaks another protocol from here on.
func (s *splitter) switchOver() {
	s.switched = true
	if s.message != nil && s.message.headCame.IsZero() && !s.message.isOther {
		s.giveUp()
	}
}

// finish ends the message: the next byte begins another one.
func (s *splitter) finish() {
	s.to.end(s.message)
	s.message, s.step = nil, nil
}

// ended tells that no more bytes come. It returns the message that has come only
// in part; nil without.
func (s *splitter) ended() *message {
	m := s.message
	if m == nil {
		return nil
	}
	s.flush()
	if m.isOther || s.left > forEver/2 {
		s.finish()
		return nil
	}
	return m
}
