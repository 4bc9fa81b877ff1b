package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestContentLength ensures how much content a request says that it has, or
// what is wrong with that (RFC 9112, 6.3).
func TestContentLength(t *testing.T) {
	tests := map[string]struct {
		fields []Field
		want   int64
		status int
	}{
		"it does not say":        {nil, 0, 200},
		"none":                   {[]Field{{"Content-Length", "0"}}, 0, 200},
		"some":                   {[]Field{{"content-length", "42"}}, 42, 200},
		"zeros before":           {[]Field{{"Content-Length", "0042"}}, 42, 200},
		"the largest number":     {[]Field{{"Content-Length", "9223372036854775807"}}, 1<<63 - 1, 200},
		"one more":               {[]Field{{"Content-Length", "9223372036854775808"}}, 0, 413},
		"thirty digits":          {[]Field{{"Content-Length", "100000000000000000000000000000"}}, 0, 413},
		"twice":                  {[]Field{{"Content-Length", "1"}, {"Content-Length", "2"}}, 0, 400},
		"twice the same":         {[]Field{{"Content-Length", "1"}, {"Content-Length", "1"}}, 0, 400},
		"a list":                 {[]Field{{"Content-Length", "1, 1"}}, 0, 400},
		"negative":               {[]Field{{"Content-Length", "-1"}}, 0, 400},
		"a plus sign":            {[]Field{{"Content-Length", "+1"}}, 0, 400},
		"hexadecimal":            {[]Field{{"Content-Length", "0x10"}}, 0, 400},
		"hexadecimal, no prefix": {[]Field{{"Content-Length", "1f"}}, 0, 400},
		"a point":                {[]Field{{"Content-Length", "1.0"}}, 0, 400},
		"an underscore":          {[]Field{{"Content-Length", "1_0"}}, 0, 400},
		"a digit beyond ASCII":   {[]Field{{"Content-Length", "١"}}, 0, 400},
		"empty":                  {[]Field{{"Content-Length", ""}}, 0, 400},
		"a coding":               {[]Field{{"Transfer-Encoding", "chunked"}}, inChunks, 200},
		"a coding nobody knows":  {[]Field{{"Transfer-Encoding", "\vchunked"}}, inChunks, 400},
		"a coding and a length":  {[]Field{{"Content-Length", "3"}, {"transfer-encoding", "chunked"}}, 0, 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := contentLength(test.fields)
			assert.Equal(t, test.status, statusOf(err), "%v", err)
			assert.Equal(t, test.want, got)
		})
	}
}

// TestIsWaiting ensures who waits for a word, and what nobody can expect
// (RFC 9110, 10.1.1).
func TestIsWaiting(t *testing.T) {
	tests := map[string]struct {
		version string
		values  []string
		want    bool
		status  int
	}{
		"nothing":                  {"HTTP/1.1", nil, false, 200},
		"an empty value":           {"HTTP/1.1", []string{""}, false, 200},
		"it waits":                 {"HTTP/1.1", []string{"100-continue"}, true, 200},
		"it waits, in capitals":    {"HTTP/1.1", []string{"100-Continue"}, true, 200},
		"it waits, twice":          {"HTTP/1.1", []string{"100-continue", "100-continue"}, true, 200},
		"an older client":          {"HTTP/1.0", []string{"100-continue"}, false, 200},
		"tea":                      {"HTTP/1.1", []string{"tea"}, false, 417},
		"it waits for tea":         {"HTTP/1.1", []string{"100-continue, tea"}, false, 417},
		"it waits, in other lines": {"HTTP/1.1", []string{"tea", "100-continue"}, false, 417},
		"it waits for something":   {"HTTP/1.1", []string{"100-continue=yes"}, false, 417},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := Request{Version: test.version}
			for _, value := range test.values {
				request.Fields = append(request.Fields, Field{"Expect", value})
			}
			got, err := isWaiting(request)
			assert.Equal(t, test.status, statusOf(err), "%v", err)
			assert.Equal(t, test.want, got)
		})
	}
}

// TestDiscard ensures how much content is read and thrown away, with a length
// and in chunks, and that only what was read to its end counts as read.
func TestDiscard(t *testing.T) {
	const chunks = "Transfer-Encoding: chunked\r\n"
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n) }
	in := func(size, count int) string {
		return strings.Repeat(fmt.Sprintf("%x\r\n%s\r\n", size, strings.Repeat("a", size)), count)
	}
	tests := map[string]struct {
		field, content string
		want           int
	}{
		"a byte":                       {length(1), "a", 200},
		"as much as can be":            {length(contentLimit), strings.Repeat("a", contentLimit), 200},
		"more than that":               {length(contentLimit + 1), strings.Repeat("a", contentLimit+1), 413},
		"more than that, not sent":     {length(contentLimit + 1), "", 413},
		"less than it says":            {length(5), "abcd", 400},
		"nothing of it":                {length(5), "", 400},
		"a chunk":                      {chunks, in(1, 1) + "0\r\n\r\n", 200},
		"no chunk":                     {chunks, "0\r\n\r\n", 200},
		"as much as can be, in chunks": {chunks, in(1024, contentLimit/1024) + "0\r\n\r\n", 200},
		"in one":                       {chunks, in(contentLimit, 1) + "0\r\n\r\n", 200},
		"a byte more":                  {chunks, in(1024, contentLimit/1024) + in(1, 1) + "0\r\n\r\n", 413},
		"a byte more, in one":          {chunks, in(contentLimit+1, 1) + "0\r\n\r\n", 413},
		"without end":                  {chunks, in(1024, contentLimit/1024+1), 413},
		"hardly any, and much around":  {chunks, in(1, 300) + "0\r\n\r\n", 200},
		"too much around":              {chunks, strings.Repeat("1;"+strings.Repeat("a", 1000)+"\r\na\r\n", 2100) + "0\r\n\r\n", 413},
		"chunks without their end":     {chunks, in(1, 3), 400},
		"a chunk without its end":      {chunks, "5\r\nabc", 400},
		"chunks that are none":         {chunks, "abc\n", 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			sent := "GET / HTTP/1.1\r\nHost: a\r\n" + test.field + "\r\n" + test.content
			if test.want == 200 {
				sent += "next"
			}
			c := new(server).newConnection(&fakeConn{in: strings.NewReader(sent)})
			c.begin()
			request, err := readRequest(c)
			require.NoError(t, err)
			assert.True(t, request.Content.unread())
			err = request.Content.discard()
			assert.Equal(t, test.want, statusOf(err), "%v", err)
			assert.Equal(t, test.want != 200, request.Content.unread())
			if test.want == 200 {
				rest, _ := io.ReadAll(c.in)
				assert.Equal(t, "next", string(rest))
			}
		})
	}
}

// TestDiscardNone ensures that a request without content has nothing to read.
func TestDiscardNone(t *testing.T) {
	var content *Content
	assert.NoError(t, content.discard())
	assert.False(t, content.unread())
}

// TestCutShort ensures what the client is told of content that did not come.
func TestCutShort(t *testing.T) {
	for err, want := range map[error]int{
		nil: 200, io.ErrUnexpectedEOF: 400, os.ErrDeadlineExceeded: 408, refuse(431, "too long"): 431, errors.New("reset"): 400,
	} {
		assert.Equal(t, want, statusOf(cutShort(err)), "%v", err)
	}
}

// TestDateAfterContent ensures that an answer is not older than what it says of
// the file: its date is that of the time when the content had come, however long
// that took (RFC 9110, 8.8.2.1). The clock of the test is in the past, so the
// file is from the future, and is as old as the answer.
func TestDateAfterContent(t *testing.T) {
	s := newServer(t)
	require.NoError(t, s.root.WriteFile("a.txt", []byte("hello\n"), 0o666))
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		var server sync.WaitGroup
		server.Go(func() { s.handle(conn) })
		io.WriteString(client, "GET /a.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\n")
		time.Sleep(5 * time.Second)
		io.WriteString(client, "x")
		response, err := http.ReadResponse(bufio.NewReader(client), nil)
		require.NoError(t, err)
		assert.Equal(t, formatDate(time.Now()), response.Header.Get("Date"))
		assert.Equal(t, response.Header.Get("Date"), response.Header.Get("Last-Modified"))
		client.Close()
		server.Wait()
	})
}
