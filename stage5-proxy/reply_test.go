package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// legFrom returns a leg over which an upstream sends something, and ends it.
func legFrom(r io.Reader) *leg { return newLeg(&fakeConn{in: r}) }

// TestParseStatusLine ensures what the first line of a response says, or that it
// says nothing (RFC 9112, 4).
func TestParseStatusLine(t *testing.T) {
	tests := map[string]string{
		"HTTP/1.1 200 OK":            "HTTP/1.1|200|OK",
		"HTTP/1.0 404 Not Found":     "HTTP/1.0|404|Not Found",
		"HTTP/1.1 204":               "HTTP/1.1|204|",
		"HTTP/1.1 204 ":              "HTTP/1.1|204|",
		"HTTP/1.1 200  two  spaces ": "HTTP/1.1|200| two  spaces ",
		"HTTP/1.9 999 ä":             "HTTP/1.9|999|ä",
		"HTTP/1.1 100 Continue":      "HTTP/1.1|100|Continue",
		"":                           "",
		"HTTP/1.1":                   "",
		"HTTP/1.1 ":                  "",
		"HTTP/1.1 20":                "",
		"HTTP/1.1 2000 OK":           "",
		"HTTP/1.1 099 OK":            "",
		"HTTP/1.1 000 OK":            "",
		"HTTP/1.1 +20 OK":            "",
		"HTTP/1.1 -20 OK":            "",
		"HTTP/1.1 2x0 OK":            "",
		"HTTP/1.1 OK":                "",
		"HTTP/1.1  200 OK":           "",
		" HTTP/1.1 200 OK":           "",
		"HTTP/1.1\t200 OK":           "",
		"HTTP/2.0 200 OK":            "",
		"HTTP/2 200 OK":              "",
		"HTTP/0.9 200 OK":            "",
		"HTTP/1.10 200 OK":           "",
		"http/1.1 200 OK":            "",
		"ICY 200 OK":                 "",
		"HTTP/1.1 ２００ OK":            "",
	}
	for line, want := range tests {
		t.Run(line, func(t *testing.T) {
			head, err := parseStatusLine(line)
			if want == "" {
				assert.Error(t, err)
			} else {
				assert.NoError(t, err)
				assert.Equal(t, want, fmt.Sprintf("%s|%d|%s", head.version, head.status, head.reason))
			}
		})
	}
}

// TestReadReplyHead ensures which heads of responses are none. Each row breaks
// one rule, and would be right without that.
func TestReadReplyHead(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	fields := func(n, size int) string {
		return ok + strings.Repeat("A: "+strings.Repeat("b", size-3)+"\r\n", n) + "\r\n"
	}
	tests := map[string]struct {
		sent string
		want bool
	}{
		"a head":               {ok + "A: b\r\n\r\n", true},
		"without fields":       {ok + "\r\n", true},
		"LF alone":             {"HTTP/1.1 200 OK\nA: b\n\n", true},
		"as many as may be":    {fields(fieldsLimit, 100), true},
		"one more":             {fields(fieldsLimit+1, 100), false},
		"as long as may be":    {fields(1, fieldLimit), true},
		"one byte longer":      {fields(1, fieldLimit+1), false},
		"as much as may be":    {fields(7, fieldLimit), true},
		"too much":             {fields(9, fieldLimit), false},
		"an endless line":      {"HTTP/1.1 200 " + strings.Repeat("a", lineLimit) + "\r\n\r\n", false},
		"it ends":              {"", false},
		"in the first line":    {"HTTP/1.1 200", false},
		"after the first line": {ok, false},
		"in a field":           {ok + "A: b", false},
		"before the last line": {ok + "A: b\r\n", false},
		"an empty line first":  {"\r\n" + ok + "\r\n", false},
		"a NUL":                {ok + "A: \x00\r\n\r\n", false},
		"a CR":                 {ok + "A: b\rC: d\r\n\r\n", false},
		"a NUL in the reason":  {"HTTP/1.1 200 O\x00K\r\n\r\n", false},
		"a CR in the reason":   {"HTTP/1.1 200 O\rK\r\n\r\n", false},
		"no colon":             {ok + "A\r\n\r\n", false},
		"no name":              {ok + ": b\r\n\r\n", false},
		"a space before it":    {ok + "A : b\r\n\r\n", false},
		"folded":               {ok + "A: b\r\n c\r\n\r\n", false},
		"no token":             {ok + "A(: b\r\n\r\n", false},
		"HTML":                 {"<html>\r\n\r\n", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, cut := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.DataErrReader} {
				l := legFrom(cut(strings.NewReader(test.sent)))
				head, err := readReplyHead(l)
				assert.Equal(t, test.want, err == nil, "%v", err)
				if err == nil {
					assert.Equal(t, 200, head.status)
					assert.Zero(t, l.in.Buffered())
				} else {
					assert.NotErrorIs(t, err, io.EOF)
				}
				assert.Greater(t, l.quota.N, int64(1)<<60, "content has no such limit")
			}
		})
	}
	broken := errors.New("broken")
	_, err := readReplyHead(legFrom(io.MultiReader(strings.NewReader(ok), iotest.ErrReader(broken))))
	assert.ErrorIs(t, err, broken)
}

// TestReplyContent ensures how much content follows a head, in answer to a method,
// and where it ends (RFC 9112, 6.3).
func TestReplyContent(t *testing.T) {
	const sent = "2\r\nhi\r\n0\r\n\r\nrest"
	tests := map[string]struct {
		method, first, fields string
		length                int64
		content               string
		untilClose            bool
	}{
		"a length":                 {"GET", "HTTP/1.1 200", "Content-Length: 4", 4, "2\r\nh", false},
		"no content":               {"GET", "HTTP/1.1 200", "Content-Length: 0", 0, "", false},
		"chunks":                   {"GET", "HTTP/1.1 200", "Transfer-Encoding: Chunked", unknownLength, "hi", false},
		"neither":                  {"GET", "HTTP/1.1 200", "", unknownLength, sent, true},
		"neither, and older":       {"GET", "HTTP/1.0 500", "", unknownLength, sent, true},
		"an error":                 {"POST", "HTTP/1.1 404", "Content-Length: 2", 2, "2\r", false},
		"HEAD":                     {"HEAD", "HTTP/1.1 200", "Content-Length: 4", 4, "none", false},
		"HEAD of chunks":           {"HEAD", "HTTP/1.1 200", "Transfer-Encoding: chunked", unknownLength, "none", false},
		"HEAD of anything":         {"HEAD", "HTTP/1.1 200", "", unknownLength, "none", false},
		"204":                      {"GET", "HTTP/1.1 204", "", unknownLength, "none", false},
		"204 with a length":        {"GET", "HTTP/1.1 204", "Content-Length: 4", unknownLength, "none", false},
		"304 with a length":        {"GET", "HTTP/1.1 304", "Content-Length: 4", 4, "none", false},
		"304 with none":            {"GET", "HTTP/1.1 304", "", unknownLength, "none", false},
		"304 with chunks":          {"GET", "HTTP/1.1 304", "Transfer-Encoding: chunked", unknownLength, "none", false},
		"101":                      {"GET", "HTTP/1.1 101", "Content-Length: 4", unknownLength, "none", false},
		"205":                      {"GET", "HTTP/1.1 205", "Content-Length: 0", 0, "", false},
		"two lengths":              {"GET", "HTTP/1.1 200", "Content-Length: 4|Content-Length: 4", 0, "error", false},
		"two in a list":            {"GET", "HTTP/1.1 200", "Content-Length: 4, 4", 0, "error", false},
		"both":                     {"GET", "HTTP/1.1 200", "Content-Length: 4|Transfer-Encoding: chunked", 0, "error", false},
		"a minus sign":             {"GET", "HTTP/1.1 200", "Content-Length: -4", 0, "error", false},
		"a plus sign":              {"GET", "HTTP/1.1 200", "Content-Length: +4", 0, "error", false},
		"empty":                    {"GET", "HTTP/1.1 200", "Content-Length: ", 0, "error", false},
		"too long for a number":    {"GET", "HTTP/1.1 200", "Content-Length: 9223372036854775808", 0, "error", false},
		"another coding":           {"GET", "HTTP/1.1 200", "Transfer-Encoding: gzip", 0, "error", false},
		"another one before":       {"GET", "HTTP/1.1 200", "Transfer-Encoding: gzip, chunked", 0, "error", false},
		"another one behind":       {"GET", "HTTP/1.1 200", "Transfer-Encoding: chunked|Transfer-Encoding: identity", 0, "error", false},
		"chunked twice":            {"GET", "HTTP/1.1 200", "Transfer-Encoding: chunked, chunked", 0, "error", false},
		"an empty coding":          {"GET", "HTTP/1.1 200", "Transfer-Encoding: ", 0, "error", false},
		"chunks in HTTP/1.0":       {"GET", "HTTP/1.0 200", "Transfer-Encoding: chunked", 0, "error", false},
		"HEAD, and two lengths":    {"HEAD", "HTTP/1.1 200", "Content-Length: 4|Content-Length: 5", 0, "error", false},
		"204, and both":            {"GET", "HTTP/1.1 204", "Content-Length: 4|Transfer-Encoding: chunked", 0, "error", false},
		"304, chunks, in HTTP/1.0": {"GET", "HTTP/1.0 304", "Transfer-Encoding: chunked", 0, "error", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := legFrom(strings.NewReader(sent))
			head, err := parseStatusLine(test.first)
			require.NoError(t, err)
			head.fields = fieldsOf(test.fields)
			length, bytes, untilClose, err := head.content(l, test.method)
			if test.content == "error" {
				assert.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.length, length)
			assert.Equal(t, test.untilClose, untilClose)
			if test.content == "none" {
				assert.Nil(t, bytes)
				return
			}
			content, err := io.ReadAll(bytes)
			assert.NoError(t, err)
			assert.Equal(t, test.content, string(content))
		})
	}
}

// TestInterim ensures which responses come before the one that counts, and who
// gets them.
func TestInterim(t *testing.T) {
	const hints, go100, ok = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: x\r\nX: y\r\nContent-Length: 3\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
	tests := map[string]struct{ version, answer, want string }{
		"none":             {"HTTP/1.1", ok, "200"},
		"one":              {"HTTP/1.1", hints + ok, "103 200"},
		"several":          {"HTTP/1.1", go100 + hints + hints + ok, "100 103 103 200"},
		"an older client":  {"HTTP/1.0", go100 + hints + ok, "200"},
		"as many as may":   {"HTTP/1.1", strings.Repeat(go100, interimLimit) + ok, strings.Repeat("100 ", interimLimit) + "200"},
		"one more":         {"HTTP/1.1", strings.Repeat(go100, interimLimit+1) + ok, strings.Repeat("100 ", interimLimit+1) + "502"},
		"and nothing more": {"HTTP/1.1", go100, "100 502"},
		"and then garbage": {"HTTP/1.1", go100 + "hello\r\n\r\n", "100 502"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := converseOver(t, "GET /app "+test.version+"\r\nHost: a\r\n\r\n", test.answer)
			assert.Equal(t, test.want, statusesIn(got))
			if strings.Contains(test.want, "103") {
				assert.Contains(t, got, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
			}
		})
	}
}

// FuzzReply ensures that a response which this server takes is the same response
// for another reader, to the last byte of its content.
func FuzzReply(f *testing.F) {
	for _, fields := range []string{
		"Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n", "", "Content-Length: 0\r\n", "Content-Length: 4\nA: b\n", "Transfer-Encoding: chunked\r\nTrailer: A\r\n",
		"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "A:\tb\t\r\n", "Connection: close\r\n",
		"Transfer-Encoding: chunked,\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: ,\r\n", "Transfer-Encoding: chunked\r\nTrailer: Trailer\r\n",
	} {
		for _, method := range []bool{false, true} {
			f.Add("HTTP/1.1 200 OK\r\n"+fields+"\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\nrest", method)
		}
	}
	f.Add("HTTP/1.0 204\r\n\r\n", false)
	f.Add("HTTP/1.1 304 Not\r\nContent-Length: 5\r\n\r\n", false)
	f.Fuzz(func(t *testing.T, sent string, head bool) {
		method := map[bool]string{true: "HEAD", false: "GET"}[head]
		l := legFrom(strings.NewReader(sent))
		got, err := readReplyHead(l)
		if err != nil {
			return
		}
		length, bytes, _, err := got.content(l, method)
		if err != nil || got.status < 200 {
			return
		}
		in := bufio.NewReaderSize(strings.NewReader(sent), headLimit)
		other, err := http.ReadResponse(in, &http.Request{Method: method})
		if isStricter(got, err) {
			return
		}
		require.NoError(t, err)
		assert.Equal(t, other.StatusCode, got.status)
		for _, field := range got.fields {
			if name := http.CanonicalHeaderKey(field.Name); name != "Transfer-Encoding" && name != "Trailer" && name != "Connection" {
				assert.Contains(t, other.Header[name], field.Value)
			}
		}
		if bytes == nil {
			return
		}
		if length != unknownLength {
			assert.Equal(t, other.ContentLength, length)
		}
		content, err := io.ReadAll(bytes)
		theirs, theirErr := io.ReadAll(other.Body)
		if err == nil && (length == unknownLength || int64(len(content)) == length) {
			assert.NoError(t, theirErr)
			assert.Equal(t, string(theirs), string(content))
		}
	})
}

// isStricter tells that err is no more than the other reader's opinion. It wants
// no empty element in Transfer-Encoding, which means nothing (RFC 9110, 5.6.1),
// and reads what Trailer promises, which the proxy leaves to the last reader.
func isStricter(head replyHead, err error) bool {
	codings := values(head.fields, "Transfer-Encoding")
	empty := len(codings) > 1 || len(codings) == 1 && !strings.EqualFold(codings[0], "chunked")
	return err != nil && (empty || strings.HasPrefix(err.Error(), "bad trailer key "))
}
