package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLocalName ensures which file a target asks for.
func TestLocalName(t *testing.T) {
	tests := map[string]struct {
		target string
		want   string
	}{
		"the root":            {"/", "."},
		"a file":              {"/hello.txt", "hello.txt"},
		"a file below":        {"/sub/hello.txt", "sub/hello.txt"},
		"a directory":         {"/sub/", "sub/"},
		"a space":             {"/a%20b.txt", "a b.txt"},
		"a percent sign":      {"/100%25.txt", "100%.txt"},
		"a plus sign":         {"/1+1.txt", "1+1.txt"},
		"UTF-8":               {"/gr%C3%BCn.txt", "grün.txt"},
		"UTF-8, not encoded":  {"/grün.txt", "grün.txt"},
		"lower-case digits":   {"/gr%c3%bcn.txt", "grün.txt"},
		"three dots":          {"/...", "..."},
		"a dot file":          {"/.profile", ".profile"},
		"decoded once":        {"/%252e%252e", "%2e%2e"},
		"a query":             {"/hello.txt?x=1", "hello.txt"},
		"a query with dots":   {"/hello.txt?/../..", "hello.txt"},
		"two question marks":  {"/hello.txt?a?b", "hello.txt"},
		"a query of the root": {"/?x=1", "."},
		"absolute-form":       {"http://localhost/sub/hello.txt?x=1", "sub/hello.txt"},
		"another host":        {"HTTP://evil.example:80/hello.txt", "hello.txt"},
		"only a host":         {"http://localhost", "."},
		"a host and a query":  {"http://localhost?a/b", "."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := localName(test.target)
			assert.NoError(t, err)
			assert.Equal(t, filepath.FromSlash(test.want), got)
		})
	}
}

// TestLocalNameRefused ensures what a client is told of a target that cannot be
// the name of a file: that it is malformed, that nobody gets that, or that no
// file has such a name.
func TestLocalNameRefused(t *testing.T) {
	tests := map[string]struct {
		target string
		want   int
	}{
		"nothing":                    {"", 400},
		"only a query":               {"?x=1", 400},
		"no slash first":             {"hello.txt", 400},
		"asterisk-form":              {"*", 400},
		"authority-form":             {"localhost:8080", 400},
		"another scheme":             {"https://localhost/hello.txt", 400},
		"a name before the host":     {"http://localhost@evil.example/hello.txt", 400},
		"a port, and no host":        {"http://:80/hello.txt", 400},
		"a scheme, and no host":      {"http:///hello.txt", 400},
		"a percent sign by itself":   {"/100%.txt", 400},
		"one digit":                  {"/100%2", 400},
		"no hexadecimal digits":      {"/100%zz", 400},
		"a dot segment up":           {"/..", 403},
		"a dot segment up, below":    {"/sub/../hello.txt", 403},
		"a dot segment, absolute":    {"http://localhost/../hello.txt", 403},
		"a dot segment":              {"/./hello.txt", 403},
		"only a dot":                 {"/.", 403},
		"a dot and a slash":          {"/./", 403},
		"an encoded dot":             {"/%2e", 403},
		"a dot at the end":           {"/sub/.", 403},
		"encoded dots":               {"/%2e%2e/hello.txt", 403},
		"an encoded backslash":       {"/..%5chello.txt", 403},
		"a backslash":                {`/sub\hello.txt`, 403},
		"a NUL":                      {"/hello%00.txt", 403},
		"bytes that are no UTF-8":    {"/%ff.txt", 403},
		"overlong UTF-8 for a dot":   {"/%c0%ae%c0%ae/hello.txt", 403},
		"overlong UTF-8 for a slash": {"/..%c0%afhello.txt", 403},
		"an encoded slash":           {"/sub%2fhello.txt", 404},
		"an encoded slash and dots":  {"/..%2fhello.txt", 404},
		"an encoded slash at last":   {"/sub%2F", 404},
		"an empty segment":           {"//hello.txt", 404},
		"an empty segment, below":    {"/sub//hello.txt", 404},
		"two slashes at the end":     {"/sub//", 404},
		"a host after two slashes":   {"//evil.example/..", 404},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := localName(test.target)
			assert.Equal(t, test.want, statusOf(err), "%v", err)
			assert.Empty(t, got)
		})
	}
}

// FuzzLocalName ensures that no target at all becomes a name outside of the
// document root, nor a redirect to another host.
func FuzzLocalName(f *testing.F) {
	for _, target := range []string{
		"/", "/a%20b/?x", "/../x", "/..%2f", `/..\x`, "//x", "/%c0%ae/", "/C:/x", "/NUL", "http://a/b?c", "http:////x",
	} {
		f.Add(target)
	}
	f.Fuzz(func(t *testing.T, target string) {
		name, err := localName(target)
		if err != nil {
			assert.GreaterOrEqual(t, statusOf(err), 400)
			return
		}
		assert.True(t, filepath.IsLocal(name), "%q became %q", target, name)
		location := redirect(name, target).Header[1].Value
		assert.Regexp(t, "^/[^/]", location, "%q leads to %q", target, location)
	})
}
