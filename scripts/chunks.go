package scripts

import (
	"bytes"
	"strconv"
	"strings"
)

// Content in chunks may be cut at other places by everyone who forwards it. So
// its bytes are compared and its trailers, but not where the chunks end.

// An unchunked is a sequence of chunks, taken apart (RFC 9112, 7.1).
type unchunked struct {
	// data is what is in the chunks.
	data   []byte
	pieces []chunkPiece

	// last tells that the last chunk has come, which begins at lastAt, and done
	// that the trailer section has, which begins at trailersAt and ends at end.
	last, done              bool
	lastAt, trailersAt, end int

	// wrong is the offset of what is no chunk, -1 without.
	wrong int
}

// A chunkPiece is the data of one chunk: where it begins in all data and in the
// sequence, and where the chunk ends that has it; zero while that has not come.
type chunkPiece struct{ inData, inChunks, end int }

// unchunk takes a sequence of chunks apart, as far as it goes.
func unchunk(text []byte) *unchunked {
	u := &unchunked{wrong: -1}
	for at := 0; ; {
		head, _, found := bytes.Cut(text[at:], []byte("\r\n"))
		digits, _, _ := strings.Cut(string(head), ";")
		size, err := strconv.ParseUint(strings.TrimRight(digits, " \t"), 16, 31)
		switch {
		case err != nil && (found || len(digits) > 0 && digits != "\r"):
			if !found && strings.HasSuffix(digits, "\r") {
				return u // The rest of the line may come.
			}
			u.wrong = at
			return u
		case !found:
			return u
		case size == 0:
			u.last, u.lastAt, u.trailersAt = true, at, at+len(head)+2
			u.trailers(text)
			return u
		}
		at += len(head) + 2
		u.pieces = append(u.pieces, chunkPiece{inData: len(u.data), inChunks: at})
		data := text[at:min(len(text), at+int(size))]
		u.data = append(u.data, data...)
		at += int(size)
		switch {
		case at+2 > len(text):
			return u
		case string(text[at:at+2]) != "\r\n":
			u.wrong = at
			return u
		}
		at += 2
		u.pieces[len(u.pieces)-1].end = at
	}
}

// trailers finds the end of the trailer section: like a head, it ends in an
// empty line.
func (u *unchunked) trailers(text []byte) {
	section := text[u.trailersAt:]
	if bytes.HasPrefix(section, []byte("\r\n")) {
		u.done, u.end = true, u.trailersAt+2
	} else if n := bytes.Index(section, []byte("\r\n\r\n")); n >= 0 {
		u.done, u.end = true, u.trailersAt+n+4
	}
}

// offset returns where a byte of the data stands in the sequence.
func (u *unchunked) offset(inData int) int {
	at := 0
	for _, p := range u.pieces {
		if p.inData <= inData {
			at = p.inChunks + inData - p.inData
		}
	}
	return at
}

// endOf returns where the chunks end that have so much data, 0 where none ends
// there.
func (u *unchunked) endOf(length int) int {
	for i, p := range u.pieces {
		next := len(u.data)
		if i+1 < len(u.pieces) {
			next = u.pieces[i+1].inData
		}
		if next == length {
			return p.end
		}
	}
	return 0
}

// ends reports whether a chunk, or all of them, end where a sequence of this
// length does.
func (u *unchunked) ends(length int) bool {
	return u.done && u.end == length || !u.last && u.endOf(len(u.data)) == length
}

// inChunks compares what comes next with wanted lines that are content in
// chunks: those up to the next message, or to a "< ...".
func (m *matcher) inChunks(wanted []line) (verdict, int) {
	n := 0
	var text []byte
	want := unchunk(nil)
	for n < len(wanted) && !wanted[n].any && !(startLine.Match(wanted[n].bytes) && want.ends(len(text))) {
		text = append(text, wanted[n].bytes...)
		want = unchunk(text)
		n++
	}
	if n == 0 || want.wrong >= 0 || !want.ends(len(text)) {
		m.chunks = false // The script means these very bytes.
		return m.one(&wanted[0]), 1
	}
	return m.compareChunks(wanted[:n], want, unchunk(m.got[m.at:])), n
}

// compareChunks compares two sequences of chunks; the lines are the wanted one.
func (m *matcher) compareChunks(lines []line, want, got *unchunked) verdict {
	same := commonPrefix(want.data, got.data)
	at := lineAt(lines, want.offset(same))
	more := len(got.data) > len(want.data)
	if end := got.endOf(len(want.data)); !want.done && same == len(want.data) && end > 0 {
		m.at += end
		return verdict{}
	}
	switch {
	case same < min(len(want.data), len(got.data)), more:
		return m.wrong(m.at+got.offset(same), at, false, "The content differs from here on.")
	case got.wrong >= 0:
		return m.wrong(m.at+got.wrong, at, false, "This is no chunk, which has its size, in hexadecimal digits, and its data, and \\r\\n after each (RFC 9112, 7.1).")
	case same < len(want.data) && got.last:
		return m.wrong(m.at+got.lastAt, at, false, "The last chunk has come, but the script wants more content.")
	case same < len(want.data) || !want.done:
		return m.wrong(len(m.got), at, true, "The content ends too early.")
	case !got.done:
		return m.wrong(len(m.got), lineAt(lines, want.lastAt), true, "The content is not complete: the last chunk, 0\\r\\n, and an empty line must end it (RFC 9112, 7.1).")
	}
	return m.compareTrailers(lines, want, got)
}

// compareTrailers compares the trailer sections, to the byte.
func (m *matcher) compareTrailers(lines []line, want, got *unchunked) verdict {
	text := join(lines)
	wanted, came := text[want.trailersAt:want.end], m.got[m.at+got.trailersAt:m.at+got.end]
	if same := commonPrefix(wanted, came); same < len(wanted) {
		return m.wrong(m.at+got.trailersAt+same, lineAt(lines, want.trailersAt+same), false, "The trailer section differs from here on.")
	}
	m.at += got.end
	m.chunks = false
	return verdict{}
}

// join returns the bytes of lines.
func join(lines []line) []byte {
	var all []byte
	for _, l := range lines {
		all = append(all, l.bytes...)
	}
	return all
}

// lineAt returns the line in which a byte stands of those that lines want, or
// the last.
func lineAt(lines []line, offset int) *line {
	for i := range lines {
		if offset -= len(lines[i].bytes); offset < 0 {
			return &lines[i]
		}
	}
	return &lines[len(lines)-1]
}
