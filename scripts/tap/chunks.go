package tap

import (
	"strconv"
	"strings"
)

// chunkSize deals with the line before the data of a chunk.
func (s *splitter) chunkSize(data []byte) int {
	n, complete := s.takeLine(data)
	if !complete {
		return n
	}
	size, ok := parseChunkSize(string(s.line))
	if !ok {
		s.message.broken = "this is no size of a chunk"
		s.giveUp()
		return n
	}
	s.left, s.step = size, s.chunkData
	s.message.chunk = size
	s.give(chunkSize)
	if size == 0 {
		s.expect(trailerLine, s.trailer)
	}
	return n
}

// parseChunkSize reads the size in the line before a chunk. What may stand
// behind it are extensions (RFC 9112, 7.1.1).
func parseChunkSize(line string) (size int64, ok bool) {
	digits, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ";")
	n, err := strconv.ParseUint(strings.TrimRight(digits, " \t"), 16, 62)
	return int64(n), err == nil
}

// chunkData deals with the data of a chunk.
func (s *splitter) chunkData(data []byte) int {
	n := int(min(int64(len(data)), s.left))
	s.left -= int64(n)
	s.to.part(s.message, chunkData, data[:n])
	if s.left == 0 {
		s.expect(chunkEnd, s.chunkEnd)
	}
	return n
}

// chunkEnd deals with the end of line after the data of a chunk.
func (s *splitter) chunkEnd(data []byte) int {
	wanted := "\r\n"[len(s.line)]
	s.line = append(s.line, data[0])
	switch {
	case data[0] == '\n':
		s.give(chunkEnd)
		s.expect(chunkSize, s.chunkSize)
	case data[0] != wanted:
		s.message.broken = "an end of line is missing after the data of a chunk"
		s.giveUp()
	}
	return 1
}

// trailer deals with a field line after the last chunk, or with the empty line
// that ends it all.
func (s *splitter) trailer(data []byte) int {
	n, complete := s.takeLine(data)
	switch {
	case complete && isEmptyLine(s.line):
		s.give(trailersEnd)
		s.finish()
	case complete:
		s.give(trailerLine)
	}
	return n
}
