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
	"request": mostly("<line><end><fields><end><content>", "<line>", "<line><end><fields>", "<junk>", "<end><line><end><end>"),
	"line":    mostly("<method><space><target><space><version>", "<method><space><target>", "<method>", "<junk><space><junk>"),
	"method":  mostly("GET", "HEAD", "POST", "OPTIONS", "get", "BREW", "G\x00T", "GET:", "<long>", ""),
	"space":   mostly(" ", "  ", "\t", "", "\r", "\v"),
	"target": mostly("/a.txt", "/", "/sub", "/..", "/%2e%2e/x", "/%", "/%00", "/%zz", "//", "*", "http://a/b", "http:///", "a:1",
		"/a#b", "/\xff", "/\x00", "/<long>", "/?<long>", `\\a\b`, ""),
	"version": mostly("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/11", "HTTP/1.", "FTP/1.1", ""),
	"end":     mostly("\r\n", "\n", "\r", "\n\r", "\r\r\n", ""),
	"fields":  mostly("<field><end>", "", "<field><end><fields>", "<field><end><field><end><fields>"),
	"field":   mostly("Host: a", "<name><colon><value>", " <value>", "<name>", "Content-Length: <number>", "Transfer-Encoding: <value>"),
	"name":    mostly("A", "A B", "A\x00", "é", "", "<long>"),
	"colon":   mostly(": ", ":", " : ", "::", ""),
	"value":   mostly("b", "", "\x00", "\x1b[2J", "\xff\xfe", "a\rb", "chunked", "<long>"),
	"number":  mostly("3", "0", "-1", "+1", "0x1", "1, 1", "99999999999999999999999", "3000000000"),
	"content": mostly("", "x", "0\r\n\r\n", "<long>", "GET / HTTP/1.1\r\n\r\n"),
	"long":    {strings.Repeat("a", 9000), strings.Repeat("%41", 3000), strings.Repeat("A: b\r\n", 300)},
	"junk":    {"good morning", "\x16\x03\x01\x02", "\x00", "HTTP/1.1 200 OK", "\xff\xff\xff\xff", "<value>"},
}

// mostly returns choices of which the first comes four times as often as all
// others together: else nearly every request would fail at its first word.
func mostly(first string, others ...string) []string {
	return append(slices.Repeat([]string{first}, 4*len(others)), others...)
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
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			s.admit(conn)
		}
	}()
	address := listener.Addr().String()
	sendAndRead(t, address, "GET / HTTP/1.1\r\n\r\n")
	goroutines, files := runtime.NumGoroutine(), openFiles()
	random := rand.New(rand.NewPCG(1, 2))
	statuses := map[string]int{}
	for range *requests {
		sent := produce(random, "request")
		answer := sendAndRead(t, address, sent)
		status, _, _ := strings.Cut(strings.TrimPrefix(answer, "HTTP/1.1 "), " ")
		assert.True(t, answer == "" && strings.Trim(sent, "\r\n") == "" || strings.HasPrefix(answer, "HTTP/1.1 "), "%q was answered by %q", sent, answer)
		statuses[status]++
	}
	t.Logf("%v", statuses)
	assert.GreaterOrEqual(t, len(statuses), 10, "the grammar does not reach enough")
	assert.Contains(t, sendAndRead(t, address, "GET /a.txt HTTP/1.1\r\n\r\n"), "\r\n\r\nhello\n")
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
