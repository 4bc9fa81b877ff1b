package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestListingForms ensures the same listing in each of its forms.
func TestListingForms(t *testing.T) {
	s := newServer(t)
	require.NoError(t, s.root.MkdirAll("sub/deep", 0o777))
	for _, name := range []string{"sub/b.txt", "sub/a b.txt", "sub/grün&.txt", "sub/'x'.txt"} {
		writeSettled(t, s, name, "x")
	}
	_, page := ask(t, s, "/sub/", Field{"Accept", "text/html"})
	assert.Contains(t, page, `<li><a href="/">../</a></li>`)
	assert.Contains(t, page, `<li><a href="/sub/deep/">deep/</a></li>`)
	assert.Contains(t, page, `<li><a href="/sub/a%20b.txt">a b.txt</a></li>`)
	_, names := ask(t, s, "/sub/", Field{"Accept", "text/plain"})
	assert.Equal(t, "deep/\n'x'.txt\na b.txt\nb.txt\ngrün&.txt\n", names)
	_, text := ask(t, s, "/sub/", Field{"Accept", "application/json"})
	assert.Contains(t, text, "{\n  \"path\": \"/sub/\",\n  \"entries\": [\n    {\n      \"name\": \"deep/\",\n      \"link\": \"/sub/deep/\"\n    },\n")
	assert.Contains(t, text, "grün&.txt", "for programs, nothing is escaped that need not be")
	var got listing
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	assert.Equal(t, listing{"/sub/", []entry{{"deep/", "/sub/deep/"}, {"'x'.txt", "/sub/%27x%27.txt"}, {"a b.txt", "/sub/a%20b.txt"},
		{"b.txt", "/sub/b.txt"}, {"grün&.txt", "/sub/gr%C3%BCn&.txt"}}, false}, got)
}

// TestListingNames ensures that a name makes one line, whatever is in it.
func TestListingNames(t *testing.T) {
	names := map[string]string{"a b.txt": "a b.txt", "grün.txt": "grün.txt", "a\nb": "/a%0Ab", "a\r": "/a%0D", "a\tb": "/a%09b", "\u0085/": "/%C2%85/", "\x7f": "/%7F"}
	for name, want := range names {
		var got strings.Builder
		assert.NoError(t, writeNames(&got, listing{Path: "/", Entries: []entry{{"../", "/"}, {name, link("/" + name)}}}))
		assert.Equal(t, want+"\n", got.String())
	}
}

// TestListingEmpty ensures that nothing is an empty list, and not no list.
func TestListingEmpty(t *testing.T) {
	for target, path := range map[string]string{"/": "/", "/sub/": "/sub/"} {
		s := newServer(t)
		require.NoError(t, s.root.MkdirAll(filepath.Join(".", path), 0o777))
		_, text := ask(t, s, target, Field{"Accept", "application/json"})
		assert.Equal(t, "{\n  \"path\": \""+path+"\",\n  \"entries\": [],\n  \"cut\": false\n}\n", text)
		response, names := ask(t, s, target, Field{"Accept", "text/plain"})
		assert.Equal(t, 200, response.Status)
		assert.Empty(t, names)
	}
}

// TestListingTag ensures that a listing has the same tag until it is another
// one, that each form has its own, and that it has no date.
func TestListingTag(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "x")
	seen := map[string]bool{}
	for range 2 {
		for _, accept := range []string{"text/html", "application/json", "text/plain"} {
			first, _ := ask(t, s, "/", Field{"Accept", accept})
			assert.False(t, seen[first.Tag])
			seen[first.Tag] = true
			assert.Regexp(t, `^"[-_A-Za-z0-9]{20}"$`, valueOf(t, first, "ETag"))
			assert.Empty(t, valueOf(t, first, "Last-Modified"))
			assert.Equal(t, "no-cache", valueOf(t, first, "Cache-Control"))
			assert.Equal(t, vary, valueOf(t, first, "Vary"))
			again, _ := ask(t, s, "/", Field{"Accept", accept}, Field{"If-None-Match", first.Tag})
			assert.Equal(t, 304, again.Status)
		}
		writeSettled(t, s, "b.txt", "x")
	}
}

// TestListingNotAcceptable ensures that who takes no form of it is told which
// there are.
func TestListingNotAcceptable(t *testing.T) {
	response, page := ask(t, newServer(t), "/", Field{"Accept", "image/png"})
	assert.Equal(t, 406, response.Status)
	for _, form := range listingTypes {
		assert.Contains(t, page, "("+form.mediaType+")")
	}
}

// TestWithoutUp ensures that the entries stay as they were for others.
func TestWithoutUp(t *testing.T) {
	entries := []entry{{"../", "/"}, {"a", "/a"}, {"b", "/b"}}
	assert.Equal(t, []entry{{"a", "/a"}, {"b", "/b"}}, withoutUp(entries))
	assert.Equal(t, []entry{{"../", "/"}, {"a", "/a"}, {"b", "/b"}}, entries)
}
