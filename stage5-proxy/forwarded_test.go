package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestForwarded ensures what this server says of a request (RFC 7239, 4).
func TestForwarded(t *testing.T) {
	tests := []struct{ client, host, want string }{
		{"127.0.0.1", "a", "for=127.0.0.1;host=a;proto=http"},
		{"127.0.0.1", "localhost:8080", `for=127.0.0.1;host="localhost:8080";proto=http`},
		{"::1", "a", `for="[::1]";host=a;proto=http`},
		{"2001:db8::7", "[::1]:80", `for="[2001:db8::7]";host="[::1]:80";proto=http`},
		{"127.0.0.1", "a,b;c=d", `for=127.0.0.1;host="a,b;c=d";proto=http`},
		{"127.0.0.1", "", `for=127.0.0.1;host="";proto=http`},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, forwarded(test.client, test.host))
	}
}

// TestWithEntry ensures what becomes of a field that each server on the way adds
// something to, whatever stood in it before.
func TestWithEntry(t *testing.T) {
	tests := map[string]struct {
		said []string
		want string
	}{
		"nothing":                       {nil, "x"},
		"an entry":                      {[]string{"a"}, "a, x"},
		"entries":                       {[]string{"a, b"}, "a, b, x"},
		"lines":                         {[]string{"a", "b,c"}, "a, b,c, x"},
		"an empty line":                 {[]string{"", "a"}, "a, x"},
		"a quotation":                   {[]string{`a="b, c"`}, `a="b, c", x`},
		"an open quotation":             {[]string{`a="b`}, "x"},
		"a quotation opened at the end": {[]string{`a, "`}, "x"},
		"one of three":                  {[]string{`a`, `"b`, `c"`}, "a, x"},
		"open over two lines":           {[]string{`for="a`, `b"`}, "x"},
		"the end is quoted":             {[]string{`"a\"`}, "x"},
		"a quoted pair":                 {[]string{`"a\"b"`}, `"a\"b", x`},
		"a backslash outside":           {[]string{`a\`}, `a\, x`},
		"a backslash before a quote":    {[]string{`a\", b`}, "x"},
		"what looks like the probe":     {[]string{`"a,x`}, "x"},
		"ends in the probe":             {[]string{`a,x`}, "a,x, x"},
		"a comma at the end":            {[]string{"a,"}, "a,, x"},
		"commas alone":                  {[]string{",,"}, ",,, x"},
		"the probe, three times":        {[]string{"x,x,x"}, "x,x,x, x"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, withEntry(test.said, "x")) })
	}
}

// TestOnward ensures the fields that an application gets.
func TestOnward(t *testing.T) {
	const trail = `Forwarded: for=192.0.2.7;host=a;proto=http|X-Forwarded-For: 192.0.2.7|X-Forwarded-Host: a|X-Forwarded-Proto: http|Via: 1.1 webserver`
	tests := map[string]struct{ line, fields, want string }{
		"nothing": {"GET / HTTP/1.1", "Host: a", "Host: a|" + trail},
		"others":  {"GET / HTTP/1.1", "A: b|HOST: a|Cookie: c|Cookie: d", "Host: a|A: b|Cookie: c|Cookie: d|" + trail},
		"hop by hop": {"GET / HTTP/1.1", "Host: a|Connection: x, Host|X: y|Keep-Alive: 5|TE: trailers|Upgrade: z|Proxy-Connection: a|Y: z",
			"Host: a|Y: z|" + trail},
		"framing":           {"GET / HTTP/1.1", "Host: a|Content-Length: 0|A: b", "Host: a|A: b|" + trail},
		"an underscore":     {"GET / HTTP/1.1", "Host: a|X_Forwarded_For: 6.6.6.6|_: x|A-B: c", "Host: a|A-B: c|" + trail},
		"a dot":             {"GET / HTTP/1.1", "Host: a|X.Forwarded.For: 6.6.6.6|Forwarded!: x|A.B: c|A1-B: c", "Host: a|A1-B: c|" + trail},
		"an older client":   {"GET / HTTP/1.0", "Host: a", "Host: a|" + strings.Replace(trail, "1.1", "1.0", 1)},
		"no host":           {"GET / HTTP/1.0", "A: b", "Host: 192.0.2.1:80|A: b|" + strings.NewReplacer("=a", `="192.0.2.1:80"`, "Host: a", "Host: 192.0.2.1:80", "1.1", "1.0").Replace(trail)},
		"an empty host":     {"GET / HTTP/1.1", "Host: ", "Host: 192.0.2.1:80|" + strings.NewReplacer("=a", `="192.0.2.1:80"`, "Host: a", "Host: 192.0.2.1:80").Replace(trail)},
		"an absolute form":  {"GET http://b:81/x HTTP/1.1", "Host: a", "Host: b:81|" + strings.NewReplacer("=a", `="b:81"`, "Host: a", "Host: b:81").Replace(trail)},
		"without a path":    {"GET http://b?x HTTP/1.1", "Host: a", "Host: b|" + strings.NewReplacer("=a", `=b`, "Host: a", "Host: b").Replace(trail)},
		"a URL in a target": {"GET /?http://b/ HTTP/1.1", "Host: a", "Host: a|" + trail},
		"what was said before": {"GET / HTTP/1.1", "Host: a|forwarded: for=b|X-FORWARDED-FOR: 6.6.6.6|X-Forwarded-For: 7.7.7.7, 8.8.8.8|X-Forwarded-Host: c|X-Forwarded-Proto: https|Via: 1.1 d",
			"Host: a|Forwarded: for=b, for=192.0.2.7;host=a;proto=http|X-Forwarded-For: 6.6.6.6, 7.7.7.7, 8.8.8.8, 192.0.2.7|X-Forwarded-Host: c, a|X-Forwarded-Proto: https, http|Via: 1.1 d, 1.1 webserver"},
		"named for this hop": {"GET / HTTP/1.1", "Host: a|Connection: Forwarded, Via, X-Forwarded-For", "Host: a|" + trail},
		"a quotation open":   {"GET / HTTP/1.1", `Host: a|Forwarded: for="b|Forwarded: for=c`, strings.Replace("Host: a|"+trail, "Forwarded: for=", "Forwarded: for=c, for=", 1)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := handoverOf(t, test.line+"\r\n"+strings.ReplaceAll(test.fields, "|", "\r\n")+"\r\n\r\n")
			assert.Equal(t, fieldsOf(test.want), h.onward())
		})
	}
}

// TestAddress ensures the address of a client, without its port.
func TestAddress(t *testing.T) {
	for remote, want := range map[string]string{"192.0.2.7:4711": "192.0.2.7", "[::1]:4711": "::1", "@": "@", "pipe": "pipe"} {
		assert.Equal(t, want, (&connection{conn: placed{remote: remote}}).address())
	}
}

// lastElement returns the last element of a list, as somebody would find it who
// reads one character after another. It reports whether the list is one.
func lastElement(list string) (last string, ok bool) {
	start, quoted, escaped := 0, false, false
	for i, c := range []byte(list) {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			start = i + 1
		}
	}
	return strings.Trim(list[start:], " \t"), !quoted
}

// FuzzForwarded ensures that whatever a client says, the last element of each
// list that an application gets is the one of this server, and stands alone.
func FuzzForwarded(f *testing.F) {
	for _, said := range []string{"", "a", `"`, `a="b`, `a="b\"`, `\"`, `a\",b`, `"\`, `",x`, `",",`, ",", `"a","`, "\t", `a="b\\"`} {
		f.Add(said, "c", "a")
		f.Add("c", said, "a:80")
	}
	f.Add("a", "b", `a",b="`)
	f.Fuzz(func(t *testing.T, first, second, host string) {
		if !isHost(host) || hasControl(first+second) {
			return
		}
		for i, name := range trails {
			said := []Field{{name, strings.Trim(first, " \t")}, {strings.ToLower(name), strings.Trim(second, " \t")}}
			entry := []string{forwarded("::1", host), "::1", "a", "http", "1.1 webserver"}[i]
			last, ok := lastElement(withEntry(values(said, name), entry))
			assert.True(t, ok)
			assert.Equal(t, entry, last)
		}
		_, parameters, ok := cutParameters(";" + forwarded("::1", host))
		assert.True(t, ok)
		assert.Equal(t, []parameter{{"for", "[::1]"}, {"host", host}, {"proto", "http"}}, parameters)
	})
}
