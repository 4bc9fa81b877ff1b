package main

import (
	"bufio"
	"bytes"
	"io"
	"log"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// logged returns what is printed to the log while something is done.
func logged(t *testing.T, do func()) string {
	var printed bytes.Buffer
	log.SetOutput(&printed)
	defer log.SetOutput(os.Stderr)
	do()
	return printed.String()
}

// TestScriptResponse ensures what a script wants to say with its head (RFC 3875,
// 6).
func TestScriptResponse(t *testing.T) {
	tests := map[string]struct {
		method, sent string
		status       int
		reason       string
		header       string
		length       int64
		content      string
	}{
		"a type":               {"GET", "Content-Type: a/b\n\nhello", 200, "", "Content-Type: a/b", unknownLength, "hello"},
		"ends of lines":        {"GET", "Content-Type: a/b\r\n\r\nhello\r\n", 200, "", "Content-Type: a/b", unknownLength, "hello\r\n"},
		"a status":             {"GET", "Status: 404 Not Here\n\nhello", 404, "Not Here", "", unknownLength, "hello"},
		"a code alone":         {"GET", "status: 404\nA: b\n\n", 404, "", "A: b", unknownLength, ""},
		"another place":        {"GET", "Location: http://a/b\n\n", 302, "Found", "Location: http://a/b", unknownLength, ""},
		"a place in two parts": {"GET", "Location: //a/b\n\n", 302, "Found", "Location: //a/b", unknownLength, ""},
		"a status and a place": {"GET", "Status: 303 See\nLocation: /b\n\n", 303, "See", "Location: /b", unknownLength, ""},
		"a length":             {"GET", "Content-Type: a/b\nContent-Length: 3\n\nhello", 200, "", "Content-Type: a/b", 3, "hel"},
		"no content":           {"GET", "Status: 204 Nothing\nContent-Length: 3\n\n", 204, "Nothing", "", unknownLength, "none"},
		"not modified":         {"GET", "Status: 304 Same\nContent-Length: 3\n\n", 304, "Same", "", 3, "none"},
		"HEAD":                 {"HEAD", "Content-Type: a/b\nContent-Length: 3\n\nhello", 200, "", "Content-Type: a/b", 3, "none"},
		"about the connection": {"GET", "Content-Type: a/b\nConnection: x\nX: y\nTransfer-Encoding: chunked\nUpgrade: z\n\nhello", 200, "", "Content-Type: a/b", unknownLength, "hello"},
		"nothing":              {"GET", "", 0, "", "", 0, ""},
		"no end":               {"GET", "Content-Type: a/b\n", 0, "", "", 0, ""},
		"half a line":          {"GET", "Content-Type: a", 0, "", "", 0, ""},
		"no field":             {"GET", "hello\n\n", 0, "", "", 0, ""},
		"an empty head":        {"GET", "\nhello", 0, "", "", 0, ""},
		"none that it needs":   {"GET", "A: b\n\n", 0, "", "", 0, ""},
		"two types alone":      {"GET", "Content-Type: a/b\nContent-Type: c/d\n\n", 0, "", "", 0, ""},
		"a status line":        {"GET", "HTTP/1.1 200 OK\nContent-Type: a/b\n\n", 0, "", "", 0, ""},
		"a status that is two": {"GET", "Status: 2000 OK\nContent-Type: a/b\n\n", 0, "", "", 0, ""},
		"an interim one":       {"GET", "Status: 100 Go\n\n", 0, "", "", 0, ""},
		"one to switch":        {"GET", "Status: 101 Go\n\n", 0, "", "", 0, ""},
		"words":                {"GET", "Status: OK\n\n", 0, "", "", 0, ""},
		"a sign":               {"GET", "Status: +20\n\n", 0, "", "", 0, ""},
		"a bad length":         {"GET", "Content-Type: a/b\nContent-Length: x\n\n", 0, "", "", 0, ""},
		"two lengths":          {"GET", "Content-Type: a/b\nContent-Length: 3\nContent-Length: 3\n\nabc", 0, "", "", 0, ""},
		"a control character":  {"GET", "Content-Type: a/\x00b\n\n", 0, "", "", 0, ""},
		"a CR in a field":      {"GET", "Content-Type: a/b\rSet-Cookie: c\n\n", 0, "", "", 0, ""},
		"a field too long":     {"GET", "A: " + strings.Repeat("b", fieldLimit) + "\n\n", 0, "", "", 0, ""},
		"too many fields":      {"GET", strings.Repeat("A: b\n", fieldsLimit+1) + "\n", 0, "", "", 0, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := &reply{}
			in := bufio.NewReaderSize(strings.NewReader(test.sent), lineLimit)
			response, err := scriptResponse(in, &handover{Request: Request{Method: test.method}}, r)
			if test.status == 0 {
				assert.Error(t, err)
				assert.NotErrorIs(t, err, io.EOF)
				assert.NotErrorIs(t, err, errNoReply, "something came, or it would not have got here")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.status, response.Status)
			assert.Equal(t, test.reason, response.Reason)
			assert.Equal(t, fieldsOf(test.header), response.Header)
			assert.Equal(t, test.length, response.Length)
			assert.Empty(t, response.Redirect)
			if assert.Equal(t, test.content == "none", response.NoContent); response.NoContent {
				assert.True(t, r.complete)
				return
			}
			content, err := io.ReadAll(r)
			assert.NoError(t, err)
			assert.Equal(t, test.content, string(content))
		})
	}
}

// TestScriptRedirect ensures which places the server looks for itself.
func TestScriptRedirect(t *testing.T) {
	tests := map[string]bool{
		"/a": true, "/": true, "/a?b=c": true, "/../a": true,
		"//a/b": false, "http://a/b": false, "a": false, "": false, "/a#b": false, "/a b": false, "/ä": false, "?a": false,
	}
	for location, want := range tests {
		response := &Response{}
		require.NoError(t, response.readStatus([]Field{{"Location", location}}))
		if want {
			assert.Equal(t, location, response.Redirect)
		} else {
			assert.Empty(t, response.Redirect, location)
			assert.Equal(t, 302, response.Status)
		}
	}
}

// TestScriptLog ensures that what a script says on its standard error is printed
// line by line, and that it cannot steer a terminal nor fill the disk.
func TestScriptLog(t *testing.T) {
	tests := map[string]struct {
		said []string
		want []string
	}{
		"nothing":            {nil, nil},
		"a line":             {[]string{"hello\n"}, []string{"hello"}},
		"in pieces":          {[]string{"he", "llo\nwo", "rld\n"}, []string{"hello", "world"}},
		"without its end":    {[]string{"hello"}, []string{"hello"}},
		"empty lines":        {[]string{"\n\n\r\nhello\r\n\n"}, []string{"hello"}},
		"a control sequence": {[]string{"\x1b[2Jhello\x07\rworld\n"}, []string{"?[2Jhello??world"}},
		"a long line":        {[]string{strings.Repeat("a", scriptLineLimit), "aaa", "\nb\n"}, []string{strings.Repeat("a", scriptLineLimit), "b"}},
		"no UTF-8":           {[]string{"\xff\xfeä\n"}, []string{"\ufffd\ufffdä"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			printed := logged(t, func() {
				l := &scriptLog{name: "script"}
				for _, piece := range test.said {
					n, err := l.Write([]byte(piece))
					assert.NoError(t, err)
					assert.Equal(t, len(piece), n)
				}
				l.flush()
				l.flush()
			})
			var got []string
			for line := range strings.Lines(printed) {
				_, said, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " script: ")
				got = append(got, said)
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// FuzzScriptResponse ensures that no script can say more than one head: whatever
// is taken becomes one response, whose head has no line of the script's own
// making.
func FuzzScriptResponse(f *testing.F) {
	for _, sent := range []string{
		"Content-Type: a/b\n\nhello", "Status: 404 Not\r\nA: b\n\n", "Location: /a\n\n", "Location: http://a\n\n", "Status: 200 OK\rX: y\n\n", "Status: 200\nContent-Length: 0\n\nx",
	} {
		f.Add(sent)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		r := &reply{}
		response, err := scriptResponse(bufio.NewReaderSize(strings.NewReader(sent), lineLimit), &handover{Request: Request{Method: "GET"}}, r)
		if err != nil {
			return
		}
		assert.True(t, response.Status >= 200 && response.Status <= 999)
		if response.Redirect != "" {
			where, err := url.Parse(response.Redirect)
			assert.True(t, err != nil || where.Host == "" && where.Scheme == "")
			return
		}
		var head strings.Builder
		out := bufio.NewWriter(&head)
		response.Date = "now"
		response.writeHead(out)
		out.Flush()
		lines := strings.Split(head.String(), "\r\n")
		want := 2 + len(response.Header) + 2
		for _, own := range []bool{len(values(response.Header, "Server")) == 0, response.Length != unknownLength} {
			if own {
				want++
			}
		}
		assert.Len(t, lines, want)
		assert.NotContains(t, strings.ReplaceAll(head.String(), "\r\n", ""), "\n")
		assert.Empty(t, values(response.Header, "Transfer-Encoding"))
	})
}
