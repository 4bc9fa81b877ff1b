package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestEnvironment ensures what a script is told about a request (RFC 3875, 4.1).
func TestEnvironment(t *testing.T) {
	h := handoverOf(t, "POST /app/%61.cgi/x%20y?a=b&c=%20d HTTP/1.0\r\nHost: example.org:8080\r\nContent-Type: a/b\r\nContent-Length: 3\r\n"+
		"User-Agent: test\r\nCookie: a=1\r\nCookie: b=2\r\nAccept: a/b\r\naccept: c/d\r\nAuthorization: secret\r\nProxy-Authorization: secret\r\n"+
		"Proxy: http://evil\r\nX_Forwarded_For: evil\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\nabc")
	h.script, h.rest, h.file = "/app/a.cgi", "/x y", "a.cgi"
	got := map[string]string{}
	for _, variable := range h.environment(h.Content) {
		assert.NotContains(t, got, variable.Name, "twice")
		got[variable.Name] = variable.Value
	}
	assert.Equal(t, map[string]string{
		"GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.0", "SERVER_SOFTWARE": "webserver", "SERVER_NAME": "example.org", "SERVER_PORT": "80",
		"REQUEST_METHOD": "POST", "REQUEST_SCHEME": "http", "REQUEST_URI": "/app/%61.cgi/x%20y?a=b&c=%20d", "QUERY_STRING": "a=b&c=%20d",
		"SCRIPT_NAME": "/app/a.cgi", "PATH_INFO": "/x y", "DOCUMENT_ROOT": h.documentRoot,
		"PATH_TRANSLATED": filepath.Join(h.documentRoot, "x y"), "SCRIPT_FILENAME": filepath.Join(h.documentRoot, "a.cgi"),
		"REMOTE_ADDR": "192.0.2.7", "REMOTE_HOST": "192.0.2.7", "REMOTE_PORT": "4711", "CONTENT_LENGTH": "3", "CONTENT_TYPE": "a/b",
		"HTTP_HOST": "example.org:8080", "HTTP_USER_AGENT": "test", "HTTP_COOKIE": "a=1; b=2", "HTTP_ACCEPT": "a/b, c/d", "HTTP_VIA": "1.0 webserver",
		"HTTP_FORWARDED":       `for=192.0.2.7;host="example.org:8080";proto=http`,
		"HTTP_X_FORWARDED_FOR": "192.0.2.7", "HTTP_X_FORWARDED_HOST": "example.org:8080", "HTTP_X_FORWARDED_PROTO": "http",
	}, got)
}

// TestEnvironmentWithout ensures what a script is not told, because it is not so.
func TestEnvironmentWithout(t *testing.T) {
	h := handoverOf(t, "GET /app HTTP/1.1\r\nHost: [::1]\r\n\r\n")
	h.script = "/app"
	var names []string
	for _, variable := range h.environment(nil) {
		names = append(names, variable.Name)
		switch variable.Name {
		case "SERVER_NAME":
			assert.Equal(t, "[::1]", variable.Value)
		case "SERVER_PORT":
			assert.Equal(t, "80", variable.Value)
		case "QUERY_STRING":
			assert.Empty(t, variable.Value)
		}
	}
	assert.Contains(t, names, "QUERY_STRING", "it must be there, empty or not")
	for _, name := range []string{"PATH_INFO", "PATH_TRANSLATED", "SCRIPT_FILENAME", "CONTENT_LENGTH", "CONTENT_TYPE"} {
		assert.NotContains(t, names, name)
	}
}

// TestEnvironmentServer ensures by which name and at which port a server was
// asked: the name is the client's, and the port is the server's own (RFC 3875,
// 4.1.14 and 4.1.15).
func TestEnvironmentServer(t *testing.T) {
	tests := []struct{ said, local, want string }{
		{"Host: a", "192.0.2.1:8080", "a 8080"},
		{"Host: a:9", "192.0.2.1:8080", "a 8080"},
		{"Host: a:", "192.0.2.1:8080", "a 8080"},
		{"Host: [::1]", "[::1]:8080", "[::1] 8080"},
		{"Host: [::1]:80", "[::1]:8080", "[::1] 8080"},
		{"Host: :80", "192.0.2.1:8080", "192.0.2.1 8080"},
		{"Host: ", "[::1]:8080", "[::1] 8080"},
		{"A: b", "192.0.2.1:8080", "192.0.2.1 8080"},
		{"Host: a", "pipe", "a 80"},
	}
	for _, test := range tests {
		h := handoverOf(t, "GET / HTTP/1.0\r\n\r\n")
		h.Fields, h.Client.conn = fieldsOf(test.said), placed{&fakeConn{}, test.local, "192.0.2.7:4711"}
		var got []string
		for _, variable := range h.environment(nil) {
			if variable.Name == "SERVER_NAME" || variable.Name == "SERVER_PORT" {
				got = append(got, variable.Value)
			}
		}
		assert.Equal(t, test.want, strings.Join(got, " "), test.said)
	}
}

// TestHTTPVariables ensures which variables fields become, and which fields do
// not.
func TestHTTPVariables(t *testing.T) {
	tests := map[string]string{
		"":                                "",
		"A: b":                            "HTTP_A: b",
		"a-B-c: d":                        "HTTP_A_B_C: d",
		"A: b|C: d|a: e":                  "HTTP_A: b, e|HTTP_C: d",
		"Cookie: a=b|COOKIE: c=d":         "HTTP_COOKIE: a=b; c=d",
		"Content-Type: a|content-type: b": "",
		"Proxy: a|PROXY: b|proxy: c":      "",
		"Authorization: a":                "",
		"Proxy-Authorization: a":          "",
		"Proxy-Foo: a":                    "HTTP_PROXY_FOO: a",
		"Http-Proxy: a":                   "HTTP_HTTP_PROXY: a",
	}
	for said, want := range tests {
		assert.Equal(t, fieldsOf(want), append([]Field{}, httpVariables(fieldsOf(said))...), said)
	}
}

// FuzzHTTPVariables ensures that whatever a client says, no two variables have the
// same name, and none is HTTP_PROXY.
func FuzzHTTPVariables(f *testing.F) {
	f.Add("Proxy", "proxy-")
	f.Add("X-A", "x_a")
	f.Add("PrOxY", "Host")
	f.Fuzz(func(t *testing.T, first, second string) {
		if !isToken(first) || !isToken(second) {
			return
		}
		h := handoverOf(t, "GET / HTTP/1.0\r\n"+first+": 1\r\n"+second+": 2\r\n\r\n")
		seen := map[string]bool{}
		for _, variable := range h.environment(nil) {
			assert.False(t, seen[variable.Name], variable.Name)
			seen[variable.Name] = true
			assert.NotEqual(t, "HTTP_PROXY", variable.Name)
			assert.NotContains(t, variable.Name, "=")
			assert.False(t, strings.ContainsAny(variable.Name+variable.Value, "\x00\n"))
		}
	})
}
