package tap

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// kindNames are short names of the kinds, for tables.
var kindNames = map[kind]string{
	startLine: "start", fieldLine: "field", emptyLine: "empty", content: "content", chunkSize: "size", chunkData: "data",
	chunkEnd: "end", trailerLine: "trailer", trailersEnd: "last", blank: "blank", other: "other",
}

// patientRecord returns a record in which a line waits for its end however long the
// test stands still.
func patientRecord(t *terminal) *record {
	r := newRecord(t)
	r.patience = time.Hour
	return r
}

// silentRecord returns a record whose terminal shows nothing, for the length of a
// test.
func silentRecord(t testing.TB) *record {
	terminal := newTerminal(io.Discard, func(_, text string) string { return text })
	t.Cleanup(terminal.close)
	return patientRecord(terminal)
}

// play lets the sides of a conversation speak. Each turn begins with the sign of
// a side, or is "closed" or "reset" behind it.
func play(c *conversation, turns []string, drip bool) {
	for _, turn := range turns {
		s, says := side(turn[0]), turn[1:]
		switch {
		case says == "closed":
			c.ends(s, closed)
		case says == "reset":
			c.ends(s, reset)
		case drip:
			for i := range len(says) {
				c.feed(s, []byte(says[i:i+1]))
			}
		default:
			c.feed(s, []byte(says))
		}
	}
}

// summary returns what a record has of its exchanges, a line for each piece.
func summary(r *record) string {
	var out strings.Builder
	for _, e := range r.exchanges {
		for _, m := range e.messages {
			for _, p := range m.pieces {
				fmt.Fprintf(&out, "%d%c %s %q\n", e.number, m.side, kindNames[p.kind], p.data)
			}
			if !m.ended.IsZero() {
				fmt.Fprintf(&out, "%d%c .\n", e.number, m.side)
			}
		}
	}
	return out.String()
}

// get is a request, and ok the head of a response up to its fields.
const (
	get = ">GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	ok  = "<HTTP/1.1 200 OK\r\n"
)

// got is what a splitter finds in get.
const got = "1> start \"GET / HTTP/1.1\\r\\n\"\n1> field \"Host: a\\r\\n\"\n1> empty \"\\r\\n\"\n1> .\n"

// splitCases are conversations, and the pieces that are in them.
var splitCases = []struct {
	name  string
	turns []string
	want  string
}{
	{"content of a known length", []string{get, ok + "Content-Length: 3\r\n\r\nhi\nHTTP/1.1 200 OK\r\n"},
		got + `1< start "HTTP/1.1 200 OK\r\n"
1< field "Content-Length: 3\r\n"
1< empty "\r\n"
1< content "hi\n"
1< .
1< start "HTTP/1.1 200 OK\r\n"
`},
	{"no content", []string{get, ok + "content-length:0\r\n\r\n"}, got + `1< start "HTTP/1.1 200 OK\r\n"
1< field "content-length:0\r\n"
1< empty "\r\n"
1< .
`},
	{"pipelining", []string{">GET /a HTTP/1.1\r\n\r\nHEAD /b HTTP/1.1\r\n\r\n", ok + "Content-Length: 1\r\n\r\na" + ok[1:] + "Content-Length: 1\r\n\r\n"},
		`1> start "GET /a HTTP/1.1\r\n"
1> empty "\r\n"
1> .
1< start "HTTP/1.1 200 OK\r\n"
1< field "Content-Length: 1\r\n"
1< empty "\r\n"
1< content "a"
1< .
2> start "HEAD /b HTTP/1.1\r\n"
2> empty "\r\n"
2> .
2< start "HTTP/1.1 200 OK\r\n"
2< field "Content-Length: 1\r\n"
2< empty "\r\n"
2< .
`},
	{"204", []string{get, "<HTTP/1.1 204 No Content\r\n\r\n"}, got + "1< start \"HTTP/1.1 204 No Content\\r\\n\"\n1< empty \"\\r\\n\"\n1< .\n"},
	{"304", []string{get, "<HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"},
		got + "1< start \"HTTP/1.1 304 Not Modified\\r\\n\"\n1< field \"Content-Length: 5\\r\\n\"\n1< empty \"\\r\\n\"\n1< .\n"},
	{"interim responses", []string{">PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\n", "<HTTP/1.1 100 Continue\r\n\r\n", ">ab", "<HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 \r\n\r\n"},
		`1> start "PUT / HTTP/1.1\r\n"
1> field "Content-Length: 2\r\n"
1> empty "\r\n"
1> content "ab"
1> .
1< start "HTTP/1.1 100 Continue\r\n"
1< empty "\r\n"
1< .
1< start "HTTP/1.1 103 Early Hints\r\n"
1< empty "\r\n"
1< .
1< start "HTTP/1.1 204 \r\n"
1< empty "\r\n"
1< .
`},
	{"interim responses, pipelined", []string{">GET /a HTTP/1.1\r\n\r\nHEAD /b HTTP/1.1\r\n\r\n", "<HTTP/1.1 102 Processing\r\n\r\n" + ok[1:] + "Content-Length: 1\r\n\r\na"},
		`1> start "GET /a HTTP/1.1\r\n"
1> empty "\r\n"
1> .
1< start "HTTP/1.1 102 Processing\r\n"
1< empty "\r\n"
1< .
1< start "HTTP/1.1 200 OK\r\n"
1< field "Content-Length: 1\r\n"
1< empty "\r\n"
1< content "a"
1< .
2> start "HEAD /b HTTP/1.1\r\n"
2> empty "\r\n"
2> .
`},
	{"chunks", []string{get, ok + "Transfer-Encoding: gzip, Chunked\r\n\r\n5;a=\"b\"\r\nhe\r\nl\r\n0\r\nA: b\r\n\r\nmore"}, got + `1< start "HTTP/1.1 200 OK\r\n"
1< field "Transfer-Encoding: gzip, Chunked\r\n"
1< empty "\r\n"
1< size "5;a=\"b\"\r\n"
1< data "he\r\nl"
1< end "\r\n"
1< size "0\r\n"
1< trailer "A: b\r\n"
1< last "\r\n"
1< .
1< other "more"
`},
	{"no chunks", []string{get, ok + "Transfer-Encoding: chunked\r\n\r\nhello\r\n"}, got + `1< start "HTTP/1.1 200 OK\r\n"
1< field "Transfer-Encoding: chunked\r\n"
1< empty "\r\n"
1< other "hello\r\n"
`},
	{"a chunk that is longer than it says", []string{get, ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}, got + `1< start "HTTP/1.1 200 OK\r\n"
1< field "Transfer-Encoding: chunked\r\n"
1< empty "\r\n"
1< size "1\r\n"
1< data "a"
1< other "b\r\n"
`},
	{"until the server closes", []string{get, ok + "\r\nall\nof it", "<closed"}, got + `1< start "HTTP/1.1 200 OK\r\n"
1< empty "\r\n"
1< content "all\nof it"
1< .
`},
	{"two lengths", []string{">PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}, `1> start "PUT / HTTP/1.1\r\n"
1> field "Content-Length: 1\r\n"
1> field "Content-Length: 2\r\n"
1> empty "\r\n"
1> content "ab"
`},
	{"both framings", []string{">PUT / HTTP/1.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n"}, `1> start "PUT / HTTP/1.1\r\n"
1> field "Content-Length: 9\r\n"
1> field "Transfer-Encoding: chunked\r\n"
1> empty "\r\n"
1> size "0\r\n"
1> last "\r\n"
1> .
2> start "GET / HTTP/1.1\r\n"
`},
	{"line feeds alone, and an empty line before", []string{">\r\nGET / HTTP/1.0\nA: b\n\n"}, `1> blank "\r\n"
1> start "GET / HTTP/1.0\n"
1> field "A: b\n"
1> empty "\n"
1> .
`},
	{"an upgrade", []string{">GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n", "<HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200", ">GET / HTTP/1.1\r\n", "<ok"}, `1> start "GET / HTTP/1.1\r\n"
1> field "Upgrade: x\r\n"
1> empty "\r\n"
1> .
1< start "HTTP/1.1 101 Switching Protocols\r\n"
1< empty "\r\n"
1< .
1< other "HTTP/1.1 200"
1< .
1> other "GET / HTTP/1.1\r\n"
1> .
1< other "ok"
`},
	{"a tunnel", []string{">CONNECT a:1 HTTP/1.1\r\n\r\n", "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", ">\x16\x03", "<\x16"}, `1> start "CONNECT a:1 HTTP/1.1\r\n"
1> empty "\r\n"
1> .
1< start "HTTP/1.1 200 OK\r\n"
1< field "Content-Length: 5\r\n"
1< empty "\r\n"
1< .
1> other "\x16\x03"
1> .
1< other "\x16"
`},
	{"TLS", []string{">\x16\x03\x01\n\x02", "<\x16\x03", ">\x17"}, `1> other "\x16\x03\x01\n\x02"
1> .
1< other "\x16\x03"
1< .
1> other "\x17"
`},
	{"nonsense, answered", []string{">hello\r\n", "<HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "<closed"}, `1> other "hello\r\n"
1> .
1< start "HTTP/1.1 400 Bad Request\r\n"
1< field "Content-Length: 0\r\n"
1< empty "\r\n"
1< .
`},
	{"a server of another kind", []string{"<SSH-2.0\r\n", ">GET / HTTP/1.1\r\n\r\n"}, `1< other "SSH-2.0\r\n"
1< .
2> start "GET / HTTP/1.1\r\n"
2> empty "\r\n"
2> .
`},
	{"half a request", []string{">GET / HT", "<HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", ">TP/1.1\r\nHost: a\r\n", "<closed"}, `1> start "GET / HTTP/1.1\r\n"
1> field "Host: a\r\n"
1< start "HTTP/1.1 408 Request Timeout\r\n"
1< field "Content-Length: 0\r\n"
1< empty "\r\n"
1< .
`},
}

// TestSplit ensures what pieces a conversation has, whether its bytes come at
// once or one at a time.
func TestSplit(t *testing.T) {
	for _, test := range splitCases {
		for _, drip := range []bool{false, true} {
			r := silentRecord(t)
			play(r.newConversation(), test.turns, drip)
			assert.Equal(t, test.want, summary(r), "%s, byte by byte: %v", test.name, drip)
		}
	}
}

// TestSplitEveryCut ensures that it does not matter where the bytes are cut.
func TestSplitEveryCut(t *testing.T) {
	for _, test := range splitCases {
		for i, turn := range test.turns {
			for at := 2; at < len(turn) && turn[1:] != "closed"; at++ {
				turns := append(append([]string{}, test.turns[:i]...), turn[:at], turn[:1]+turn[at:])
				r := silentRecord(t)
				play(r.newConversation(), append(turns, test.turns[i+1:]...), false)
				assert.Equal(t, test.want, summary(r), "%s, cut at %d of %q", test.name, at, turn)
			}
		}
	}
}

// TestSplitLongLine ensures that a line which never ends is not kept.
func TestSplitLongLine(t *testing.T) {
	r := silentRecord(t)
	c := r.newConversation()
	play(c, []string{">GET /"}, false)
	for range 1000 {
		c.feed(client, []byte(strings.Repeat("a", 1000)))
	}
	m := r.exchanges[0].request
	assert.True(t, m.isOther)
	assert.EqualValues(t, 1_000_005, m.head+m.content)
	assert.Less(t, cap(c.fromClient.line), 4*lineLimit)
	assert.EqualValues(t, m.head+m.content-m.left, len(m.pieces[0].data))
}
