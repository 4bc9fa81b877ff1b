package scripts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// curlCases are requests, without the "> " of their lines and with | between
// them, and the commands that send the same; "" where curl cannot.
var curlCases = []struct{ request, want string }{
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|X-Long: ` + strings.Repeat("a", curlLimit) + `\r\n|\r\n`, ""},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i http://localhost:8080/`},
	{`GET /a/b.txt HTTP/1.1\r\n|host: localhost\r\n|\r\n`, `curl -i http://localhost:8080/a/b.txt`},
	{`GET /?a=1&b=2 HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i 'http://localhost:8080/?a=1&b=2'`},
	{`GET /a%20b HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i http://localhost:8080/a%20b`},
	{`GET /../a HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i --path-as-is http://localhost:8080/../a`},
	{`GET /./a HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i --path-as-is http://localhost:8080/./a`},
	{`GET /%2E%2e/a HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i --path-as-is http://localhost:8080/%2E%2e/a`},
	{`GET /{a} HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i --globoff 'http://localhost:8080/{a}'`},
	{`GET /it's HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i "http://localhost:8080/it's"`},
	{`GET /$a'b HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i "http://localhost:8080/\$a'b"`},
	{`HEAD / HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i --head http://localhost:8080/`},
	{`DELETE /a HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, `curl -i -X DELETE http://localhost:8080/a`},
	{`GET / HTTP/1.0\r\n|Host: localhost\r\n|\r\n`, `curl -i --http1.0 http://localhost:8080/`},
	{`GET / HTTP/1.0\r\n|\r\n`, `curl -i --http1.0 -H 'Host:' http://localhost:8080/`},
	{`GET / HTTP/1.1\r\n|\r\n`, `curl -i -H 'Host:' http://localhost:8080/`},
	{`GET / HTTP/1.1\r\n|Host: example.com\r\n|\r\n`, `curl -i -H 'Host: example.com' http://localhost:8080/`},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|If-None-Match: "a"\r\n|A: it's\r\n|\r\n`, `curl -i -H 'If-None-Match: "a"' -H "A: it's" http://localhost:8080/`},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|A: \\it's "$b"\r\n|\r\n`, `curl -i -H "A: \\it's \"\$b\"" http://localhost:8080/`},
	{`POST /a HTTP/1.1\r\n|Host: localhost\r\n|Content-Length: 5\r\n|\r\n|a=1\n|b\`, "curl -i -X POST --data-raw 'a=1\nb' http://localhost:8080/a"},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|Content-Length: 2\r\n|\r\n|@a\`, `curl -i -X GET --data-raw '@a' http://localhost:8080/`},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|Content-Length: 0\r\n|\r\n`, `curl -i http://localhost:8080/`},

	{``, ``},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n`, ``},
	{`GET / HTTP/1.1\n|Host: localhost\n|\n`, ``},
	{`GET  / HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, ``},
	{`GET / HTTP/2.0\r\n|Host: localhost\r\n|\r\n`, ``},
	{`get / HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, ``},
	{`GET /\r\n`, ``},
	{`GET a HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, ``},
	{`GET /a#b HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, ``},
	{`GET /\xff HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, ``},
	{`OPTIONS * HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, ``},
	{`GET / HTTP/1.1\r\n|Host : localhost\r\n|\r\n`, ``},
	{`GET / HTTP/1.1\r\n| Host: localhost\r\n|\r\n`, ``},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|A: \r\n|\r\n`, ``},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|Host: localhost\r\n|\r\n`, ``},
	{`POST / HTTP/1.1\r\n|Host: localhost\r\n|Content-Length: 6\r\n|\r\n|hello\`, ``},
	{`POST / HTTP/1.1\r\n|Host: localhost\r\n|\r\n|hello\`, ``},
	{`POST / HTTP/1.1\r\n|Host: localhost\r\n|Content-Length: 2\r\n|\r\n|\r\n`, ``},
	{`POST / HTTP/1.1\r\n|Host: localhost\r\n|Content-Length: 1\r\n|\r\n|\x00\`, ``},
	{`POST / HTTP/1.1\r\n|Host: localhost\r\n|Transfer-Encoding: chunked\r\n|\r\n|0\r\n|\r\n`, ``},
	{`HEAD / HTTP/1.1\r\n|Host: localhost\r\n|Content-Length: 1\r\n|\r\n|a\`, ``},
	{`GET / HTTP/1.1\r\n|Host: localhost\r\n|\r\n|GET / HTTP/1.1\r\n|Host: localhost\r\n|\r\n`, ``},
}

// TestCurl ensures that a request comes with the command that sends the same,
// and that one which curl would not send comes with none.
func TestCurl(t *testing.T) {
	for _, test := range curlCases {
		var lines []line
		if test.request != "" {
			var err error
			lines, err = parseTranscript("talk", "> "+strings.ReplaceAll(test.request, "|", "\n> "))
			require.NoError(t, err)
		}
		assert.Equal(t, test.want, curl(lines), test.request)
	}
}

// TestCurlPieces ensures that there is no command for a request that is sent in
// pieces, nor for one that is too long to type.
func TestCurlPieces(t *testing.T) {
	lines, err := parseTranscript("talk", "> GET / HTTP/1.1\\r\\n\n* pause 5ms\n> Host: localhost\\r\\n\n> \\r\\n\n")
	require.NoError(t, err)
	assert.Empty(t, curl(lines))
	lines, err = parseTranscript("talk", "> PUT / HTTP/1.1\\r\\n\n> Host: localhost\\r\\n\n> Content-Length: 201\\r\\n\n> \\r\\n\n>x201 a\\\n")
	require.NoError(t, err)
	assert.Empty(t, curl(lines))
}
