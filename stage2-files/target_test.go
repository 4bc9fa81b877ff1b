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
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := localName(test.target)
			assert.NoError(t, err)
			assert.Equal(t, filepath.FromSlash(test.want), got)
		})
	}
}

// TestLocalNameRefused ensures which targets cannot be the name of a file.
func TestLocalNameRefused(t *testing.T) {
	tests := map[string]string{
		"nothing":                    "",
		"only a query":               "?x=1",
		"no slash first":             "hello.txt",
		"absolute-form":              "http://localhost/hello.txt",
		"asterisk-form":              "*",
		"a dot segment up":           "/..",
		"a dot segment up, below":    "/sub/../hello.txt",
		"a dot segment":              "/./hello.txt",
		"only a dot":                 "/.",
		"a dot and a slash":          "/./",
		"an encoded dot":             "/%2e",
		"a dot at the end":           "/sub/.",
		"encoded dots":               "/%2e%2e/hello.txt",
		"an encoded slash and dots":  "/..%2fhello.txt",
		"an encoded slash":           "/sub%2fhello.txt",
		"an encoded slash at first":  "%2fhello.txt",
		"an encoded slash at last":   "/sub%2F",
		"an encoded backslash":       "/..%5chello.txt",
		"a backslash":                `/sub\hello.txt`,
		"an empty segment":           "//hello.txt",
		"an empty segment, below":    "/sub//hello.txt",
		"two slashes at the end":     "/sub//",
		"a NUL":                      "/hello%00.txt",
		"a percent sign by itself":   "/100%.txt",
		"one digit":                  "/100%2",
		"no hexadecimal digits":      "/100%zz",
		"bytes that are no UTF-8":    "/%ff.txt",
		"overlong UTF-8 for a dot":   "/%c0%ae%c0%ae/hello.txt",
		"overlong UTF-8 for a slash": "/..%c0%afhello.txt",
	}
	for name, target := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := localName(target)
			assert.ErrorIs(t, err, errNotFound)
			assert.Empty(t, got)
		})
	}
}

// FuzzLocalName ensures that no target at all becomes a name outside of the
// document root.
func FuzzLocalName(f *testing.F) {
	for _, target := range []string{"/", "/a%20b/?x", "/../x", "/..%2f", `/..\x`, "//x", "/%c0%ae/", "/C:/x", "/NUL"} {
		f.Add(target)
	}
	f.Fuzz(func(t *testing.T, target string) {
		name, err := localName(target)
		if err != nil {
			assert.ErrorIs(t, err, errNotFound)
			return
		}
		assert.True(t, filepath.IsLocal(name), "%q became %q", target, name)
	})
}
