package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// settle lets a directory look old.
func settle(t *testing.T, s *server, name string) {
	require.NoError(t, s.root.Chtimes(name, old, old))
}

// TestSiblings ensures that the names in a directory are read once, as long as
// it is left alone, and that each change is seen at once.
func TestSiblings(t *testing.T) {
	s := newServer(t)
	require.NoError(t, s.root.Mkdir("sub", 0o777))
	writeSettled(t, s, "sub/a.txt", "a")
	settle(t, s, "sub")
	read := func() []string {
		names, known := s.siblings("sub")
		assert.True(t, known)
		return names
	}
	kept := func() bool {
		_, ok := s.memory.directories.get("sub")
		return ok
	}
	assert.False(t, kept())
	first := read()
	assert.Equal(t, []string{"a.txt"}, first)
	assert.True(t, kept())
	assert.Same(t, &first[0], &read()[0], "it was not read again")
	writeSettled(t, s, "sub/b.txt", "b")
	assert.ElementsMatch(t, []string{"a.txt", "b.txt"}, read())
	require.NoError(t, s.root.Chtimes("sub", old, old.Add(time.Minute)))
	assert.ElementsMatch(t, []string{"a.txt", "b.txt"}, read())
	require.NoError(t, s.root.Rename("sub/b.txt", "sub/c.txt"))
	assert.ElementsMatch(t, []string{"a.txt", "c.txt"}, read())
	require.NoError(t, s.root.Chtimes("sub", old, old.Add(2*time.Minute)))
	read()
	require.NoError(t, s.root.Remove("sub/a.txt"))
	assert.Equal(t, []string{"c.txt"}, read())
	require.NoError(t, s.root.RemoveAll("sub"))
	_, known := s.siblings("sub")
	assert.False(t, known)
}

// TestSiblingsFresh ensures that a directory is not kept that may change without
// a change of its time.
func TestSiblingsFresh(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "a")
	require.NoError(t, s.root.Chtimes(".", recent, recent))
	atRecent(t, func(t *testing.T) {
		names, known := s.siblings(".")
		assert.True(t, known)
		assert.Equal(t, []string{"a.txt"}, names)
		_, ok := s.memory.directories.get(".")
		assert.False(t, ok)
	})
}

// TestSiblingsMany ensures that a huge directory is not read to its end, and
// that its files are found all the same.
func TestSiblingsMany(t *testing.T) {
	s := newServer(t)
	for i := range listingLimit {
		require.NoError(t, s.root.WriteFile(fmt.Sprintf("%d.txt", i), nil, 0o666))
	}
	names, known := s.siblings(".")
	assert.True(t, known)
	assert.Len(t, names, listingLimit)
	require.NoError(t, s.root.WriteFile("report.json", []byte("here"), 0o666))
	settle(t, s, ".")
	_, known = s.siblings(".")
	assert.False(t, known)
	_, ok := s.memory.directories.get(".")
	assert.False(t, ok)
	_, content := ask(t, s, "/report")
	assert.Equal(t, "here", content)
}

// TestSiblingsReplaced ensures that a directory which another one has taken the
// place of is another one, though it is as old.
func TestSiblingsReplaced(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"sub", "next"} {
		require.NoError(t, s.root.Mkdir(name, 0o777))
		writeSettled(t, s, filepath.Join(name, name+".txt"), name)
		settle(t, s, name)
	}
	names, _ := s.siblings("sub")
	assert.Equal(t, []string{"sub.txt"}, names)
	require.NoError(t, s.root.Rename("sub", "away"))
	require.NoError(t, os.Rename(filepath.Join(s.root.Name(), "next"), filepath.Join(s.root.Name(), "sub")))
	names, _ = s.siblings("sub")
	assert.Equal(t, []string{"next.txt"}, names)
}

// TestSiblingsNone ensures that nothing is known of what is no directory.
func TestSiblingsNone(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "a")
	for _, name := range []string{"a.txt", "missing", ".."} {
		_, known := s.siblings(name)
		assert.False(t, known, name)
	}
}

// TestSizeOf ensures that names count, and that there are so many.
func TestSizeOf(t *testing.T) {
	assert.Zero(t, sizeOf(nil))
	assert.Equal(t, 3*16+6, sizeOf([]string{"a", "bc", "def"}))
}
