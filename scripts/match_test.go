package scripts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wantedLines parses wanted lines, which are separated by |, without their "< ".
func wantedLines(t *testing.T, script string) []line {
	t.Helper()
	lines, err := parseTranscript("talk", "< "+strings.ReplaceAll(script, "|", "\n< "))
	require.NoError(t, err)
	return lines
}

// Starts of messages, as a script wants them and as they come.
const (
	wantOK = `HTTP/1.1 200 OK\r\n|`
	gotOK  = "HTTP/1.1 200 OK\r\n"
)

// wantParts is the rest of a response that has parts.
const wantParts = `Content-Type: multipart/byteranges; boundary=<boundary>\r\n|...|\r\n|--<boundary>\r\n|\r\n|a\r\n|--<boundary>--\r\n`

// A match is a reply that a script wants.
type match struct {
	name, want, got string

	// methods are those of the requests before, separated by spaces.
	methods string

	// rest is what follows the reply and is none of it.
	rest string

	// close tells that the reply ends when the connection does.
	close bool
}

// matches are replies that the script wants, in every way they can be written.
var matches = []match{
	{name: "one line", want: `hello\n`, got: "hello\n", rest: "more"},
	{name: "bytes without a line", want: `hel\|lo\`, got: "hello", rest: "\n"},
	{name: "placeholder at the end", want: `<1*DIGIT>\`, got: "123", close: true},
	{name: "fields in order", want: wantOK + `A: 1\r\n|B: 2\r\n|\r\n`, got: gotOK + "A: 1\r\nB: 2\r\n\r\n", rest: "x"},
	{name: "fields in another order", want: wantOK + `A: 1\r\n|B: 2\r\n|\r\n`, got: gotOK + "B: 2\r\nA: 1\r\n\r\n"},
	{name: "name in another case", want: wantOK + `Content-Type: a\r\n|\r\n`, got: gotOK + "content-TYPE: a\r\n\r\n"},
	{name: "no space before the value", want: wantOK + `A: 1\r\n|\r\n`, got: gotOK + "A:1\r\n\r\n"},
	{name: "spaces around the value", want: wantOK + `A: 1\r\n|\r\n`, got: gotOK + "A: \t 1 \t\r\n\r\n"},
	{name: "empty value", want: wantOK + `A: \r\n|\r\n`, got: gotOK + "A:\r\n\r\n"},
	{name: "field twice", want: wantOK + `A: 1\r\n|A: 2\r\n|\r\n`, got: gotOK + "A: 2\r\nA: 1\r\n\r\n"},
	{name: "others allowed, none there", want: wantOK + `A: 1\r\n|...|\r\n`, got: gotOK + "A: 1\r\n\r\n"},
	{name: "others allowed, two there", want: wantOK + `...|A: 1\r\n|\r\n`, got: gotOK + "B: 2\r\nA: 1\r\nC: 3\r\n\r\n"},
	{name: "placeholder in a field", want: wantOK + `ETag: <entity-tag>\r\n|\r\n`, got: gotOK + "ETag: \"a\"\r\n\r\n"},
	{name: "boundary", want: wantOK + wantParts, got: gotOK + "Content-Length: 19\r\nContent-Type: multipart/byteranges; boundary=b1\r\n\r\n--b1\r\n\r\na\r\n--b1--\r\n", rest: "x"},
	{name: "another boundary in each response", want: wantOK + wantParts + "|" + wantOK + wantParts, methods: "GET GET",
		got: gotOK + "Content-Type: multipart/byteranges; boundary=b1\r\nContent-Length: 19\r\n\r\n--b1\r\n\r\na\r\n--b1--\r\n" +
			gotOK + "Content-Type: multipart/byteranges; boundary=--\r\nContent-Length: 19\r\n\r\n----\r\n\r\na\r\n------\r\n"},
	{name: "content", want: wantOK + `Content-Length: 3\r\n|\r\n|a\n|b\`, got: gotOK + "Content-Length: 3\r\n\r\na\nb", rest: "c"},
	{name: "any content by length", want: wantOK + `...|\r\n|...`, got: gotOK + "Content-Length: 3\r\n\r\na\nb", rest: "c"},
	{name: "any message by length", want: wantOK + `...`, got: gotOK + "Content-Length: 3\r\n\r\na\nb", rest: "c"},
	{name: "any content, empty", want: wantOK + `...`, got: gotOK + "Content-Length: 0\r\n\r\n", rest: "c"},
	{name: "any content in chunks", want: wantOK + `...`, got: gotOK + "Transfer-Encoding: chunked\r\n\r\n1;ext=1\r\na\r\n0A\r\n0123456789\r\n0\r\n\r\n", rest: "c"},
	{name: "any content in chunks, with trailers", want: wantOK + `...`, got: gotOK + "Transfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\n0\r\nA: 1\r\nB: 2\r\n\r\n", rest: "c"},
	{name: "chunks before a length", want: wantOK + `Transfer-Encoding: chunked\r\n|Content-Length: 1\r\n|...`, got: gotOK + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n"},
	{name: "any content until close", want: wantOK + `...`, got: gotOK + "\r\nabc", close: true},
	{name: "any bytes until close", want: `...`, got: "abc", close: true},
	{name: "part of the content", want: wantOK + `...|\r\n|...|b\|...`, got: gotOK + "Content-Length: 3\r\n\r\nabc", rest: "d"},
	{name: "part of the content, at its start", want: wantOK + `...|\r\n|...|a\|...`, got: gotOK + "Content-Length: 3\r\n\r\nabc", rest: "d"},
	{name: "part of the content, at its end", want: wantOK + `...|\r\n|...|c\|...`, got: gotOK + "Content-Length: 3\r\n\r\nabc", rest: "d"},
	{name: "parts of the content", want: wantOK + `...|\r\n|...|b\n|...|d\n|...`, got: gotOK + "Content-Length: 10\r\n\r\na\nb\nc\nd\ne\n"},
	{name: "HEAD", want: wantOK + `...`, got: gotOK + "Content-Length: 9\r\n\r\n", methods: "HEAD", rest: "HTTP"},
	{name: "HEAD in chunks", want: wantOK + `...`, got: gotOK + "Transfer-Encoding: chunked\r\n\r\n", methods: "HEAD"},
	{name: "HEAD, then GET", want: wantOK + `...|\r\n|` + wantOK + `...`, got: gotOK + "Content-Length: 2\r\n\r\n" + gotOK + "Content-Length: 2\r\n\r\nab", methods: "HEAD GET"},
	{name: "204", want: `HTTP/1.1 204 No Content\r\n|...`, got: "HTTP/1.1 204 No Content\r\n\r\n", rest: "x"},
	{name: "304", want: `HTTP/1.1 304 Not Modified\r\n|...`, got: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", rest: "x"},
	{name: "100 before HEAD", want: `HTTP/1.1 100 Continue\r\n|\r\n|` + wantOK + `...`, got: "HTTP/1.1 100 Continue\r\n\r\n" + gotOK + "Content-Length: 9\r\n\r\n", methods: "HEAD"},
	{name: "two responses", want: wantOK + `...|\r\n|ab\|` + wantOK + `...|\r\n|c\`, got: gotOK + "Content-Length: 2\r\n\r\nab" + gotOK + "Content-Length: 1\r\n\r\nc", rest: "d"},
	{name: "two responses with any content", want: wantOK + `...|\r\n|...|` + wantOK + `B: 1\r\n|A: 1\r\n|...`, got: gotOK + "Content-Length: 17\r\n\r\n" + gotOK + gotOK + "A: 1\r\nB: 1\r\nContent-Length: 1\r\n\r\nc"},
	{name: "a request as content", want: wantOK + `...|\r\n|GET / HTTP/1.1\r\n|B: 1\r\n|\r\n`, got: gotOK + "Content-Length: 24\r\n\r\nGET / HTTP/1.1\r\nB: 1\r\n\r\n", rest: "x"},
	{name: "request", want: `GET /a HTTP/1.1\r\n|Via: 1.1 x\r\n|...|\r\n`, got: "GET /a HTTP/1.1\r\nHost: b\r\nVia: 1.1 x\r\n\r\n", rest: "GET"},
	{name: "request with any content", want: `PUT /a HTTP/1.1\r\n|...`, got: "PUT /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", rest: "c"},
	{name: "request without content", want: `GET /a HTTP/1.1\r\n|...`, got: "GET /a HTTP/1.1\r\n\r\n", rest: "c"},
	{name: "response without a head", want: `HTTP/1.1 200 OK\r\n`, got: gotOK, rest: "A: 1"},
}

// TestMatch ensures that a reply is taken for what the script wants, however it
// is written, and that nothing behind it is touched.
func TestMatch(t *testing.T) {
	for _, test := range matches {
		m := matcher{got: []byte(test.got + test.rest), ended: test.close, methods: strings.Fields(test.methods)}
		v := m.match(wantedLines(t, test.want))
		assert.Nil(t, v.differs, test.name)
		assert.Equal(t, len(test.got), v.matched, test.name)
		assert.Empty(t, m.methods, test.name)
	}
}

// TestMatchLadder ensures, for every reply and every byte of it, that the
// matcher waits for the rest as long as it may come, blames what is missing
// when it cannot come any more, and is content with the whole.
func TestMatchLadder(t *testing.T) {
	for _, test := range matches {
		wanted := wantedLines(t, test.want)
		head := strings.LastIndex(test.got, "\r\n\r\n") + 4
		for n := range test.got {
			open := matcher{got: []byte(test.got[:n]), methods: strings.Fields(test.methods)}
			v := open.match(wanted)
			assert.True(t, v.more, "%s: the first %d bytes are not enough", test.name, n)
			require.NotNil(t, v.differs, "%s: the first %d bytes match", test.name, n)
			assert.LessOrEqual(t, v.differs.at, n, test.name)
			ended := matcher{got: []byte(test.got[:n]), ended: true, methods: strings.Fields(test.methods)}
			v = ended.match(wanted)
			assert.False(t, v.more, "%s: after the end, nothing more can come", test.name)
			if !test.close || strings.Contains(test.got, "HTTP/") && n < head {
				require.NotNil(t, v.differs, "%s: the first %d bytes match", test.name, n)
				assert.NotEmpty(t, v.differs.says, test.name)
			}
		}
		whole := matcher{got: []byte(test.got), ended: test.close, methods: strings.Fields(test.methods)}
		assert.Equal(t, verdict{matched: len(test.got)}, whole.match(wanted), test.name)
	}
}
