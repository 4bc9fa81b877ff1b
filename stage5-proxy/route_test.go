package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestParseRoutes ensures what a route says, and in which order they are asked.
func TestParseRoutes(t *testing.T) {
	tests := map[string]struct{ args, want []string }{
		"none":                       {nil, nil},
		"one":                        {[]string{"/app=http://a"}, []string{"/app app"}},
		"with a slash behind":        {[]string{"/app/=http://a"}, []string{"/app app"}},
		"with a query in the place":  {[]string{"/app=unix:/a=b"}, []string{"/app app"}},
		"everything":                 {[]string{"/=http://a"}, []string{"/ "}},
		"encoded":                    {[]string{"/%61%20b/c%2Fd=http://a"}, []string{"/%61%20b/c%2Fd a b|c/d"}},
		"an extension":               {[]string{".php=fastcgi://a"}, []string{".php  .php"}},
		"the longest first":          {[]string{"/=http://a", "/a=http://a", "/a/b/c=http://a", "/a/b=http://a"}, []string{"/a/b/c a|b|c", "/a/b a|b", "/a a", "/ "}},
		"by segments, and not bytes": {[]string{"/aaaaaaaa=http://a", "/a/b=http://a"}, []string{"/a/b a|b", "/aaaaaaaa aaaaaaaa"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			routes, err := parseRoutes(test.args)
			require.NoError(t, err)
			var got []string
			for _, r := range routes {
				said := r.pattern + " " + strings.Join(r.segments, "|")
				if r.extension != "" {
					said += " " + r.extension
				}
				got = append(got, said)
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// TestParseRoutesErrors ensures which routes are none, and that the message says
// which one it is.
func TestParseRoutesErrors(t *testing.T) {
	tests := map[string][]string{
		"no equals sign":           {"/app"},
		"no pattern":               {"=http://a"},
		"no slash":                 {"app=http://a"},
		"a dot alone":              {".=http://a"},
		"a slash in an extension":  {".php/x=http://a"},
		"a dot segment":            {"/a/../b=http://a"},
		"an encoded dot segment":   {"/a/%2e%2E=http://a"},
		"a lone dot":               {"/.=http://a"},
		"a backslash":              {`/a\b=http://a`},
		"an encoded backslash":     {`/a%5Cb=http://a`},
		"half of an encoded octet": {"/a%2=http://a"},
		"a space":                  {"/a b=http://a"},
		"a fragment":               {"/a#b=http://a"},
		"what is not ASCII":        {"/ä=http://a"},
		"no upstream":              {"/app="},
		"one of them empty":        {"/app=http://a,"},
		"no kind":                  {"/app=localhost:9000"},
		"an unknown kind":          {"/app=https://localhost"},
		"no host":                  {"/app=http://"},
		"no slashes":               {"/app=http:localhost"},
		"a path":                   {"/app=http://localhost:80/x"},
		"a user":                   {"/app=http://a@b"},
		"a port that is none":      {"/app=http://a:b"},
		"IPv6 without brackets":    {"/app=http://::1"},
		"no path of a socket":      {"/app=unix:"},
		"nor for FastCGI":          {"/app=fastcgi:unix:"},
		"no directory":             {"/app=cgi:"},
		"no such directory":        {"/app=cgi:" + filepath.Join(os.TempDir(), "there", "is", "none")},
		"programs by extension":    {".pl=cgi:" + os.TempDir()},
		"the same twice":           {"/app=http://a", "/app=http://b"},
		"the same with a slash":    {"/app=http://a", "/app/=http://b"},
		"the same extension":       {".a=http://a", ".a=http://b"},
	}
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := parseRoutes(args)
			if assert.Error(t, err) {
				assert.Contains(t, err.Error(), args[len(args)-1]+": ")
			}
		})
	}
}

// TestParsePlace ensures to which address the name of an upstream leads.
func TestParsePlace(t *testing.T) {
	socket, err := filepath.Abs("socket")
	require.NoError(t, err)
	tests := map[string]struct{ network, address string }{
		"//localhost":           {"tcp", "localhost:80"},
		"//localhost/":          {"tcp", "localhost:80"},
		"//localhost:8080":      {"tcp", "localhost:8080"},
		"//127.0.0.1:9000/":     {"tcp", "127.0.0.1:9000"},
		"//[::1]":               {"tcp", "[::1]:80"},
		"//[::1]:9000":          {"tcp", "[::1]:9000"},
		"unix:socket":           {"unix", socket},
		"unix:" + socket + "/.": {"unix", socket},
	}
	for rest, want := range tests {
		t.Run(rest, func(t *testing.T) {
			network, address, err := parsePlace(rest, "80")
			assert.NoError(t, err)
			assert.Equal(t, want.network, network)
			assert.Equal(t, want.address, address)
		})
	}
}

// TestParseUpstreams ensures by which means each kind of upstream is reached,
// and that several are kept in their order.
func TestParseUpstreams(t *testing.T) {
	directory := t.TempDir()
	routes, err := parseRoutes([]string{"/app=http://a,unix:/b,fastcgi://c,fastcgi:unix:/d,cgi:" + directory})
	require.NoError(t, err)
	all := routes[0].upstreams.all
	require.Len(t, all, 5)
	assert.Equal(t, "a:80", all[0].means.(*overHTTP).pool.address)
	assert.Equal(t, "unix", all[1].means.(*overHTTP).pool.network)
	assert.Equal(t, "c:9000", all[2].means.(*fastCGI).pool.address)
	assert.Equal(t, "fastcgi://c", all[2].means.(*fastCGI).name)
	assert.Equal(t, "unix", all[3].means.(*fastCGI).pool.network)
	assert.Equal(t, directory, all[4].means.(*cgi).directory.Name())
	assert.Equal(t, "unix:/b", all[1].name)
	all[4].means.(*cgi).directory.Close()
}

// FuzzParseRoutes ensures that a route which is taken is one that a request can
// meet: the request for its own pattern.
func FuzzParseRoutes(f *testing.F) {
	for _, pattern := range []string{"/app", "/app/", "/", "//", "//b", "/a%2Fb", "/%25", ".php", "/a;b", "/..;x", "/a/./b", `/\`, "/%00", "/a?b"} {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		routes, err := parseRoutes([]string{pattern + "=http://a"})
		if err != nil || routes[0].extension != "" {
			return
		}
		path, _, queried := strings.Cut(pattern, "?")
		segments, ok := pathSegments(path)
		assert.True(t, ok)
		h := &handover{route: routes[0]}
		assert.True(t, queried || h.begins(segments) || h.begins(append(segments, "")), "%q", pattern)
		assert.False(t, climbs(routes[0].segments))
	})
}
