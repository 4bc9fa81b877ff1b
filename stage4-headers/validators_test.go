package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// infoOf returns what the system says of a file.
func infoOf(t *testing.T, s *server, name string) fs.FileInfo {
	info, err := s.root.Stat(name)
	require.NoError(t, err)
	return info
}

// waitForTick waits until the clock of the file system, by which it says when a file
// changed, shows another time than at the last change of a file.
func waitForTick(t *testing.T, s *server, name string) {
	last := changeTime(infoOf(t, s, name))
	require.Eventually(t, func() bool {
		return s.root.WriteFile("tick", nil, 0o666) == nil && changeTime(infoOf(t, s, "tick")) != last
	}, 5*time.Second, time.Millisecond)
	require.NoError(t, s.root.Remove("tick"))
}

// TestEntityTag ensures that a file has the same tag as long as it is left
// alone, and another one after each change, also one that hides itself.
func TestEntityTag(t *testing.T) {
	tests := map[string]struct {
		change func(t *testing.T, s *server)
		hidden bool
	}{
		"longer":            {func(t *testing.T, s *server) { writeSettled(t, s, "a.txt", "hello!\n") }, false},
		"shorter":           {func(t *testing.T, s *server) { writeSettled(t, s, "a.txt", "hell\n") }, false},
		"as long, new time": {func(t *testing.T, s *server) { require.NoError(t, s.root.Chtimes("a.txt", old, old.Add(100))) }, false},
		"as long, same time": {func(t *testing.T, s *server) {
			waitForTick(t, s, "a.txt")
			writeSettled(t, s, "a.txt", "HELLO\n")
		}, true},
		"another one, same time": {func(t *testing.T, s *server) {
			waitForTick(t, s, "a.txt")
			writeSettled(t, s, "b.txt", "HELLO\n")
			require.NoError(t, s.root.Rename("b.txt", "a.txt"))
		}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.hidden && (runtime.GOOS == "windows" || changeTime(infoOf(t, newServer(t), ".")) == 0) {
				t.Skip("this system does not tell when a file changed")
			}
			s := newServer(t)
			writeSettled(t, s, "a.txt", "hello\n")
			before := infoOf(t, s, "a.txt")
			assert.Equal(t, entityTag(before), entityTag(infoOf(t, s, "a.txt")))
			assert.True(t, unchanged(before, infoOf(t, s, "a.txt")))
			test.change(t, s)
			after := infoOf(t, s, "a.txt")
			assert.NotEqual(t, entityTag(before), entityTag(after))
			assert.False(t, unchanged(before, after))
		})
	}
}

// A stubInfo is what a system could say of a file.
type stubInfo struct {
	fs.FileInfo
	size     int64
	modified time.Time
	mode     fs.FileMode
}

// Size returns the length.
func (i stubInfo) Size() int64 { return i.size }

// ModTime returns the modification time.
func (i stubInfo) ModTime() time.Time { return i.modified }

// Mode returns the mode.
func (i stubInfo) Mode() fs.FileMode { return i.mode }

// Sys returns nothing.
func (i stubInfo) Sys() any { return nil }

// TestEntityTagForm ensures how a tag is written (RFC 9110, 8.8.3), that no two
// files with other numbers have the same, and when it is weak.
func TestEntityTagForm(t *testing.T) {
	tests := map[string]struct {
		size     int64
		modified time.Time
		want     string
	}{
		"some":         {35, time.Unix(0, 71), `^"z-1z-0-0"$`},
		"an empty one": {0, time.Unix(0, 0), `^"0-0-0-0"$`},
		"before 1970":  {1, time.Unix(-1, 0), `^"1--[0-9a-z]+-0-0"$`},
		"fresh":        {1, recent, `^W/"1-[0-9a-z]+-0-0"$`},
		"not for long": {1, recent.Add(-settleTime + 1), `^W/"1-[0-9a-z]+-0-0"$`},
		"settled":      {1, recent.Add(-settleTime), `^"1-[0-9a-z]+-0-0"$`},
		"to come":      {1, recent.Add(time.Hour), `^W/"1-[0-9a-z]+-0-0"$`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			atRecent(t, func(t *testing.T) {
				assert.Regexp(t, test.want, entityTag(stubInfo{size: test.size, modified: test.modified}))
			})
		})
	}
}

// TestUnchanged ensures that a mode counts, and which file it is.
func TestUnchanged(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "hello\n")
	writeSettled(t, s, "b.txt", "hello\n")
	a := infoOf(t, s, "a.txt")
	assert.True(t, unchanged(a, a))
	assert.False(t, unchanged(a, infoOf(t, s, "b.txt")), "as long, and as old")
	require.NoError(t, s.root.Chmod("a.txt", 0o444))
	assert.False(t, unchanged(a, infoOf(t, s, "a.txt")))
	require.NoError(t, s.root.Chmod("a.txt", 0o666))
	copied := filepath.Join(s.root.Name(), "c.txt")
	require.NoError(t, os.Link(filepath.Join(s.root.Name(), "b.txt"), copied))
	assert.True(t, unchanged(infoOf(t, s, "b.txt"), infoOf(t, s, "c.txt")), "it is the same file")
}

// TestValidate ensures the fields by which a client can ask later.
func TestValidate(t *testing.T) {
	tests := map[string]struct {
		mediaType string
		modified  time.Time
		want      []Field
	}{
		"a page": {"text/html; charset=utf-8", old.Add(time.Second - 1), []Field{
			{"ETag", `"x"`}, {"Last-Modified", "Fri, 02 Jan 2026 15:04:05 GMT"}, {"Cache-Control", "no-cache"}, {"Vary", vary}, {"Accept-Ranges", "bytes"}}},
		"a picture": {"image/png", old, []Field{
			{"ETag", `"x"`}, {"Last-Modified", "Fri, 02 Jan 2026 15:04:05 GMT"}, {"Cache-Control", "max-age=60"}, {"Vary", vary}, {"Accept-Ranges", "bytes"}}},
		"no time": {"application/json", time.Time{}, []Field{
			{"ETag", `"x"`}, {"Cache-Control", "no-cache"}, {"Vary", vary}, {"Accept-Ranges", "bytes"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			response := &Response{Header: []Field{{"Content-Type", test.mediaType}}}
			response.validate(`"x"`, test.modified)
			assert.Equal(t, test.want, response.Header[1:])
			assert.Equal(t, `"x"`, response.Tag)
			assert.Equal(t, test.modified.Truncate(time.Second), response.Modified)
		})
	}
}

// TestValidateFuture ensures that a date is never in the future, where it would
// never come to be right (RFC 9110, 8.8.2.1).
func TestValidateFuture(t *testing.T) {
	response := &Response{Header: []Field{{"Content-Type", "text/html"}}}
	before := time.Now().Truncate(time.Second)
	response.validate(`"x"`, time.Now().Add(time.Hour))
	assert.False(t, response.Modified.Before(before))
	assert.False(t, response.Modified.After(time.Now()))
	assert.Equal(t, formatDate(response.Modified), valueOf(t, response, "Last-Modified"))
}

// TestDistinguish ensures that another representation has another tag, weak
// where the first is, and that the first keeps its own.
func TestDistinguish(t *testing.T) {
	for tag, want := range map[string]string{`"a"`: `"a-gzip"`, `W/"a"`: `W/"a-gzip"`, `"a-html"`: `"a-html-gzip"`} {
		response := &Response{Tag: tag, Header: []Field{{"A", "b"}, {"ETag", tag}, {"C", "d"}}}
		other := response.distinguish("gzip")
		assert.Equal(t, want, other.Tag)
		assert.Equal(t, []Field{{"A", "b"}, {"ETag", want}, {"C", "d"}}, other.Header)
		assert.Equal(t, []Field{{"A", "b"}, {"ETag", tag}, {"C", "d"}}, response.Header)
		assert.Equal(t, isWeak(tag), isWeak(other.Tag))
	}
}
