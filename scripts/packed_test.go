package scripts

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

// packed serves hello in the coding gzip, rightly or not, and what has an entity
// tag. It reports whether it was one of these that was asked for.
func packed(w http.ResponseWriter, r *http.Request) bool {
	var content bytes.Buffer
	writer := gzip.NewWriter(&content)
	io.WriteString(writer, "hello\n")
	writer.Close()
	w.Header().Set("content-encoding", "gzip")
	switch path := r.URL.Path; {
	case path == "/packed" && r.Header.Get("Accept-Encoding") == "gzip":
	case path == "/packed-cut":
		content.Truncate(content.Len() - 1)
	case path == "/packed-more":
		content.WriteString("more")
	case path == "/packed-damaged":
		content.Bytes()[content.Len()-5] ^= 1 // in the checksum
	case path == "/packed-not":
		content.Reset()
		content.WriteString("hello, and not packed\n")
	case path == "/packed-silently":
		w.Header().Del("Content-Encoding")
	case path == "/tagged":
		w.Header().Del("Content-Encoding")
		w.Header().Set("ETag", `"abc"`)
		if r.Header.Get("If-None-Match") == `"abc"` {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	default:
		w.Header().Del("Content-Encoding")
		return false
	}
	w.Write(content.Bytes())
	return true
}

// tagged are the transcripts about what has an entity tag.
const tagged = `
-- site/hello.txt --
hello
-- site/other.txt --
hallo
-- tagged --
> GET /tagged HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ETag: <entity-tag>\r\n
< ...
-- again --
> GET /tagged HTTP/1.0\r\n
> If-None-Match: <entity-tag>\r\n
> \r\n
< HTTP/1.0 304 Not Modified\r\n
< ...
`

// TestPacked ensures that content in the coding gzip is compared with what was
// packed, and that a tag is sent back in a later conversation.
func TestPacked(t *testing.T) {
	for _, text := range []string{
		"get -gzip /packed site/hello.txt",
		"wire tagged\nwire again",
		"wire -times 3 tagged\nserve site\nwire again",
	} {
		w := witnessed(t, play{stage: 2}, "serve site\n"+text+tagged)
		assert.False(t, w.Failed, w.Log)
	}
}

// TestPackedFails ensures that what is wrong with packed content is found out.
func TestPackedFails(t *testing.T) {
	tests := []struct{ text, says string }{
		{"get -gzip /packed site/other.txt", `the content of /packed is that of site/other.txt up to byte 1; then one has "e", the other "a"`},
		{"get -gzip /hello.txt site/hello.txt", "GET /hello.txt with Accept-Encoding: gzip was answered without Content-Encoding: gzip:\n  "},
		{"get -gzip /packed-silently site/hello.txt", "was answered without Content-Encoding: gzip"},
		{"get -gzip /packed-cut site/hello.txt", "Content-Encoding says that the content of /packed-cut is in the coding gzip (RFC 1952), but it cannot be unpacked; after 6 bytes: unexpected EOF"},
		{"get -gzip /packed-more site/hello.txt", "cannot be unpacked; after 6 bytes: "},
		{"get -gzip /packed-damaged site/hello.txt", "cannot be unpacked; after 6 bytes: gzip: invalid checksum"},
		{"get -gzip /packed-not site/hello.txt", "cannot be unpacked; after 0 bytes: gzip: invalid header"},
		{"get /packed site/hello.txt", "a status of 200 was wanted"},
		{"get -gzip /packed", "get needs a target and a file, and nothing else but -gzip before them"},
		{"get /packed site/hello.txt site/hello.txt", "get needs a target and a file"},
		{"wire again", "again, line 2: > If-None-Match: <entity-tag>\\r\\n\n\tno <entity-tag> has come yet"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			w := witnessed(t, play{stage: 2}, "serve site\n"+test.text+tagged)
			assert.True(t, w.Failed)
			assert.Contains(t, w.Log, test.says)
		})
	}
}
