package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newReports returns a server with files that have a name in common.
func newReports(t *testing.T) *server {
	s := newServer(t)
	for _, name := range []string{"report.html", "report.json", "report.txt", "report.css", "report.q7z", "only.json", "other.q7z", "sub/a b.txt"} {
		require.NoError(t, s.root.MkdirAll(filepath.Dir(name), 0o777))
		writeSettled(t, s, name, "this is "+name)
	}
	require.NoError(t, s.root.MkdirAll("report.xml", 0o777))
	require.NoError(t, s.root.MkdirAll("empty", 0o777))
	return s
}

// TestVariant ensures which file a client gets for a name without its extension.
func TestVariant(t *testing.T) {
	s := newReports(t)
	tests := map[string]struct {
		target, accept string
		want           string
	}{
		"it does not say":             {"/report", "", "report.html"},
		"it takes everything":         {"/report", "*/*", "report.html"},
		"it wants a page":             {"/report", "text/html", "report.html"},
		"it wants JSON":               {"/report", "application/json", "report.json"},
		"JSON most of all":            {"/report", "text/html;q=0.5, application/json", "report.json"},
		"anything but a page":         {"/report", "text/html;q=0, */*", "report.css"},
		"a text, but no page":         {"/report", "text/plain, text/*;q=0.5, text/html;q=0.1", "report.txt"},
		"a browser":                   {"/report", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "report.html"},
		"nonsense":                    {"/report", "nonsense", "report.html"},
		"there is only one":           {"/only", "", "only.json"},
		"a query":                     {"/only?x=1", "", "only.json"},
		"in a directory, and a space": {"/sub/a%20b", "", "sub/a b.txt"},
		"the extension itself":        {"/report.json", "application/json", "report.json"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for range 2 { // The second time from memory.
				var fields []Field
				if test.accept != "" {
					fields = []Field{{"Accept", test.accept}}
				}
				response, content := ask(t, s, test.target, fields...)
				assert.Equal(t, 200, response.Status)
				assert.Equal(t, "this is "+test.want, content)
				assert.Equal(t, mediaType(test.want), valueOf(t, response, "Content-Type"))
				location := ""
				if name != "the extension itself" {
					location = linkTo(filepath.FromSlash(test.want))
				}
				assert.Equal(t, location, valueOf(t, response, "Content-Location"))
				assert.Equal(t, vary, valueOf(t, response, "Vary"))
				assert.Equal(t, response.Tag, valueOf(t, response, "ETag"))
			}
		})
	}
}

// TestVariantRefused ensures what there is no variant of, and who takes none.
func TestVariantRefused(t *testing.T) {
	s := newReports(t)
	tests := map[string]struct {
		target, accept string
		want           int
	}{
		"nothing of that name":        {"/missing", "", 404},
		"an extension nobody knows":   {"/other", "", 404},
		"half of a name":              {"/repor", "", 404},
		"a directory in between":      {"/report/", "", 404},
		"another extension":           {"/report.md", "", 404},
		"no such directory":           {"/missing/report", "", 404},
		"below a file":                {"/report.html/report", "", 404},
		"it takes none of them":       {"/report", "image/png", 406},
		"it takes nothing":            {"/report", "*/*;q=0", 406},
		"it takes another":            {"/only", "text/html", 406},
		"not the file itself":         {"/report.html", "application/json", 406},
		"not the type of a directory": {"/report.xml/", "image/png", 406},
		"a directory of that name":    {"/empty", "", 301},
		"whatever it takes":           {"/empty", "image/png", 301},
		"outside, whatever it takes":  {"/../report", "image/png", 403},
		"missing, whatever it takes":  {"/missing", "image/png", 404},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var fields []Field
			if test.accept != "" {
				fields = []Field{{"Accept", test.accept}}
			}
			response, _ := ask(t, s, test.target, fields...)
			assert.Equal(t, test.want, response.Status)
			if test.want == 406 {
				assert.Equal(t, vary, valueOf(t, response, "Vary"))
			}
		})
	}
}

// TestVariantTags ensures that no two forms of one thing have the same tag, and
// that each answers for itself.
func TestVariantTags(t *testing.T) {
	s := newReports(t)
	seen := map[string]string{}
	for _, accept := range []string{"text/html", "application/json", "text/plain", "text/css"} {
		response, _ := ask(t, s, "/report", Field{"Accept", accept})
		assert.NotContains(t, seen, response.Tag)
		seen[response.Tag] = accept
		assert.Equal(t, "-"+filepath.Ext(valueOf(t, response, "Content-Location"))[1:]+`"`, response.Tag[strings.LastIndex(response.Tag, "-"):])
		direct, _ := ask(t, s, valueOf(t, response, "Content-Location"))
		assert.NotEqual(t, direct.Tag, response.Tag)
	}
	for tag, accept := range seen {
		for _, other := range seen {
			response, _ := ask(t, s, "/report", Field{"Accept", other}, Field{"If-None-Match", tag})
			assert.Equal(t, other == accept, response.Status == 304)
			assert.True(t, response.Status != 304 || valueOf(t, response, "Content-Location") != "")
		}
	}
}

// TestVariantNotAcceptable ensures that a client that takes none is led to each.
func TestVariantNotAcceptable(t *testing.T) {
	s := newReports(t)
	_, content := ask(t, s, "/report", Field{"Accept", "image/png"})
	for _, link := range []string{"/report.html", "/report.css", "/report.json", "/report.txt"} {
		assert.Contains(t, content, `<a href="`+link+`">`)
	}
	assert.NotContains(t, content, "q7z")
	assert.NotContains(t, content, "xml")
	_, content = ask(t, s, "/sub/a%20b", Field{"Accept", "image/png"})
	assert.Contains(t, content, `<a href="/sub/a%20b.txt">/sub/a%20b.txt</a> (text/plain; charset=utf-8)`)
	_, content = ask(t, s, "/sub/a%20b.txt", Field{"Accept", "image/png"})
	assert.Contains(t, content, `<a href="/sub/a%20b.txt">/sub/a%20b.txt</a> (text/plain; charset=utf-8)`)
	_, content = ask(t, s, "/sub/", Field{"Accept", "image/png"})
	assert.Contains(t, content, `<a href="/sub/">/sub/</a> (application/json)`)
}

// TestVariantOutside ensures that what leads outside is no variant.
func TestVariantOutside(t *testing.T) {
	s := newReports(t)
	outside := filepath.Join(t.TempDir(), "secret.html")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o666))
	if err := os.Symlink(outside, filepath.Join(s.root.Name(), "only.html")); err != nil {
		t.Skip("this system lets no program make links")
	}
	response, content := ask(t, s, "/only")
	assert.Equal(t, 200, response.Status)
	assert.Equal(t, "this is only.json", content)
	_, content = ask(t, s, "/only", Field{"Accept", "image/png"})
	assert.NotContains(t, content, "only.html")
}

// TestExtensions ensures that pages come first, and nothing twice.
func TestExtensions(t *testing.T) {
	assert.Len(t, extensions, len(mediaTypes))
	assert.Equal(t, ".html", extensions[0])
	assert.IsIncreasing(t, extensions[1:])
	for _, extension := range extensions {
		assert.Contains(t, mediaTypes, extension)
	}
}

// TestHasVariants ensures which names a file could have without its extension.
func TestHasVariants(t *testing.T) {
	tests := map[string]bool{
		"report": true, "sub/report": true, "a.b/report": true, "a b": true,
		".": false, "report.html": false, "report.": false, ".profile": false, "report/": false, "sub/report/": false,
	}
	for name, want := range tests {
		assert.Equal(t, want, hasVariants(filepath.FromSlash(name)), name)
	}
}
