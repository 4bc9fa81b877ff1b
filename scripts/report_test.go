package scripts

import (
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// updateReports writes the reports anew. Read them before you keep them.
var updateReports = flag.Bool("update", false, "rewrite testdata/reports from what the harness reports now")

// soon is the patience with servers that do not do what is waited for.
const soon = 80 * time.Millisecond

// A mistake is a server that does not do what a script wants.
type mistake struct {
	// name is the mistake, and the name of the report.
	name string

	// talk is the transcript; helloTalk where it is empty.
	talk talk

	speak speaker
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

// mistakes are what beginners do.
var mistakes = []mistake{
	{"lf-only", talk{}, says(strings.ReplaceAll(helloReply, "\r\n", "\n"))},
	{"lf-in-a-field", talk{}, helloWith("close\r\n", "close\n")},
	{"no-status-line", talk{}, says("hello\n")},
	{"no-empty-line", talk{}, helloWith("\r\n\r\n", "\r\n")},
	{"no-empty-line-nor-content", talk{}, says("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")},
	{"two-empty-lines", talk{}, helloWith("\r\n\r\n", "\r\n\r\n\r\n")},
	{"space-before-a-field", talk{}, helloWith("Content-Length", " Content-Length")},
	{"space-before-the-colon", talk{}, helloWith("Length:", "Length :")},
	{"length-too-big", talk{}, helloWith("6", "7")},
	{"length-too-big-for-any", talk{text: helloAny}, helloWith("6", "7")},
	{"length-too-big-for-content", talk{text: strings.Replace(helloTalk, "Length: 6", "Length: <1*DIGIT>", 1)}, helloWith("6", "7")},
	{"length-too-big-at-the-end", talk{text: strings.NewReplacer("Length: 6", "Length: <1*DIGIT>", "* closed\n", "").Replace(helloTalk)}, helloWith("6", "7")},
	{"length-too-small", talk{}, helloWith("6", "5")},
	{"length-too-small-for-any", talk{text: helloAny}, helloWith("6", "5")},
	{"length-too-small-for-content", talk{text: strings.Replace(helloTalk, "< Content-Length: 6\\r\\n\n", "", 1)}, helloWith("6", "5")},
	{"bytes-after-the-end", talk{}, says(helloReply + "\n\n")},
	{"head-with-content", talk{text: "> HEAD /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n* closed\n"}, says(helloReply)},
	{"not-modified-with-content", talk{text: "> GET /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 304 Not Modified\\r\\n\n< ...\n* closed\n"}, helloWith("200 OK", "304 Not Modified")},
	{"content-before-the-next-reply", talk{text: "> HEAD /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n> GET /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n< \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n* closed\n"}, helloTwice},
	{"two-replies", talk{}, says(helloReply + helloReply)},
	{"wrong-status", talk{}, helloWith("200 OK", "404 Not Found")},
	{"wrong-second-reply", talk{text: strings.Replace(helloTalk, "* closed\n", "", 1) + "> HEAD /other.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 204 No Content\\r\\n\n< ...\n"}, helloTwice},
	{"closes-between", talk{text: keptTalk}, says(helloReply)},
	{"loses-a-request", talk{text: strings.Repeat(getHello, 2) + wantHello + wantHello, patience: soon}, says(helloReply).stays()},
	{"no-continue", talk{text: continueTalk, patience: soon}, silent},
	{"no-reply-after-continue", talk{text: continueTalk}, says("HTTP/1.1 100 Continue\r\n\r\n")},
	{"wrong-reason", talk{}, helloWith("200 OK", "200 Okay")},
	{"missing-field", talk{}, helloWith("Content-Length: 6\r\n", "")},
	{"wrong-value", talk{}, helloWith("; charset=utf-8", "")},
	{"unexpected-field", talk{text: strings.Replace(helloTalk, "< ...\n", "", 1)}, says(helloReply)},
	{"wrong-content", talk{}, helloWith("hello", "Hello")},
	{"content-too-short", talk{text: helloTalk}, helloWith("hello\n", "hel")},
	{"closes-at-once", talk{}, says("")},
	{"silence", talk{patience: soon}, silent},
	{"reset", talk{}, resets},
	{"one-read-for-one-request", talk{drip: true, dripPause: time.Minute}, readsOnce},
	{"answer-too-early", talk{drip: true, dripPause: time.Minute}, answersOnce},
	{"never-closes", talk{patience: soon}, says(helloReply).stays()},
	{"never-closes-without-length", talk{text: helloAny[:strings.Index(helloAny, "< Content-Type")] + "< ...\n", patience: soon}, says("HTTP/1.1 200 OK\r\n\r\nhello\n").stays()},
	{"long-line", talk{text: bytesTalk(strings.Repeat("\x00\xff\\a", 250))}, bytesReply(strings.Repeat("\x00\xff\\a", 150) + "\x00\xfe" + strings.Repeat("\\a\x00\xff", 100))},
	{"many-lines", talk{text: bytesTalk(strings.Repeat("a line of text\n", 10_000))}, bytesReply(strings.Repeat("a line of text\n", 9_990) + "a line of test\n" + strings.Repeat("a line of text\n", 9))},
	{"many-lines-from-the-first", talk{text: bytesTalk(strings.Repeat("a line of text\n", 100))}, bytesReply(strings.Repeat("a LINE of text\n", 100))},
	{"after-wide-notation", talk{text: bytesTalk("\ta\\b \u00e9\u20ac\x00 end\n")}, bytesReply("\ta\\b \u00e9\u20ac\x00 END\n")},
	{"inside-a-character", talk{text: bytesTalk("caf\u00e9\n")}, bytesReply("caf\u00e8\n")},
	{"after-the-last-line", talk{text: bytesTalk("one\ntwo\nthree\n")}, bytesReply("one\ntwo\n")},
	{"sent-back", talk{text: tagTalk + "< HTTP/1.1 304 Not Modified\\r\\n\n< ...\n"}, tags(`"abc"`)},
	{"another-boundary", talk{text: "> GET / HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 206 Partial Content\\r\\n\n< Content-Type: multipart/byteranges; boundary=<boundary>\\r\\n\n< ...\n< \\r\\n\n< --<boundary>\\r\\n\n< Content-Range: bytes 0-0/9\\r\\n\n< \\r\\n\n< a\\r\\n\n< --<boundary>--\\r\\n\n"},
		says("HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=parts\r\n\r\n--part\r\nContent-Range: bytes 0-0/9\r\n\r\na\r\n--part--\r\n")},
	{"pause-too-short", talk{text: "> GET / HTTP/1.1\\r\\n\n* pause 1s\n> \\r\\n\n< ...\n"}, impatient},
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
	for _, test := range mistakes {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.talk.text == "" {
				test.talk.text = helloTalk
			}
			test.talk.quietPause = time.Minute
			failure := test.talk.play(t, test.speak)
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

// TestReportFiles ensures that no report is left of a mistake that is gone.
func TestReportFiles(t *testing.T) {
	files, err := os.ReadDir(filepath.Join("testdata", "reports"))
	require.NoError(t, err)
	var names []string
	for _, test := range mistakes {
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
