package main

import (
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// requests is how many requests TestMalice sends.
var requests = flag.Int("requests", 2000, "send so many malformed `requests` in TestMalice")

// malformed is a grammar of requests, most of which break a rule: each name
// stands for one of its choices, in which the names between angle brackets do
// the same.
var malformed = map[string][]string{
	"requests": mostly("<request>", "<request><request>", "<request><end><requests>"),
	"request": mostly("<line><end><host><fields><end>", "<line><end><host><fields><end><content>", "<line>", "<line><end><fields>", "<junk>",
		"<end><line><end><host><end>", "<line><end><host><fields>Content-Length: 3<end><end>abc", "<line><end><host>Transfer-Encoding: chunked<end><fields><end><chunks>"),
	"line":   mostly("<method><space><target><space><version>", "<method><space><target>", "<method>", "<junk><space><junk>"),
	"method": mostly("GET", "HEAD", "POST", "OPTIONS", "get", "BREW", "G\x00T", "GET:", "<long>", ""),
	"space":  mostly(" ", "  ", "\t", "", "\r", "\v"),
	"target": mostly("<there>", "/..", "/%2e%2e/x", "/%", "/%00", "/%zz", "//", "*", "http://a/b", "http:///", "a:1",
		"/a#b", "/\xff", "/\x00", "/<long>", "/?<long>", `\\a\b`, ""),
	"there":   {"/a.txt", "/", "/sub", "/page", "/b.html", "/sub/", "/page.html", "/b"},
	"version": mostly("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/11", "HTTP/1.", "FTP/1.1", ""),
	"end":     mostly("\r\n", "\n", "\r", "\n\r", "\r\r\n", ""),
	"fields":  {"<field><end>", "", "<field><end><fields>", "<field><end><field><end><fields>"},
	"host":    mostly("Host: a<end>", "", "Host: a<end>Host: a<end>", "Host: <value><end>", "hOST:[::1]:80<end>", "Host:<end>"),
	"field":   mostly("<good>", "<name><colon><value>", " <value>", "<name>"),
	"good": {"Connection: <option>", "Content-Length: <number>", "Transfer-Encoding: <coding>",
		"Range: <range>", "If-Range: <tag>", "If-None-Match: <tag>", "If-Match: <tag>", "If-Modified-Since: <date>", "If-Unmodified-Since: <date>",
		"Accept: <accept>", "Accept-Encoding: <accept>", "Expect: <expectation>"},
	"option": {"keep-alive", "close", "close, keep-alive", "upgrade", "<value>"},
	"coding": {"chunked", "gzip, chunked", "chunked, gzip", "chunked, chunked", "identity", "<value>"},
	"chunks": {"<chunk><chunk>0<end><end>", "0\r\n\r\n", "<chunk>0<end><fields><end>", "<chunk>", "<junk>", "", "3\r\nabc\r\n0\r\n\r\n"},
	"chunk": {"3<end>abc<end>", "3;a=b<end>abc<end>", "3 ;<value><end>abc<end>", "<number><end>abc<end>", "3<end>abcd<end>", "3<end>ab<end>",
		"1000000<end>", "<long><end>"},
	"range": {"bytes=0-1", "bytes=<number>-<number>", "bytes=0-0,-1", "bytes=9-", "bytes=-0", "bytes=0-,0-", "bytes=0-0,1-1,2-2,9-", "<value>", "lines=0-1"},
	"tag":   {`"x"`, "*", `W/"x", "y"`, `"x`, "<value>", "<date>", `,,"x"`},
	"date": {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Fri, 06 Nov 2093 08:49:37 GMT",
		"now", "<value>"},
	"accept": {"*/*", "text/*;q=0.5, */*;q=0", "image/png", "gzip", "gzip;q=0, *;q=0", "identity;q=0", "identity;q=0, gzip", "text/html;q=<number>",
		"application/json", `text/plain;a="b,c"`, "<value>"},
	"expectation": {"100-continue", "<value>", "100-continue, 100-continue"},
	"name":        mostly("A", "A B", "A\x00", "é", "", "<long>"),
	"colon":       mostly(": ", ":", " : ", "::", ""),
	"value":       mostly("b", "", "\x00", "\x1b[2J", "\xff\xfe", "a\rb", "chunked", "<long>"),
	"number":      {"3", "0", "1", "4", "-1", "+1", "0x1", "1, 1", "99999999999999999999999", "3000000000"},
	"content":     mostly("x", "0\r\n\r\n", "<long>", "GET / HTTP/1.1\r\n\r\n"),
	"long":        {strings.Repeat("a", 9000), strings.Repeat("%41", 3000), strings.Repeat("A: b\r\n", 300)},
	"junk":        {"good morning", "\x16\x03\x01\x02", "\x00", "HTTP/1.1 200 OK", "\xff\xff\xff\xff", "<value>"},
}

// mostly returns choices of which the first comes twelve times as often as all
// others together: else nearly every request would fail at its first word.
func mostly(first string, others ...string) []string {
	return append(slices.Repeat([]string{first}, 12*len(others)), others...)
}

// produce returns one of the requests that a name of the grammar stands for.
func produce(random *rand.Rand, name string) string {
	choice := malformed[name][random.IntN(len(malformed[name]))]
	var made strings.Builder
	for {
		before, rest, found := strings.Cut(choice, "<")
		made.WriteString(before)
		if !found {
			return made.String()
		}
		name, choice, _ = strings.Cut(rest, ">")
		made.WriteString(produce(random, name))
	}
}

// TestMalice ensures that thousands of requests of that kind do not hurt a
// server: it answers each in one of its ways, and in the end no more goroutines
// run and no more files are open than before.
func TestMalice(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer listener.Close()
	s := newServer(t)
	require.NoError(t, s.root.WriteFile("a.txt", []byte("hello\n"), 0o666))
	require.NoError(t, s.root.Mkdir("sub", 0o777))
	for _, name := range []string{"page.html", "page.json", "b.html"} {
		writeSettled(t, s, name, strings.Repeat("hello\n", 500))
	}
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			s.admit(conn)
		}
	}()
	address := listener.Addr().String()
	sendAndRead(t, address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	goroutines, files := runtime.NumGoroutine(), openFiles()
	random := rand.New(rand.NewPCG(1, 2))
	statuses := map[string]int{}
	for range *requests {
		sent := produce(random, "requests")
		answer := sendAndRead(t, address, sent)
		assert.True(t, answer == "" && strings.Trim(sent, "\r\n") == "" || strings.HasPrefix(answer, "HTTP/1.1 "), "%q was answered by %q", sent, answer)
		for _, status := range strings.Fields(statusesIn(answer)) {
			statuses[status]++
		}
	}
	t.Logf("%v", statuses)
	assert.GreaterOrEqual(t, len(statuses), 17, "the grammar does not reach enough")
	assert.Contains(t, sendAndRead(t, address, "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n"), "\r\n\r\nhello\n")
	assert.Eventually(t, func() bool {
		return s.connections.Load() == 0 && runtime.NumGoroutine() <= goroutines+1 && openFiles() <= files
	}, 20*time.Second, 10*time.Millisecond, "%d goroutines and %d files more", runtime.NumGoroutine()-goroutines, openFiles()-files)
}

// sendAndRead sends something on a new connection, says that there is no more, and
// returns what comes.
func sendAndRead(t *testing.T, address, sent string) string {
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(conn, sent)
	conn.(*net.TCPConn).CloseWrite()
	answer, err := io.ReadAll(conn)
	require.NoError(t, err, "the answer to %q was cut off", sent)
	// By a reset, the system need not remember thousands of connections.
	conn.(*net.TCPConn).SetLinger(0)
	return string(answer)
}

// openFiles returns how many files and connections this program has open, 0
// where the system does not show it.
func openFiles() int {
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}
