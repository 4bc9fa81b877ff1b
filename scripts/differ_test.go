package scripts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mismatches are replies that the script does not want. In what came, ^ stands
// before the first byte that differs, and is no part of it.
var mismatches = []struct{ name, want, got, says string }{
	{"status", wantOK + `...`, "HTTP/1.1 ^404 Not Found\r\n\r\n", "The status is 404; the script wants 200."},
	{"status, one digit", wantOK + `...`, "HTTP/1.1 20^6 Partial Content\r\n\r\n", "The status is 206; the script wants 200."},
	{"reason phrase", wantOK + `...`, "HTTP/1.1 200 O^kay\r\n\r\n", "the script wants HTTP/1.1 200 OK."},
	{"version", wantOK + `...`, "HTTP/1.^0 200 OK\r\n\r\n", "the script wants HTTP/1.1 200 OK."},
	{"no status line", wantOK + `...`, "^<h1>Hello</h1>\r\n", "A response begins with its status line"},
	{"empty line first", wantOK + `...`, "^\r\nHTTP/1.1 200 OK\r\n", "A response begins with its status line"},
	{"request target", `GET /a HTTP/1.1\r\n|...`, "GET /^b HTTP/1.1\r\n\r\n", "the script wants GET /a HTTP/1.1."},
	{"bare LF in the first line", wantOK + `...`, "HTTP/1.1 200 OK^\nA: 1\n\n", `ends in \n alone`},
	{"bare LF in a field", wantOK + `...`, gotOK + "A: 1^\nB: 2\r\n\r\n", `ends in \n alone`},
	{"bare LF in the empty line", wantOK + `...`, gotOK + "A: 1\r\n^\n", `ends in \n alone`},
	{"space before a field", wantOK + `...`, gotOK + "^ A: 1\r\n\r\n", "begins with white space"},
	{"tab before a field", wantOK + `...`, gotOK + "A: 1\r\n^\tB: 2\r\n\r\n", "begins with white space"},
	{"space before the colon", wantOK + `...`, gotOK + "A^ : 1\r\n\r\n", "No white space may stand between"},
	{"space in a name", wantOK + `...`, gotOK + "^A B: 1\r\n\r\n", "This is not a field line"},
	{"no empty line before content", wantOK + `...`, gotOK + "A: 1\r\n^hello\r\n", "an empty line, \\r\\n, must stand before it"},
	{"no empty line before content with LF", wantOK + `...`, gotOK + "A: 1\r\n^hello\n", "an empty line, \\r\\n, must stand before it"},
	{"unexpected field", wantOK + `A: 1\r\n|\r\n`, gotOK + "A: 1\r\n^B: 2\r\n\r\n", "does not expect the field B here"},
	{"unexpected second field of a name", wantOK + `A: 1\r\n|\r\n`, gotOK + "A: 1\r\n^A: 1\r\n\r\n", "does not expect the field A here"},
	{"missing field", wantOK + `A: 1\r\n|B: 2\r\n|\r\n`, gotOK + "A: 1\r\n^\r\nhello", "The field B is missing from the head."},
	{"two lengths", wantOK + `Content-Length: 5\r\n|...|\r\n`, gotOK + "Content-Length: 5\r\n^content-length: 3\r\n\r\nhello", "says twice how long"},
	{"length and chunks", wantOK + `Transfer-Encoding: chunked\r\n|...|\r\n`, gotOK + "Transfer-Encoding: chunked\r\n^Content-Length: 3\r\n\r\n0\r\n\r\n", "says twice how long"},
	{"a byte 0 in a value", wantOK + `...|\r\n`, gotOK + "A: 1^\x002\r\n\r\n", "must not stand in the value"},
	{"a lone CR in a value", wantOK + `...|\r\n`, gotOK + "A: 1^\r2\r\n\r\n", "must not stand in the value"},
	{"status line within a head", wantOK + `A: 1\r\n|HTTP/1.1 200 OK\r\n|\r\n`, gotOK + "A: 1\r\n^\r\nhello", "The head before it must end first"},
	{"missing second field of a name", wantOK + `A: 1\r\n|A: 1\r\n|\r\n`, gotOK + "A: 1\r\n^\r\n", "The field A is missing from the head."},
	{"value", wantOK + `A: 123\r\n|\r\n`, gotOK + "A: 12^4\r\n\r\n", "The field A has another value"},
	{"value too short", wantOK + `A: 123\r\n|\r\n`, gotOK + "a:  12^ \r\n\r\n", "The field a has another value"},
	{"value too long", wantOK + `A: 123\r\n|\r\n`, gotOK + "A:123^4\r\n\r\n", "The field A has another value"},
	{"value empty", wantOK + `A: 123\r\n|\r\n`, gotOK + "A:^\r\n\r\n", "The field A has another value"},
	{"value like the name", wantOK + `A: B\r\n|\r\n`, gotOK + "A: ^A\r\n\r\n", "The field A has another value"},
	{"value for a placeholder", wantOK + `A: x<1*DIGIT>\r\n|\r\n`, gotOK + "A: x^y\r\n\r\n", "The field A has another value"},
	{"value in another case", wantOK + `A: close\r\n|\r\n`, gotOK + "A: ^Close\r\n\r\n", "The field A has another value"},
	{"content", wantOK + `...|\r\n|abc\n|def\n`, gotOK + "Content-Length: 8\r\n\r\nabc\nd^Ef\n", "The content differs from here on."},
	{"boundary in the content", wantOK + wantParts, gotOK + "Content-Type: multipart/byteranges; boundary=b1\r\n\r\n--b^2\r\n\r\na\r\n--b2--\r\n", "differs from here on. In this response, the boundary is b1 (RFC 2046, 5.1.1)."},
	{"boundary at the end", wantOK + wantParts, gotOK + "Content-Type: multipart/byteranges; boundary=b1\r\n\r\n--b1\r\n\r\na\r\n--b1^\r\n", "The content differs from here on."},
	{"content for a placeholder", wantOK + `...|\r\n|<1*DIGIT>\n`, gotOK + "\r\n^x\n", "The content differs from here on."},
	{"Content-Length too small", wantOK + `...|\r\n|hello\n`, gotOK + "Content-Length: 5\r\n\r\nhello^\n", "Content-Length says 5, but the content has 6 bytes."},
	{"Content-Length too big", wantOK + `...|\r\n|a\|` + wantOK + `...`, gotOK + "Content-Length: 2\r\n\r\na^" + gotOK + "\r\n", "Content-Length says 2, but the content has 1 byte."},
	{"Content-Length negative", wantOK + `...|\r\n|a\`, gotOK + "Content-Length: -9\r\n\r\n^a", "Content-Length says 0, but the content has 1 byte."},
	{"bytes", `a\n|b\n`, "a\n^c\n", "The bytes differ from here on."},
	{"second response", wantOK + `...|\r\n|HTTP/1.1 204 No Content\r\n|...`, gotOK + "Content-Length: 0\r\n\r\nHTTP/1.1 20^5 Reset Content\r\n\r\n", "The status is 205; the script wants 204."},
}

// TestMatchDiffers ensures that a reply which is wrong is known to be wrong at
// once, while the connection is open, and that the difference is its first.
func TestMatchDiffers(t *testing.T) {
	for _, test := range mismatches {
		at := strings.Index(test.got, "^")
		got := strings.Replace(test.got, "^", "", 1)
		for _, ended := range []bool{false, true} {
			m := matcher{got: []byte(got), ended: ended, methods: []string{"GET", "GET"}}
			v := m.match(wantedLines(t, test.want))
			assert.False(t, v.more, test.name)
			require.NotNil(t, v.differs, test.name)
			assert.Equal(t, at, v.differs.at, test.name)
			assert.Contains(t, v.differs.says, test.says, test.name)
		}
	}
}

// TestMatchUnfinished ensures that a reply to which something is missing is
// waited for, and what is said of it if nothing comes.
func TestMatchUnfinished(t *testing.T) {
	tests := []struct{ name, want, got, says string }{
		{"nothing", wantOK + `...`, "", "No reply came."},
		{"first line", wantOK + `...`, "HTTP/1.1 2", "The first line is not finished."},
		{"first word", wantOK + `...`, "HT", "The first line is not finished."},
		{"head", wantOK + `...`, gotOK + "A: 1\r\n", "The head is not finished: an empty line, \\r\\n, must end it."},
		{"no content", wantOK + `...|\r\n|a\n`, gotOK + "\r\n", "The head has come, but no content."},
		{"content by length", wantOK + `...|\r\n|abc\`, gotOK + "Content-Length: 3\r\n\r\na", "Content-Length says 3, but only 1 byte of content came."},
		{"any content by length", wantOK + `...`, gotOK + "Content-Length: 3\r\n\r\nab", "Content-Length says 3, but only 2 bytes of content came."},
		{"content", wantOK + `...|\r\n|abc\`, gotOK + "Content-Length: 2\r\n\r\nab", "The content ends too early."},
		{"content in chunks", wantOK + `...`, gotOK + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "The content is not complete."},
		{"content in no chunks", wantOK + `...`, gotOK + "Transfer-Encoding: chunked\r\n\r\nhello\r\n", "The content is not complete."},
		{"part of the content", wantOK + `...|\r\n|...|b\n`, gotOK + "\r\nabc\n", `What the script wants next never came: < b\n`},
		{"placeholder", `<1*DIGIT>\n`, "12", "The script wants more than came."},
	}
	for _, test := range tests {
		for _, ended := range []bool{false, true} {
			m := matcher{got: []byte(test.got), ended: ended, methods: []string{"GET"}}
			v := m.match(wantedLines(t, test.want))
			assert.Equal(t, !ended, v.more, test.name)
			require.NotNil(t, v.differs, test.name)
			assert.Equal(t, len(test.got), v.differs.at, test.name)
			assert.Equal(t, test.says, v.differs.says, test.name)
		}
	}
	open := matcher{got: []byte(gotOK + "\r\nabc")}
	v := open.match(wantedLines(t, wantOK+`...`))
	assert.True(t, v.more)
	assert.Contains(t, v.differs.says, "it lasts until the connection is closed; it was not closed")
}
