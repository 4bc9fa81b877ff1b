package scripts

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// visits are what a guest can do in an application, by name.
var visits = map[string]func(*testing.T, *guest){
	"hello":    visitHello,
	"form":     visitForm,
	"raw":      visitRaw,
	"chunked":  visitChunked,
	"continue": visitContinue,
	"download": visitDownload,
	"moved":    visitMoved,
	"busy":     visitBusy,
	"broken":   visitBroken,
	"events":   visitEvents,
	"leaves":   visitLeaves,
	"ends":     visitEnds,
	"log":      visitLog,
	"php":      visitPHP,
	"cgi":      visitCGI,
	"local":    visitLocal,
	"hints":    visitHints,
	"trailer":  visitTrailer,
	"echo":     visitEcho,
}

// request makes a request of the application. Fields are names, each with its
// value.
func (g *guest) request(t *testing.T, method, name string, content io.Reader, fields ...string) *http.Request {
	request, err := http.NewRequestWithContext(t.Context(), method, g.url+name, content)
	require.NoError(t, err)
	for i := 0; i < len(fields); i += 2 {
		request.Header[fields[i]] = append(request.Header[fields[i]], fields[i+1])
	}
	return request
}

// elsewhere makes a request with a target of the server, to the byte; in its
// absolute form where two slashes begin it, which Go takes for a host.
func (g *guest) elsewhere(t *testing.T, method, target string, fields ...string) *http.Request {
	request := g.request(t, method, "", nil, fields...)
	request.URL.Opaque = target
	if strings.HasPrefix(target, "//") {
		request.URL.Opaque = "//" + g.server.address + target
	}
	return request
}

// send sends a request and returns the response, whose content is read into a
// text.
func (g *guest) send(t *testing.T, request *http.Request) (*http.Response, string) {
	response, err := g.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(content)
}

// get gets something.
func (g *guest) get(t *testing.T, name string, fields ...string) (*http.Response, string) {
	return g.send(t, g.request(t, "GET", name, nil, fields...))
}

// upstreamLine is the end of a line of the access log that names an upstream.
var upstreamLine = regexp.MustCompile(`GET \S+/hello\?b=2&a=%20x 200 \d+ \S+ (http|unix|fastcgi|cgi):\S+ \S+s\n`)

// visitHello ensures that a request reaches the application as it was sent, with
// the client whom the server sees, and without what could be mistaken for it.
func visitHello(t *testing.T, g *guest) {
	response, text := g.get(t, "hello?b=2&a=%20x",
		"X-Forwarded-For", "203.0.113.9", "Client_Name", "forged", "Proxy", "http://203.0.113.9/")
	require.Equal(t, 200, response.StatusCode, text)
	assert.Regexp(t, "^application/json", response.Header.Get("Content-Type"))
	got := map[string]string{}
	require.NoError(t, json.Unmarshal([]byte(text), &got), text)
	assert.True(t, net.ParseIP(got["client"]).IsLoopback(), "the client is %s", got["client"])
	delete(got, "client")
	assert.Equal(t, map[string]string{
		"method": "GET", "query": "b=2&a=%20x", "host": g.server.address, "scheme": "http", "underscore": "", "proxy": "",
	}, got)
	assert.True(t, g.server.log.wait(upstreamLine.MatchString, g.server.exited, clientLimit), "a line with the upstream")
}

// visitMoved follows a redirection.
func visitMoved(t *testing.T, g *guest) {
	response, text := g.get(t, "moved")
	require.Equal(t, 200, response.StatusCode, text)
	assert.Equal(t, g.url+"hello", response.Request.URL.String())
	assert.Contains(t, text, g.server.address)
}

// visitLocal asks for what answers with the path of another thing: the server
// answers for that, and the client knows nothing of it.
func visitLocal(t *testing.T, g *guest) {
	response, text := g.get(t, "local")
	require.Equal(t, 200, response.StatusCode, text)
	assert.Equal(t, g.url+"local", response.Request.URL.String())
	assert.Regexp(t, `"query": "local"`, text)
}

// visitBusy ensures that an error is the application's, not the server's.
func visitBusy(t *testing.T, g *guest) {
	response, text := g.get(t, "busy")
	assert.Equal(t, 503, response.StatusCode)
	assert.Equal(t, "7", response.Header.Get("Retry-After"))
	assert.Equal(t, "busy", text)
}

// visitBroken ensures that a program that fails costs one request. Whether it
// says so is its own matter, but for a CGI script that dies without a word.
func visitBroken(t *testing.T, g *guest) {
	response, text := g.get(t, "broken")
	assert.Contains(t, []int{500, 502}, response.StatusCode, text)
	response, _ = g.get(t, "hello", "X-Forwarded-For", "203.0.113.9")
	assert.Equal(t, 200, response.StatusCode)
}

// visitLog ensures that what a program prints on its standard error is in the
// server's log, and nowhere else.
func visitLog(t *testing.T, g *guest) {
	_, text := g.get(t, "broken")
	assert.NotContains(t, text, "broken on purpose")
	said := func(log string) bool { return strings.Contains(log, "broken on purpose") }
	assert.True(t, g.server.log.wait(said, g.server.exited, clientLimit), "the log of the server")
}

// visitContinue ensures that a client that asks whether to send its content is
// told so.
func visitContinue(t *testing.T, g *guest) {
	told := false
	trace := &httptrace.ClientTrace{Got100Continue: func() { told = true }}
	request := g.request(t, "POST", "raw", newContent(1), "Expect", "100-continue", "Content-Type", "application/octet-stream")
	request.ContentLength = blockSize
	_, text := g.send(t, request.WithContext(httptrace.WithClientTrace(t.Context(), trace)))
	assert.Equal(t, measure(t, newContent(1)), text)
	assert.True(t, told, "100 Continue")
}

// visitHints ensures that a response before the last one is passed on.
func visitHints(t *testing.T, g *guest) {
	var hints []string
	trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
		hints = append(hints, fmt.Sprint(code, " ", header.Get("Link")))
		return nil
	}}
	request := g.request(t, "GET", "hints", nil)
	_, text := g.send(t, request.WithContext(httptrace.WithClientTrace(t.Context(), trace)))
	assert.Equal(t, "hinted", text)
	assert.Equal(t, []string{"103 </style.css>; rel=preload; as=style"}, hints)
}

// visitTrailer ensures that a trailer arrives, both there and back.
func visitTrailer(t *testing.T, g *guest) {
	request := g.request(t, "POST", "trailer", newContent(1), "TE", "trailers")
	request.Trailer = http.Header{"Checksum": {"as sent"}}
	response, text := g.send(t, request)
	assert.Equal(t, measure(t, newContent(1)), text)
	assert.Equal(t, http.Header{"Checksum": {"as sent"}}, response.Trailer)
}
