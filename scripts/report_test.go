package scripts

import (
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// updateReports writes the reports anew. Read them before you keep them.
var updateReports = flag.Bool("update", false, "rewrite testdata/reports from what the harness reports now")

const (
	// soon is the patience with servers that do nothing of what is waited for.
	soon = 500 * time.Millisecond

	// late is the patience with those that do something before, be it late.
	late = 5 * time.Second
)

// A mistake is a server that does not do what a script wants.
type mistake struct {
	// name is the mistake, and the name of the report.
	name string

	// talk is the transcript; helloTalk where it is empty.
	talk talk

	speak speaker

	// server is that of a transcript with an upstream.
	server forwarder
}

// play plays the transcript of a mistake.
func (m *mistake) play(t *testing.T) *failure {
	if m.server != nil {
		return m.talk.tell(t, m.server)
	}
	return m.talk.play(t, m.speak)
}

// helloAny is helloTalk where neither length nor content are known beforehand.
var helloAny = strings.NewReplacer("Length: 6", "Length: <1*DIGIT>", `< hello\n`, "< ...").Replace(helloTalk)

// keptTalk sends two requests on one connection, the second after the reply to
// the first. continueTalk waits to be told that it may send its content.
const (
	getHello     = "> GET /hello.txt HTTP/1.1\\r\\n\n> Host: localhost\\r\\n\n> \\r\\n\n"
	wantHello    = "< HTTP/1.1 200 OK\\r\\n\n< ...\n< \\r\\n\n< hello\\n\n"
	keptTalk     = getHello + wantHello + getHello + wantHello
	continueTalk = "> PUT / HTTP/1.1\\r\\n\n> Expect: 100-continue\\r\\n\n> Content-Length: 1\\r\\n\n> \\r\\n\n" +
		"< HTTP/1.1 100 Continue\\r\\n\n< \\r\\n\n> a\\\n< HTTP/1.1 200 OK\\r\\n\n< ...\n"
)

// helloWith is what helloTalk wants, with one thing changed.
func helloWith(old, new string) speaker { return says(strings.Replace(helloReply, old, new, 1)) }

// helloTwice replies to two requests.
func helloTwice(conn *net.TCPConn) {
	says(helloReply)(conn)
	says(helloReply)(conn)
}

// impatient replies to a request line, and closes with nothing left unread.
func impatient(conn *net.TCPConn) {
	io.ReadFull(conn, make([]byte, len("GET / HTTP/1.1\r\n")))
	io.WriteString(conn, "HTTP/1.1 408 Request Timeout\r\n\r\n")
}

// continues asks for the content, and closes once it has come: content that is
// left unread could make a reset of it.
func continues(conn *net.TCPConn) {
	says("HTTP/1.1 100 Continue\r\n\r\n")(conn)
	io.ReadFull(conn, make([]byte, 1))
}

// mistakes are what beginners do.
var mistakes = []mistake{
	{name: "lf-only", talk: talk{}, speak: says(strings.ReplaceAll(helloReply, "\r\n", "\n"))},
	{name: "lf-in-a-field", talk: talk{}, speak: helloWith("close\r\n", "close\n")},
	{name: "no-status-line", talk: talk{}, speak: says("hello\n")},
	{name: "no-empty-line", talk: talk{}, speak: helloWith("\r\n\r\n", "\r\n")},
	{name: "no-empty-line-nor-content", talk: talk{}, speak: says("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")},
	{name: "two-empty-lines", talk: talk{}, speak: helloWith("\r\n\r\n", "\r\n\r\n\r\n")},
	{name: "space-before-a-field", talk: talk{}, speak: helloWith("Content-Length", " Content-Length")},
	{name: "space-before-the-colon", talk: talk{}, speak: helloWith("Length:", "Length :")},
	{name: "length-too-big", talk: talk{}, speak: helloWith("6", "7")},
	{name: "length-too-big-for-any", talk: talk{text: helloAny}, speak: helloWith("6", "7")},
	{name: "length-too-big-for-content", talk: talk{text: strings.Replace(helloTalk, "Length: 6", "Length: <1*DIGIT>", 1)}, speak: helloWith("6", "7")},
	{name: "length-too-big-at-the-end", talk: talk{text: strings.NewReplacer("Length: 6", "Length: <1*DIGIT>", "* closed\n", "").Replace(helloTalk)}, speak: helloWith("6", "7")},
	{name: "length-too-small", talk: talk{}, speak: helloWith("6", "5")},
	{name: "length-too-small-for-any", talk: talk{text: helloAny}, speak: helloWith("6", "5")},
	{name: "length-too-small-for-content", talk: talk{text: strings.Replace(helloTalk, "< Content-Length: 6\\r\\n\n", "", 1)}, speak: helloWith("6", "5")},
	{name: "bytes-after-the-end", talk: talk{}, speak: says(helloReply + "\n\n")},
	{name: "head-with-content", talk: talk{text: "> HEAD /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n* closed\n"}, speak: says(helloReply)},
	{name: "not-modified-with-content", talk: talk{text: "> GET /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 304 Not Modified\\r\\n\n< ...\n* closed\n"}, speak: helloWith("200 OK", "304 Not Modified")},
	{name: "content-before-the-next-reply", talk: talk{text: "> HEAD /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n> GET /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n< \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n* closed\n"}, speak: helloTwice},
	{name: "two-replies", talk: talk{}, speak: says(helloReply + helloReply)},
	{name: "wrong-status", talk: talk{}, speak: helloWith("200 OK", "404 Not Found")},
	{name: "wrong-second-reply", talk: talk{text: strings.Replace(helloTalk, "* closed\n", "", 1) + "> HEAD /other.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 204 No Content\\r\\n\n< ...\n"}, speak: helloTwice},
	{name: "closes-between", talk: talk{text: keptTalk}, speak: says(helloReply)},
	{name: "loses-a-request", talk: talk{text: strings.Repeat(getHello, 2) + wantHello + wantHello, patience: late}, speak: says(helloReply).stays()},
	{name: "no-continue", talk: talk{text: continueTalk, patience: soon}, speak: silent},
	{name: "no-reply-after-continue", talk: talk{text: continueTalk}, speak: continues},
	{name: "wrong-reason", talk: talk{}, speak: helloWith("200 OK", "200 Okay")},
	{name: "missing-field", talk: talk{}, speak: helloWith("Content-Length: 6\r\n", "")},
	{name: "wrong-value", talk: talk{}, speak: helloWith("; charset=utf-8", "")},
	{name: "unexpected-field", talk: talk{text: strings.Replace(helloTalk, "< ...\n", "", 1)}, speak: says(helloReply)},
	{name: "wrong-content", talk: talk{}, speak: helloWith("hello", "Hello")},
	{name: "content-too-short", talk: talk{text: helloTalk}, speak: helloWith("hello\n", "hel")},
	{name: "closes-at-once", talk: talk{}, speak: says("")},
	{name: "silence", talk: talk{patience: soon}, speak: silent},
	{name: "reset", talk: talk{}, speak: resets},
	{name: "one-read-for-one-request", talk: talk{drip: true, dripPause: time.Minute}, speak: readsOnce},
	{name: "answer-too-early", talk: talk{drip: true, dripPause: time.Minute}, speak: answersOnce},
	{name: "never-closes", talk: talk{patience: late}, speak: says(helloReply).stays()},
	{name: "never-closes-without-length", talk: talk{text: helloAny[:strings.Index(helloAny, "< Content-Type")] + "< ...\n", patience: late}, speak: says("HTTP/1.1 200 OK\r\n\r\nhello\n").stays()},
	{name: "long-line", talk: talk{text: bytesTalk(strings.Repeat("\x00\xff\\a", 250))}, speak: bytesReply(strings.Repeat("\x00\xff\\a", 150) + "\x00\xfe" + strings.Repeat("\\a\x00\xff", 100))},
	{name: "many-lines", talk: talk{text: bytesTalk(strings.Repeat("a line of text\n", 10_000))}, speak: bytesReply(strings.Repeat("a line of text\n", 9_990) + "a line of test\n" + strings.Repeat("a line of text\n", 9))},
	{name: "many-lines-from-the-first", talk: talk{text: bytesTalk(strings.Repeat("a line of text\n", 100))}, speak: bytesReply(strings.Repeat("a LINE of text\n", 100))},
	{name: "after-wide-notation", talk: talk{text: bytesTalk("\ta\\b \u00e9\u20ac\x00 end\n")}, speak: bytesReply("\ta\\b \u00e9\u20ac\x00 END\n")},
	{name: "inside-a-character", talk: talk{text: bytesTalk("caf\u00e9\n")}, speak: bytesReply("caf\u00e8\n")},
	{name: "after-the-last-line", talk: talk{text: bytesTalk("one\ntwo\nthree\n")}, speak: bytesReply("one\ntwo\n")},
	{name: "sent-back", talk: talk{text: tagTalk + "< HTTP/1.1 304 Not Modified\\r\\n\n< ...\n"}, speak: tags(`"abc"`)},
	{name: "another-boundary", talk: talk{text: "> GET / HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 206 Partial Content\\r\\n\n< Content-Type: multipart/byteranges; boundary=<boundary>\\r\\n\n< ...\n< \\r\\n\n< --<boundary>\\r\\n\n< Content-Range: bytes 0-0/9\\r\\n\n< \\r\\n\n< a\\r\\n\n< --<boundary>--\\r\\n\n"},
		speak: says("HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=parts\r\n\r\n--part\r\nContent-Range: bytes 0-0/9\r\n\r\na\r\n--part--\r\n")},
	{name: "pause-too-short", talk: talk{text: "> GET / HTTP/1.1\\r\\n\n* pause 1s\n> \\r\\n\n< ...\n"}, speak: impatient},
}

// bytesTalk is a transcript that wants this content.
func bytesTalk(content string) string {
	lines, _, _ := encode([]byte(content), -1)
	return "> GET / HTTP/1.0\\r\\n\n> \\r\\n\n< HTTP/1.0 200 OK\\r\\n\n< \\r\\n\n< " + strings.Join(lines, "\n< ") + "\n* closed\n"
}

// bytesReply is the speaker that sends this content.
func bytesReply(content string) speaker { return says("HTTP/1.0 200 OK\r\n\r\n" + content) }

// TestReports ensures, for every mistake, the report to the byte. Each report
// has been read: its caret stands under the first byte that differs, and its
// sentence says what is there.
func TestReports(t *testing.T) {
	all := slices.Concat(mistakes, forwardingMistakes)
	failures := playAtOnce(t, all)
	for i, test := range all {
		t.Run(test.name, func(t *testing.T) {
			failure := <-failures[i]
			require.NotNil(t, failure, "the mistake was not noticed")
			got := failure.report() + "\n"
			file := filepath.Join("testdata", "reports", test.name+".txt")
			if *updateReports {
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
				require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
}

// playAtOnce plays all mistakes, and returns where the failure of each will be.
// Many of them wait for seconds, and so they do that together.
func playAtOnce(t *testing.T, all []mistake) []chan *failure {
	failures := make([]chan *failure, len(all))
	for i, test := range all {
		failures[i] = make(chan *failure, 1)
		if test.talk.text == "" {
			test.talk.text = helloTalk
		}
		go func() {
			defer close(failures[i])
			failures[i] <- test.play(t)
		}()
	}
	return failures
}

// TestReportFiles ensures that no report is left of a mistake that is gone.
func TestReportFiles(t *testing.T) {
	files, err := os.ReadDir(filepath.Join("testdata", "reports"))
	require.NoError(t, err)
	var names []string
	for _, test := range slices.Concat(mistakes, forwardingMistakes) {
		names = append(names, test.name+".txt")
	}
	for _, file := range files {
		assert.Contains(t, names, file.Name())
	}
}

// TestHelloTalk ensures that the server without a mistake is found to have none.
func TestHelloTalk(t *testing.T) {
	for _, drip := range []bool{false, true} {
		for _, text := range []string{helloTalk, helloAny} {
			failure := (&talk{text: text, drip: drip}).play(t, says(helloReply))
			assert.Nil(t, failure)
		}
	}
}
