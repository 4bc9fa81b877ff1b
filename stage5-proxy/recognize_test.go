package main

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRecognize ensures which requests are for an application, for which one,
// and how the path is divided.
func TestRecognize(t *testing.T) {
	s := newRouted(t, "/app=http://a", "/app/deep/er=http://a", "/with%20space=http://a", "/other=http://a")
	tests := map[string]string{
		"/app":                    "/app /app ",
		"/app/":                   "/app /app /",
		"/app?x=/other":           "/app /app ",
		"/app/x?y":                "/app /app /x",
		"/app//x":                 "/app /app //x",
		"/%61pp/x":                "/app /app /x",
		"/app/%78":                "/app /app /x",
		"/app/a%2Fb":              "/app /app /a/b",
		"/app/deep":               "/app /app /deep",
		"/app/deep/er":            "/app/deep/er /app/deep/er ",
		"/app/deep/er/x":          "/app/deep/er /app/deep/er /x",
		"/app/deep/erx":           "/app /app /deep/erx",
		"/app/deep//er":           "/app /app /deep//er",
		"/with%20space/x":         "/with%20space /with space /x",
		"http://other/app/x":      "/app /app /x",
		"HTTP://other:80/app":     "/app /app ",
		"/app/...":                "/app /app /...",
		"/app/.x":                 "/app /app /.x",
		"/app/a;b=c":              "/app /app /a;b=c",
		"/app/x?a/../b":           "/app /app /x",
		"/apple":                  "",
		"/ap":                     "",
		"/APP":                    "",
		"/":                       "",
		"//app":                   "",
		"/x/app":                  "",
		"/app%2Fx":                "",
		"/app%3Fx":                "",
		"/other%":                 "",
		"/app/%zz":                "",
		"*":                       "",
		"http:///app":             "",
		"app:80":                  "",
		"/?/app":                  "",
		"http://other?/app":       "",
		"/app/..":                 "403",
		"/app/../":                "403",
		"/app/.":                  "403",
		"/app/./x":                "403",
		"/app/%2e%2E/x":           "403",
		"/app/.%2e":               "403",
		"/app/..;x":               "403",
		"/app/x/..;a=b/y":         "403",
		"/app/..%3Bx":             "403",
		"/app/..%2Fx":             "403",
		"/app/x%2F..":             "403",
		"/app/x%2F.%2Fy":          "403",
		`/app/x\..\y`:             "403",
		"/app/%5C":                "403",
		"/app/x%5c..%5Csecret":    "403",
		"http://other/app/../x":   "403",
		"/app/deep/er/../../../x": "403",
		"/../app":                 "",
		"/./app":                  "",
	}
	for target, want := range tests {
		t.Run(target, func(t *testing.T) {
			h, err := s.recognize(Request{Method: "GET", Target: target, Client: s.newConnection(placed{&fakeConn{}, "a:1", "b:2"})})
			switch {
			case want == "403":
				assert.Equal(t, 403, statusOf(err), "%v", err)
			case want == "":
				assert.NoError(t, err)
				assert.Nil(t, h)
			default:
				require.NoError(t, err)
				require.NotNil(t, h)
				assert.Equal(t, want, h.route.pattern+" "+h.script+" "+h.rest)
				assert.Equal(t, s.root.Name(), h.documentRoot)
			}
		})
	}
}

// TestRecognizeMethods ensures that no application gets a CONNECT, and each any
// other method, known or not.
func TestRecognizeMethods(t *testing.T) {
	s := newRouted(t, "/=http://a")
	for method, want := range map[string]bool{"GET": true, "BREW": true, "TRACE": true, "CONNECT": false} {
		h, err := s.recognize(Request{Method: method, Target: "/", Client: s.newConnection(placed{&fakeConn{}, "a:1", "b:2"})})
		assert.NoError(t, err)
		assert.Equal(t, want, h != nil, method)
	}
}

// TestRecognizeScripts ensures which files are scripts, by their extension, and
// what follows their names.
func TestRecognizeScripts(t *testing.T) {
	s := newRouted(t, ".php=http://a")
	for _, name := range []string{"sub", "page", "empty", "dir.php", "deep.php"} {
		require.NoError(t, s.root.Mkdir(name, 0o777))
	}
	for _, name := range []string{"a.php", "B.PHP", "c.php.txt", "sub/index.php", "page/index.php", "page/index.html", "deep.php/b.php", "x y.php", "f.txt"} {
		require.NoError(t, s.root.WriteFile(name, []byte("script"), 0o666))
	}
	tests := map[string]string{
		"/a.php":             "a.php /a.php ",
		"/a.php?x=/b.php":    "a.php /a.php ",
		"/a.php/":            "a.php /a.php /",
		"/a.php/more":        "a.php /a.php /more",
		"/a.php/more/":       "a.php /a.php /more/",
		"/a.php/b.php":       "a.php /a.php /b.php",
		"/a%2Ephp":           "a.php /a.php ",
		"/B.PHP":             "B.PHP /B.PHP ",
		"/x%20y.php/%41":     "x y.php /x y.php /A",
		"/sub/":              "sub/index.php /sub/index.php ",
		"/sub/index.php/x":   "sub/index.php /sub/index.php /x",
		"/deep.php/b.php/c":  "deep.php/b.php /deep.php/b.php /c",
		"http://a/a.php/x":   "a.php /a.php /x",
		"/sub":               "",
		"/page/":             "",
		"/page/index.html":   "",
		"/empty/":            "",
		"/dir.php":           "",
		"/dir.php/":          "",
		"/":                  "",
		"/a":                 "",
		"/c.php.txt":         "",
		"/f.txt/a.php":       "404",
		"/f.txt":             "",
		"/none.php":          "404",
		"/none/a.php":        "404",
		"/a.php/../b":        "403",
		"/sub/../a.php":      "403",
		"/a.php/%2e%2e":      "403",
		`/a.php/x\y`:         "403",
		"/a%2Fb.php":         "404",
		"//a.php":            "404",
		"/%2e%2e/secret.php": "403",
	}
	for target, want := range tests {
		t.Run(target, func(t *testing.T) {
			h, err := s.recognize(Request{Method: "GET", Target: target, Client: s.newConnection(placed{&fakeConn{}, "a:1", "b:2"})})
			if want == "403" || want == "404" {
				assert.Equal(t, want, map[int]string{403: "403", 404: "404"}[statusOf(err)], "%v", err)
				return
			}
			require.NoError(t, err)
			if want == "" {
				assert.Nil(t, h)
				return
			}
			require.NotNil(t, h)
			assert.Equal(t, want, strings.ReplaceAll(h.file, `\`, "/")+" "+h.script+" "+h.rest)
		})
	}
}

// TestScriptNotSent ensures that the text of a script is never sent, by whatever
// name it is found: not where pages are scripts, either.
func TestScriptNotSent(t *testing.T) {
	s := newServer(t)
	s.routeTo(stubMeans(func(*handover) (*Response, error) { return outcomes("200") }))
	s.routes[0].segments, s.routes[0].extension = nil, ".html"
	for _, name := range []string{"h", "other"} {
		require.NoError(t, s.root.Mkdir(name, 0o777))
	}
	for _, name := range []string{"page.html", "data.json", "h/index.html", "other/x.html"} {
		require.NoError(t, s.root.WriteFile(name, []byte("text"), 0o666))
	}
	tests := map[string]string{
		"/page.html": "200 handed over", "/h/": "200 handed over", "/h/index.html": "200 handed over",
		"/page": "404", "/h/index": "404", "/h": "301", "/data": "200", "/data.json": "200", "/other/": "200", "/other": "301",
	}
	for target, want := range tests {
		got := converseFrom(s, "GET "+target+" HTTP/1.1\r\nHost: a\r\n\r\n")
		status, isOver, _ := strings.Cut(want, " ")
		assert.Equal(t, status, statusesIn(got), target)
		assert.Equal(t, isOver != "", strings.Contains(got, "From: there"), target)
		assert.Equal(t, strings.HasPrefix(target, "/data"), strings.HasSuffix(got, "text"), target)
	}
}

// cleaned returns where a path leads for programs that clean it, each in its own
// way.
func cleaned(raw string) []string {
	decoded, err := url.PathUnescape(raw)
	if err != nil {
		return nil
	}
	slashes := strings.ReplaceAll(decoded, `\`, "/")
	var segments []string
	for _, segment := range strings.Split(slashes, "/") {
		name, _, _ := strings.Cut(segment, ";")
		segments = append(segments, name)
	}
	return []string{path.Clean(raw), path.Clean(decoded), path.Clean(slashes), path.Clean(strings.Join(segments, "/"))}
}

// FuzzRecognize ensures that no path is handed over that an application which
// cleans it would find outside of what is the application's.
func FuzzRecognize(f *testing.F) {
	for _, target := range []string{
		"/app/x", "/app/../x", "/app/%2e%2e/x", "/app/..;/x", "/app/..%2fx", `/app/..\x`, "/app/%5c..%5c", "/%61pp/../x", "/app//../..", "/app/.;/..;a/x",
		"http://h/app/..", "/app/%252e%252e/x", "/app/x?/../..", "/app%2f..", "/app/.%2e%2fx", "/app/a;b/../../c", "/app/%2F../x", "/app;a/x",
	} {
		f.Add(target)
	}
	routes, err := parseRoutes([]string{"/app=http://a"})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, target string) {
		s := newServer(t)
		s.routes = routes
		if !isTarget(target) {
			return
		}
		h, err := s.recognize(Request{Method: "GET", Target: target, Client: s.newConnection(placed{&fakeConn{}, "a:1", "b:2"})})
		if err != nil || h == nil {
			return
		}
		raw, _, _ := strings.Cut(h.target, "?")
		assert.NotEmpty(t, cleaned(raw))
		for i, there := range cleaned(raw) {
			if i == 0 && !strings.HasPrefix(there, "/app") {
				continue // Who does not decode does not know this name.
			}
			assert.True(t, there == "/app" || strings.HasPrefix(there, "/app/"), "%q leads to %q", raw, there)
		}
	})
}
