package main

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCheckHost ensures who has to say for which host a request is, and how
// often (RFC 9112, 3.2).
func TestCheckHost(t *testing.T) {
	tests := map[string]struct {
		version string
		values  []string
		want    int
	}{
		"HTTP/1.1":                   {"HTTP/1.1", []string{"localhost:8080"}, 200},
		"HTTP/1.1, empty":            {"HTTP/1.1", []string{""}, 200},
		"HTTP/1.1, none":             {"HTTP/1.1", nil, 400},
		"HTTP/1.1, two":              {"HTTP/1.1", []string{"a", "b"}, 400},
		"HTTP/1.1, twice the same":   {"HTTP/1.1", []string{"a", "a"}, 400},
		"HTTP/1.1, a list":           {"HTTP/1.1", []string{"a, b"}, 400},
		"HTTP/1.1, malformed":        {"HTTP/1.1", []string{"a b"}, 400},
		"HTTP/1.9, none":             {"HTTP/1.9", nil, 400},
		"HTTP/1.0":                   {"HTTP/1.0", []string{"a"}, 200},
		"HTTP/1.0, none":             {"HTTP/1.0", nil, 200},
		"HTTP/1.0, two":              {"HTTP/1.0", []string{"a", "b"}, 400},
		"HTTP/1.0, malformed":        {"HTTP/1.0", []string{"a/b"}, 400},
		"HTTP/1.1, two, and 1 empty": {"HTTP/1.1", []string{"a", ""}, 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := Request{Version: test.version, Target: "/"}
			for _, value := range test.values {
				request.Fields = append(request.Fields, Field{"hOST", value})
			}
			assert.Equal(t, test.want, statusOf(checkHost(request)))
		})
	}
}

// TestCheckTargetHost ensures that the host in a target is looked at like the
// one in the field, whoever asks (RFC 9112, 3.2.2).
func TestCheckTargetHost(t *testing.T) {
	tests := map[string]int{
		"http://a/": 200, "http://a": 200, "http://a?b\"c": 200, "http://[::1]:80/": 200, "http://g%C3%BC:/": 200, "/?http://a\"b/": 200, "*": 200,
		`http://a"b/`: 400, "http://a:zz/": 400, "http://[::1/": 400, "http://a%zz": 400, "http://a@b/": 400, "HTTP://a:b?c": 400, `http://a\/`: 400,
		`http://a";for=6.6.6.6;x="/app`: 400, "http://a<b/app": 400, "http://[a/app": 400,
	}
	for target, want := range tests {
		t.Run(target, func(t *testing.T) {
			assert.Equal(t, want, statusOf(checkHost(Request{Target: target, Version: "HTTP/1.1", Fields: []Field{{"Host", "x"}}})))
			assert.Equal(t, want, statusOf(checkHost(Request{Target: target, Version: "HTTP/1.0"})))
		})
	}
}

// TestIsHost ensures what can name a host (RFC 3986, 3.2.2).
func TestIsHost(t *testing.T) {
	tests := map[string]bool{
		"": true, "localhost": true, "LOCALHOST": true, "localhost:8080": true, "localhost:": true, "127.0.0.1": true,
		"127.0.0.1:80": true, "[::1]": true, "[::1]:80": true, "[::1]:": true, "a-b.example": true, "xn--grn-hoa.example": true,
		"gr%C3%BCn.example": true, "a%zz": false, "a%2": false, "a_b": true, "a.": true, ":80": true, "!$&'()*+;=": true, "[v1.a:b]": true,
		"a b": false, "a/b": false, "a?b": false, "a#b": false, "a@b": false, "http://a": false, "a:b": false, "a:80:80": false,
		"::1": false, "[::1": false, "::1]": false, "[]": false, "[]:80": false, "[::1]a": false, "a[::1]": false, "[::1]:a": false,
		"[[::1]]": false, "grün.example": false, "a\x00": false, "a\tb": false, `a"b`: false, `a\b`: false, "a:-1": false,
		"a:+1": false, "a:1a": false, "a<b": false, "a|b": false, "a^b": false, "a`b": false, "a{b}": false, "\xff": false,
	}
	for host, want := range tests {
		t.Run(host, func(t *testing.T) {
			assert.Equal(t, want, isHost(host))
		})
	}
}

// hostForm is what a host is, written in another way.
var hostForm = regexp.MustCompile(
	`^(\[([-A-Za-z0-9._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})+\]|([-A-Za-z0-9._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(:[0-9]*)?$`)

// FuzzIsHost ensures that a host is what it is in the words of another language.
func FuzzIsHost(f *testing.F) {
	for _, host := range []string{"", "a:80", "[::1]:80", "[::1", "::1", "a@b", "a:b:1", "[]", "gr%C3%BCn", "%", "%zz", "a]:1", "[a]]", "\xff:1", "a\n"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		assert.Equal(t, hostForm.MatchString(host), isHost(host))
	})
}
