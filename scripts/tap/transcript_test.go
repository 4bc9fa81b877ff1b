package tap

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unknowable are the times in a transcript.
var unknowable = regexp.MustCompile(`after \d+(\.\d)? m?s`)

// played returns the transcript of a conversation, without its times.
func played(t testing.TB, turns []string, drip bool) string {
	p := &paper{}
	terminal := newTerminal(p, func(_, text string) string { return text })
	c := patientRecord(terminal).newConversation()
	play(c, turns, drip)
	c.done("")
	terminal.close()
	<-terminal.done
	return unknowable.ReplaceAllString(p.String(), "after 1 ms")
}

// transcriptCases are conversations, and what is printed of them.
var transcriptCases = []struct {
	name  string
	turns []string
	want  string
}{
	{"values that are others each time", []string{get, ok + "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nlast-modified:Sun, 06 Nov 1994 08:49:37 GMT \r\nETag: W/\"a\\b\"\r\nAge: 7\r\nExpires: 0\r\nContent-Length: 0\r\n\r\n", "<closed"}, `
# connection 1, request 1, after 1 ms
> GET / HTTP/1.1\r\n
> Host: a\r\n
> \r\n

# connection 1, response 1, after 1 ms
< HTTP/1.1 200 OK\r\n
# Date: Sun, 06 Nov 1994 08:49:37 GMT
< Date: <IMF-fixdate>\r\n
# last-modified: Sun, 06 Nov 1994 08:49:37 GMT
< last-modified:<IMF-fixdate> \r\n
# ETag: W/"a\\b"
< ETag: <entity-tag>\r\n
# Age: 7
< Age: <1*DIGIT>\r\n
< Expires: 0\r\n
< Content-Length: 0\r\n
< \r\n

# connection 1, the server closes the connection, after 1 ms
* closed
`},
	{"an entity tag is sent back", []string{">GET / HTTP/1.1\r\nIf-None-Match: \"a\"\r\n\r\n", "<HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", ">GET / HTTP/1.1\r\nIf-None-Match: \"b\", \"a\", W/\"a\"\r\n\r\n", "<HTTP/1.1 304 Not Modified\r\n\r\n"}, `
# connection 1, request 1, after 1 ms
> GET / HTTP/1.1\r\n
> If-None-Match: "a"\r\n
> \r\n

# connection 1, response 1, after 1 ms
< HTTP/1.1 304 Not Modified\r\n
# ETag: "a"
< ETag: <entity-tag>\r\n
< \r\n

# connection 1, request 2, after 1 ms
> GET / HTTP/1.1\r\n
# If-None-Match: "b", "a", W/"a"
> If-None-Match: "b", <entity-tag>, W/"a"\r\n
> \r\n

# connection 1, response 2, after 1 ms
< HTTP/1.1 304 Not Modified\r\n
< \r\n
`},
	{"what looks like a placeholder, and like a message", []string{">GET /<entity-tag> HTTP/1.1\r\n\r\n", ok + "Content-Length: 49\r\n\r\n<IMF-fixdate>\nHTTP/1.1 200 OK\r\n...\nGET / HTTP/1.1"}, `
# connection 1, request 1, after 1 ms
> GET /\x3centity-tag> HTTP/1.1\r\n
> \r\n

# connection 1, response 1, after 1 ms
< HTTP/1.1 200 OK\r\n
< Content-Length: 49\r\n
< \r\n
< \x3cIMF-fixdate>\n
< HTTP\
< /1.1 200 OK\r\n
< ...\n
< GET\
<  / HTTP/1.1\
`},
	{"a boundary", []string{get, ok + "Content-Type: multipart/mixed; boundary=\"x y\"\r\nContent-Length: 21\r\n\r\n--x y\r\na\r\n--x y--\r\nxx"}, `
# connection 1, request 1, after 1 ms
> GET / HTTP/1.1\r\n
> Host: a\r\n
> \r\n

# connection 1, response 1, after 1 ms
< HTTP/1.1 200 OK\r\n
# Content-Type: multipart/mixed; boundary="x y"
< Content-Type: multipart/mixed; boundary="<boundary>"\r\n
< Content-Length: 21\r\n
< \r\n
< --<boundary>\r\n
< a\r\n
< --<boundary>--\r\n
< xx\
`},
	{"chunks and a half-close", []string{">PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\n\n\r\n0\r\nDate: x\r\n\r\n", ">closed", "<HTTP/1.1 204 No Content\r\n\r\n", "<closed"}, `
# connection 1, request 1, after 1 ms
> PUT / HTTP/1.1\r\n
> Transfer-Encoding: chunked\r\n
> \r\n
> 2\r\n
> ab\r\n
> 1\r\n
> \n
> \r\n
> 0\r\n
> Date: x\r\n
> \r\n

# connection 1, the client sends nothing more, after 1 ms
* half-close

# connection 1, response 1, after 1 ms
< HTTP/1.1 204 No Content\r\n
< \r\n

# connection 1, the server closes the connection, after 1 ms
* closed
`},
	{"a response that is cut short", []string{get, ok + "Content-Length: 9\r\n\r\nab", "<closed"}, `
# connection 1, request 1, after 1 ms
> GET / HTTP/1.1\r\n
> Host: a\r\n
> \r\n

# connection 1, response 1, after 1 ms
< HTTP/1.1 200 OK\r\n
< Content-Length: 9\r\n
< \r\n
< ab\

# connection 1, the server closes the connection in the middle of its response, after 1 ms
* cut
`},
	{"a reset of the client", []string{">GE", ">reset", "<reset"}, `
# connection 1, request 1, after 1 ms
> GE\

# connection 1, the client drops the connection, after 1 ms
* reset
`},
	{"a client that leaves", []string{">closed", "<a\n", ">reset"}, `
# connection 1, the client sends nothing more, after 1 ms
* half-close

# connection 1, bytes of the server that are not HTTP/1, after 1 ms
< a\n

# connection 1, the client does not read any more: it has closed the connection, after 1 ms
* leave
`},
	{"a reset of the server", []string{get, "<reset"}, `
# connection 1, request 1, after 1 ms
> GET / HTTP/1.1\r\n
> Host: a\r\n
> \r\n

# connection 1, the server drops the connection, after 1 ms
* dropped
`},
	{"bytes that a terminal would obey", []string{">\x1b[31m\a\xff\n"}, `
# connection 1, bytes of the client that are not HTTP/1, after 1 ms
> \x1b[31m\x07\xff\n
`},
}

// TestTranscript ensures how a conversation is written.
func TestTranscript(t *testing.T) {
	for _, test := range transcriptCases {
		for _, drip := range []bool{false, true} {
			assert.Equal(t, test.want, played(t, test.turns, drip), "%s, byte by byte: %v", test.name, drip)
		}
	}
}

// TestLongContent ensures that long content is left out but for its beginning,
// and that the script says so.
func TestLongContent(t *testing.T) {
	long := strings.Repeat(strings.Repeat("a", 99)+"\n", 100)
	text := played(t, []string{get, ok + "Content-Length: 10000\r\n\r\n" + long, ">PUT / HTTP/1.1\r\nContent-Length: 10000\r\n\r\n" + long}, false)
	assert.Contains(t, text, "\n# 5904 bytes of content are left out\n< ...\n\n# connection 1, request 2")
	assert.True(t, strings.HasSuffix(text, "\n# 5904 bytes of content are left out: without them, this cannot be pasted\n"))
	assert.Contains(t, text, "\n< "+strings.Repeat("a", 96)+"\\\n< aaa\\n\n")
}

// TestLongChunks ensures that a chunk is shown whole or not at all, and that what
// is left out ends with the content.
func TestLongChunks(t *testing.T) {
	chunk := "3e8\r\n" + strings.Repeat("a", 1000) + "\r\n"
	text := played(t, []string{get, ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat(chunk, 9) + "0\r\nA: b\r\n\r\n", get}, true)
	assert.Equal(t, 4, strings.Count(text, "< 3e8\\r\\n\n"))
	assert.Contains(t, text, fmt.Sprintf("aaa\\r\\n\n# %d bytes of content are left out\n< ...\n\n# connection 1, request 2", 5*len(chunk)+11))
}

// TestLongHead ensures that a long head is left out but for its beginning.
func TestLongHead(t *testing.T) {
	fields := strings.Repeat("A: "+strings.Repeat("b", 995)+"\r\n", 100)
	text := played(t, []string{">GET / HTTP/1.1\r\n" + fields + "\r\n", ok + fields + "Content-Length: 0\r\n\r\n"}, false)
	assert.Regexp(t, `\n# \d+ bytes of field lines are left out: without them, this cannot be pasted\n> \\r\\n\n`, text)
	assert.Regexp(t, `\n# \d+ bytes of field lines are left out\n< ...\n< \\r\\n\n$`, text)
	assert.Equal(t, 64, strings.Count(text, ": bbb"))
}

// TestTurns ensures that every block says of which connection it is.
func TestTurns(t *testing.T) {
	p := &paper{}
	terminal := newTerminal(p, func(code, text string) string { return code + "|" + text })
	r := patientRecord(terminal)
	one, two := r.newConversation(), r.newConversation()
	play(one, []string{">PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\na\n"}, false)
	play(two, []string{">GET / HTTP/1.1\r\n\r\n"}, false)
	play(one, []string{">b\n"}, false)
	two.done("it is over.")
	terminal.close()
	<-terminal.done
	assert.Equal(t, `
2|# connection 1, request 1, after 1 ms
36|> PUT / HTTP/1.1\r\n
36|> Content-Length: 4\r\n
36|> \r\n
36|> a\n

2|# connection 2, request 1, after 1 ms
36|> GET / HTTP/1.1\r\n
36|> \r\n

2|# connection 1, request 1, goes on, after 1 ms
36|> b\n

2|# connection 2: it is over.
`, unknowable.ReplaceAllString(p.String(), "after 1 ms"))
}

// TestUnfinishedLine ensures that what waits for the end of its line is shown
// after a while.
func TestUnfinishedLine(t *testing.T) {
	p := &paper{}
	terminal := newTerminal(p, func(_, text string) string { return text })
	defer terminal.close()
	c := newRecord(terminal).newConversation()
	defer c.done("")
	c.feed(server, []byte("who is there? "))
	eventually(t, func() bool { return strings.HasSuffix(p.String(), "\n< who is there? \\\n") }, "the line is shown without its end")
}

// stuck is a terminal that takes nothing until it is let go. What it is given, it
// tells.
type stuck struct{ given, free chan struct{} }

// Write waits.
func (s stuck) Write(data []byte) (int, error) {
	select {
	case s.given <- struct{}{}:
	case <-s.free:
	}
	<-s.free
	return len(data), nil
}

// TestStuckTerminal ensures that a terminal which stands still holds up nothing,
// and that what waits for it has a limit.
func TestStuckTerminal(t *testing.T) {
	s := stuck{make(chan struct{}), make(chan struct{})}
	terminal := newTerminal(s, func(_, text string) string { return text })
	lines := []scriptLine{{text: "# " + strings.Repeat("a", 1000)}}
	terminal.print(lines)
	<-s.given
	for range 5000 {
		terminal.print(lines)
	}
	text := terminal.take()
	require.Less(t, len(text), queueLimit+5000)
	assert.Regexp(t, `\n# \d+ lines are left out here: they came faster than they could be shown\n$`, text)
	close(s.free)
	terminal.close()
}
