package main

import (
	"errors"
	"net"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// read returns what readRequest makes of a client that sends something and
// leaves.
func read(sent string) (Request, error) { return readBytes([]byte(sent)) }

// readBytes is read for bytes, of which it makes no copy.
func readBytes(sent []byte) (Request, error) {
	client, conn := net.Pipe()
	defer conn.Close()
	go func() {
		client.Write(sent)
		client.Close()
	}()
	s := new(server)
	c := s.newConnection(conn)
	defer s.buffers.Put(c.buffers)
	c.begin()
	return readRequest(c)
}

// statusOf returns the status code of an error: 200 for none, and 0 for one that
// has no status code.
func statusOf(err error) int {
	if err == nil {
		return 200
	}
	if refused, ok := err.(*statusError); ok {
		return refused.status
	}
	return 0
}

// TestReadRequest ensures the first way in which reading ends: a request.
func TestReadRequest(t *testing.T) {
	request := func(method, target, version string, fields ...Field) Request {
		return Request{Method: method, Target: target, Version: version, Fields: fields}
	}
	host := Field{"Host", "localhost"}
	long := strings.Repeat("a", targetLimit-1)
	tests := map[string]struct {
		sent string
		want Request
	}{
		"whole":                  {"GET /a?b HTTP/1.1\r\nHost: localhost\r\n\r\n", request("GET", "/a?b", "HTTP/1.1", host)},
		"no fields":              {"GET /a?b HTTP/1.0\r\n\r\n", request("GET", "/a?b", "HTTP/1.0")},
		"lone LF":                {"GET /a?b HTTP/1.1\nHost: localhost\n\n", request("GET", "/a?b", "HTTP/1.1", host)},
		"an empty line first":    {"\r\nGET / HTTP/1.0\r\n\r\n", request("GET", "/", "HTTP/1.0")},
		"a newer version":        {"GET / HTTP/1.9\r\nHost: localhost\r\n\r\n", request("GET", "/", "HTTP/1.9", host)},
		"no content":             {"PUT / HTTP/1.0\r\nContent-Length: 0\r\n\r\n", request("PUT", "/", "HTTP/1.0", Field{"Content-Length", "0"})},
		"a method nobody knows":  {"BREW / HTTP/1.0\r\n\r\n", request("BREW", "/", "HTTP/1.0")},
		"the longest target":     {"GET /" + long + " HTTP/1.0\r\n\r\n", request("GET", "/"+long, "HTTP/1.0")},
		"absolute-form":          {"GET http://a/b HTTP/1.0\r\n\r\n", request("GET", "http://a/b", "HTTP/1.0")},
		"asterisk-form":          {"OPTIONS * HTTP/1.0\r\n\r\n", request("OPTIONS", "*", "HTTP/1.0")},
		"what browsers send raw": {"GET /a|b?c=[d]^{e} HTTP/1.0\r\n\r\n", request("GET", "/a|b?c=[d]^{e}", "HTTP/1.0")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(test.sent)
			assert.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

// lengthOf returns the length of content, 0 where there is none.
func lengthOf(content *Content) int64 {
	if content == nil {
		return 0
	}
	return content.length
}

// TestReadRequestContent ensures how much content belongs to a request, and
// whether the client waits for a word before it sends it.
func TestReadRequestContent(t *testing.T) {
	const wait = "Expect: 100-continue\r\n"
	tests := map[string]struct {
		head   string
		want   int64
		waited bool
	}{
		"with a length":                {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n", 3, false},
		"in chunks":                    {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n", inChunks, false},
		"in Chunks, as others say":     {"PUT / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: , Chunked\r\n", inChunks, false},
		"a length, and it waits":       {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n" + wait, 3, true},
		"chunks, and it waits":         {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + wait, inChunks, true},
		"an older client cannot wait":  {"PUT / HTTP/1.0\r\nContent-Length: 3\r\n" + wait, 3, false},
		"it waits, and has no content": {"PUT / HTTP/1.1\r\nHost: a\r\n" + wait, 0, false},
		"an expectation in capitals":   {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n", 3, true},
		"an empty expectation":         {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect:\r\n", 3, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(test.head + "\r\n")
			assert.NoError(t, err)
			assert.Equal(t, test.want, lengthOf(got.Content))
			assert.Equal(t, test.waited, got.Content != nil && got.Content.waited)
		})
	}
}

// TestReadRequestRefused ensures the second: a status code. Each row breaks one
// rule of RFC 9112, whose section is in its name, or of RFC 9110.
func TestReadRequestRefused(t *testing.T) {
	fields := func(n int) string { return strings.Repeat("A: b\r\n", n) }
	tests := map[string]struct {
		sent string
		want int
	}{
		"2.2 a CR inside a line":             {"GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n", 400},
		"2.2 a CR too many":                  {"GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", 400},
		"2.2 two empty lines first":          {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"2.2 a space before the fields":      {"GET / HTTP/1.1\r\n A: b\r\nHost: a\r\n\r\n", 400},
		"2.2 no UTF-8, and no request":       {"\xff\xfe\r\nHost: a\r\n\r\n", 400},
		"2.3 lower-case name of the version": {"GET / http/1.1\r\nHost: a\r\n\r\n", 400},
		"2.3 two digits in the version":      {"GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
		"2.3 no minor number":                {"GET / HTTP/1\r\nHost: a\r\n\r\n", 400},
		"2.3 no number":                      {"GET / HTTP/1.x\r\nHost: a\r\n\r\n", 400},
		"2.3 no dot":                         {"GET / HTTP/1:1\r\nHost: a\r\n\r\n", 400},
		"2.3 another protocol":               {"GET / FTP/1.1\r\nHost: a\r\n\r\n", 400},
		"2.3 version 0.9":                    {"GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
		"2.3 version 2.0":                    {"PRI * HTTP/2.0\r\nHost: a\r\n\r\n", 505},
		"3 no version":                       {"GET /\r\nHost: a\r\n\r\n", 400},
		"3 only a method":                    {"GET\r\nHost: a\r\n\r\n", 400},
		"3 a space first":                    {" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"3 two spaces":                       {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"3 a space too many":                 {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
		"3 tabs":                             {"GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"3 words":                            {"good morning to you\r\nHost: a\r\n\r\n", 400},
		"3 a response":                       {"HTTP/1.1 200 OK\r\nHost: a\r\n\r\n", 400},
		"3 the greeting of TLS":              {"\x16\x03\x01\x02\x00\x01\n\n", 400},
		"3 a method longer than any":         {strings.Repeat("A", lineLimit) + " / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
		"3 a target that is too long":        {"GET /" + strings.Repeat("a", targetLimit) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
		"3 a target that never ends":         {"GET /" + strings.Repeat("a", 2*headLimit), 414},
		"3.1 a method that is no token":      {"GE(T) / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"3.2 a space in the target":          {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"3.2 a NUL in the target":            {"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"3.2 a fragment":                     {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"3.2 a letter that is not ASCII":     {"GET /ü HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"5 no colon":                         {"GET / HTTP/1.1\r\nHost: a\r\nA b\r\n\r\n", 400},
		"5 no name":                          {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400},
		"5 a name that is no token":          {"GET / HTTP/1.1\r\nHost: a\r\nA@: b\r\n\r\n", 400},
		"5.1 a space before the colon":       {"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", 400},
		"5.1 a tab before the colon":         {"GET / HTTP/1.1\r\nHost: a\r\nA\t: b\r\n\r\n", 400},
		"5.2 a line folded":                  {"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", 400},
		"9110 5.5 a NUL in a value":          {"GET / HTTP/1.1\r\nHost: a\r\nA: b\x00c\r\n\r\n", 400},
		"9110 5.5 ESC in a value":            {"GET / HTTP/1.1\r\nHost: a\r\nA: \x1b[2J\r\n\r\n", 400},
		"9110 5.5 DEL in a value":            {"GET / HTTP/1.1\r\nHost: a\r\nA: \x7f\r\n\r\n", 400},
		"9110 5.4 fields, one too many":      {"GET / HTTP/1.1\r\nHost: a\r\n" + fields(fieldsLimit) + "\r\n", 431},
		"9110 5.4 fields that never end":     {"GET / HTTP/1.1\r\nHost: a\r\n" + fields(headLimit), 431},
		"9110 5.4 a field line too long":     {"GET / HTTP/1.1\r\nHost: a\r\nA: " + strings.Repeat("b", fieldLimit-2) + "\r\n\r\n", 431},
		"9110 5.4 a field line without end":  {"GET / HTTP/1.1\r\nHost: a\r\nA: " + strings.Repeat("b", 2*headLimit), 431},
		"9110 5.4 a head too long":           {"GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: "+strings.Repeat("b", fieldLimit-3)+"\r\n", 8) + "\r\n", 431},
		"6.1 another coding first":           {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
		"6.1 a coding, and no end":           {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
		"6.1 a coding in HTTP/1.0":           {"GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
		"6.3 a coding and a length":          {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
		"3.2 no host":                        {"GET / HTTP/1.1\r\n\r\n", 400},
		"3.2 no host, in a newer version":    {"GET / HTTP/1.9\r\n\r\n", 400},
		"3.2 two hosts":                      {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
		"3.2 a host that is none":            {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		"9110 10.1.1 an expectation":         {"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417},
		"6.3 a length that is no number":     {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: three\r\n\r\n", 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := read(test.sent)
			assert.Equal(t, test.want, statusOf(err), "%v", err)
		})
	}
}

// TestReadRequestInterrupted ensures what it means when a client stops: one
// request, cut shorter token by token. Only who has said nothing at all is
// waited for no longer without an answer.
func TestReadRequestInterrupted(t *testing.T) {
	const whole = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	_, err := read(whole)
	require.NoError(t, err)
	for n := len(whole) - 1; n > 0; n-- {
		t.Run(strconv.Quote(whole[:n]), func(t *testing.T) {
			_, err := read(whole[:n])
			assert.Equal(t, 400, statusOf(err), "%v", err)
		})
	}
	for _, nothing := range []string{"", "\r\n", "\n"} {
		_, err = read(nothing)
		assert.ErrorIs(t, err, errGone)
	}
}

// TestReadRequestUnderstood ensures that what could be understood of a request
// is known for the log, and for the answer to HEAD.
func TestReadRequestUnderstood(t *testing.T) {
	for _, sent := range []string{"HEAD /a HTTP/2.0\r\n\r\n", "HEAD /a HTTP/1.1\r\nA : b\r\n\r\n", "HEAD /a HTTP/1.1\r\nA", "HEAD /a HTTP/1.1\r\n\r\n"} {
		got, err := read(sent)
		assert.Error(t, err)
		assert.Equal(t, "HEAD", got.Method)
		assert.Equal(t, "/a", got.Target)
	}
	got, err := read("HEAD /" + strings.Repeat("a", 2*targetLimit))
	assert.Error(t, err)
	assert.Equal(t, "HEAD", got.Method)
}

// TestReadRequestMemory ensures that a head takes no more memory than the
// limits allow, however much is sent.
func TestReadRequestMemory(t *testing.T) {
	endless := map[string]string{
		"one line":     strings.Repeat("a", 1<<20),
		"one field":    "GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 1<<20),
		"many fields":  "GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 1<<18),
		"large fields": "GET / HTTP/1.1\r\n" + strings.Repeat("A: "+strings.Repeat("b", fieldLimit-3)+"\r\n", 100),
	}
	for name, sent := range endless {
		t.Run(name, func(t *testing.T) {
			const times = 50
			bytes := []byte(sent)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range times {
				readBytes(bytes)
			}
			runtime.ReadMemStats(&after)
			assert.Less(t, (after.TotalAlloc-before.TotalAlloc)/times, uint64(3*headLimit))
		})
	}
}

// FuzzReadRequest ensures that whatever is sent, reading ends in one of the
// three ways, and that a request, written and read again, is the same.
func FuzzReadRequest(f *testing.F) {
	for _, sent := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\r\n\r\n", "\n\n", "a b HTTP/\n\n", "GET / HTTP/1.1\r\n", "\r\n* * HTTP/1.0\n\n",
		"PUT /a%20b?c HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n", "GET http://a HTTP/1.0\r\nA:\t b \r\n\r\n",
		"GET / HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n0\r\n\r\n",
		"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\ncontent-length: 1\r\n\r\n", "GET / HTTP/2.0\r\nA : b\r\n c\r\n\r\n",
	} {
		f.Add(sent)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		request, err := read(sent)
		if err != nil {
			assert.True(t, statusOf(err) >= 400 || errors.Is(err, errGone), "%v", err)
			return
		}
		// In the shortest form, so that it cannot come to be over a limit.
		written := request.Method + " " + request.Target + " " + request.Version + "\n"
		for _, field := range request.Fields {
			written += field.Name + ":" + field.Value + "\n"
		}
		again, err := read(written + "\n")
		assert.NoError(t, err)
		assert.Equal(t, lengthOf(request.Content), lengthOf(again.Content))
		request.Content, again.Content = nil, nil
		assert.Equal(t, request, again)
	})
}
