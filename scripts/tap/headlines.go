package tap

import "bytes"

// startLine deals with the first line of a message, or with an empty line before
// it.
func (s *splitter) startLine(data []byte) int {
	n, complete := s.takeLine(data)
	if s.side == server && s.message != nil && !s.message.isOther && !couldBegin(s.line, "HTTP/") {
		s.giveUp()
		return n
	}
	if !complete {
		return n
	}
	switch {
	case s.side == client && isEmptyLine(s.line):
		s.give(blank)
	case s.message.readStart(string(s.line)):
		s.give(startLine)
		s.expect(fieldLine, s.fieldLine)
	default:
		s.giveUp()
	}
	return n
}

// couldBegin reports whether data begins with a word, as far as it has come.
func couldBegin(data []byte, word string) bool {
	n := min(len(data), len(word))
	return string(data[:n]) == word[:n]
}

// isEmptyLine reports whether a line is empty but for its end. Some end their
// lines in a lone line feed (RFC 9112, 2.2).
func isEmptyLine(line []byte) bool {
	return len(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))) == 0
}

// fieldLine deals with a field line, or with the empty line after the last.
func (s *splitter) fieldLine(data []byte) int {
	n, complete := s.takeLine(data)
	if !complete {
		return n
	}
	if !isEmptyLine(s.line) {
		s.head.add(string(s.give(fieldLine)))
		return n
	}
	s.give(emptyLine)
	f := s.to.headEnds(s.message, s.head)
	s.switched = s.switched || f.switches
	s.content(f)
	return n
}

// content goes on with the content of a message, whose head has come.
func (s *splitter) content(f framing) {
	switch f.by {
	case byChunks:
		s.expect(chunkSize, s.chunkSize)
	case byLength:
		s.left, s.step = f.length, s.counted
	case byClose:
		s.left, s.step = forEver, s.counted
	}
	if f.by == noContent || f.by == byLength && f.length == 0 {
		s.finish()
	}
}

// counted deals with content whose length is known.
func (s *splitter) counted(data []byte) int {
	n := int(min(int64(len(data)), s.left))
	s.left -= int64(n)
	s.to.part(s.message, content, data[:n])
	if s.left == 0 {
		s.finish()
	}
	return n
}
