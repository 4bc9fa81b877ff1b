package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRemembered ensures which files are kept in memory, and that a response
// from there is the same as the first one.
func TestRemembered(t *testing.T) {
	s := newServer(t)
	require.NoError(t, s.root.Mkdir("sub", 0o777))
	for _, name := range []string{"a.txt", "index.html", "sub/index.html", "sub/b.txt"} {
		writeSettled(t, s, name, "this is "+name)
	}
	writeSettled(t, s, "most.txt", strings.Repeat("a", keptLimit))
	writeSettled(t, s, "long.txt", strings.Repeat("a", keptLimit+1))
	writeSettled(t, s, "empty.txt", "")
	writeRecent(t, s, "fresh.txt", "fresh")
	tests := map[string]struct {
		target, name string
		want         bool
	}{
		"a file":                    {"/a.txt", "a.txt", true},
		"a page for the root":       {"/", "index.html", true},
		"a page for a directory":    {"/sub/", "sub/index.html", true},
		"a file in a directory":     {"/sub/b.txt?x=1", "sub/b.txt", true},
		"an empty one":              {"/empty.txt", "empty.txt", true},
		"as long as can be":         {"/most.txt", "most.txt", true},
		"longer":                    {"/long.txt", "long.txt", false},
		"one that may still change": {"/fresh.txt", "fresh.txt", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			atRecent(t, func(t *testing.T) {
				first, content := ask(t, s, test.target)
				_, kept := s.memory.files.get(filepath.FromSlash(test.name))
				assert.Equal(t, test.want, kept)
				again, same := ask(t, s, test.target)
				assert.True(t, content == same)
				assert.Equal(t, first.Header, again.Header)
				assert.Equal(t, first.Tag, again.Tag)
				assert.Equal(t, first.Modified, again.Modified)
				assert.Equal(t, first.Length, again.Length)
				_, isMemory := again.Content.(*bytes.Reader)
				assert.Equal(t, test.want, isMemory)
			})
		})
	}
	_, kept := s.memory.files.get("sub")
	assert.False(t, kept)
	response, _ := ask(t, s, "/sub")
	assert.Equal(t, 301, response.Status, "a name without its slash is not its page")
	response, _ = ask(t, s, "/a.txt/")
	assert.Equal(t, 404, response.Status, "a file is no directory")
}

// TestRememberedApart ensures that no request changes what another one gets.
func TestRememberedApart(t *testing.T) {
	s := newServer(t)
	text := strings.Repeat("hello\n", 500)
	writeSettled(t, s, "a.txt", text)
	first, _ := ask(t, s, "/a.txt")
	for _, fields := range [][]Field{{{"Range", "bytes=1-2"}}, {{"Range", "bytes=1-2,4-5"}}, {{"Accept-Encoding", "gzip"}}, {{"If-None-Match", "*"}}, {{"Accept", "image/png"}}} {
		ask(t, s, "/a.txt", fields...)
		ask(t, s, "/a", fields...)
		again, content := ask(t, s, "/a.txt")
		assert.Equal(t, first.Header, again.Header)
		assert.True(t, text == content)
	}
}

// TestRememberedStale ensures that whatever happens to a file, nobody gets what
// it was: neither at once, while the way to it is believed, nor later.
func TestRememberedStale(t *testing.T) {
	outside := t.TempDir()
	tests := map[string]struct {
		change func(s *server, path string) error
		want   string
	}{
		"edited, longer":  {func(s *server, path string) error { return os.WriteFile(path, []byte("other!"), 0o666) }, "other!"},
		"edited, as long": {func(s *server, path string) error { return os.WriteFile(path, []byte("other"), 0o666) }, "other"},
		"edited, a bit later": {func(s *server, path string) error {
			return cmpErrors(os.WriteFile(path, []byte("other"), 0o666), os.Chtimes(path, old, old.Add(100)))
		}, "other"},
		"emptied": {func(s *server, path string) error { return os.Truncate(path, 0) }, ""},
		"deleted": {func(s *server, path string) error { return os.Remove(path) }, "404"},
		"replaced": {func(s *server, path string) error {
			return cmpErrors(os.WriteFile(path+"x", []byte("other"), 0o666), os.Chtimes(path+"x", old, old), os.Rename(path+"x", path))
		}, "other"},
		"its directory deleted": {func(s *server, path string) error { return os.RemoveAll(filepath.Dir(path)) }, "404"},
		"its directory renamed": {func(s *server, path string) error { return os.Rename(filepath.Dir(path), filepath.Dir(path)+"x") }, "404"},
		"its directory replaced": {func(s *server, path string) error {
			directory := filepath.Dir(path)
			return cmpErrors(os.Rename(directory, directory+"x"), os.Mkdir(directory, 0o777), os.WriteFile(path, []byte("other"), 0o666), os.Chtimes(path, old, old))
		}, "other"},
		"it is a directory now": {func(s *server, path string) error { return cmpErrors(os.Remove(path), os.Mkdir(path, 0o777)) }, "301"},
		"a link to outside": {func(s *server, path string) error {
			return cmpErrors(os.Remove(path), os.Symlink(filepath.Join(outside, "a.txt"), path))
		}, "403"},
		"its directory a link to outside": {func(s *server, path string) error {
			return cmpErrors(os.RemoveAll(filepath.Dir(path)), os.Symlink(outside, filepath.Dir(path)))
		}, "403"},
		"a link to another one": {func(s *server, path string) error {
			return cmpErrors(os.Remove(path), os.Symlink("b.txt", path))
		}, "there!"},
	}
	require.NoError(t, os.WriteFile(filepath.Join(outside, "a.txt"), []byte("secret"), 0o666))
	require.NoError(t, os.Chtimes(filepath.Join(outside, "a.txt"), old, old))
	for name, test := range tests {
		for _, later := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", later ", later), func(t *testing.T) {
				s := newServer(t)
				require.NoError(t, s.root.Mkdir("sub", 0o777))
				writeSettled(t, s, "sub/a.txt", "first")
				writeSettled(t, s, "sub/b.txt", "there!")
				_, content := ask(t, s, "/sub/a.txt")
				assert.Equal(t, "first", content)
				kept, ok := s.memory.files.get(filepath.FromSlash("sub/a.txt"))
				require.True(t, ok)
				if later {
					kept.checked.Store(0)
				}
				if err := test.change(s, filepath.Join(s.root.Name(), "sub", "a.txt")); err != nil && strings.Contains(name, "link") {
					t.Skip("this system lets no program make links")
				} else {
					require.NoError(t, err)
				}
				for range 2 {
					response, content := ask(t, s, "/sub/a.txt")
					if response.Status != 200 {
						content = fmt.Sprint(response.Status)
					}
					assert.Equal(t, test.want, content)
				}
			})
		}
	}
}

// cmpErrors returns the first error that is one.
func cmpErrors(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestRememberedMode ensures that a file which may not be read any more is not
// sent from memory.
func TestRememberedMode(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "first")
	ask(t, s, "/a.txt")
	require.NoError(t, s.root.Chmod("a.txt", 0))
	kept, _ := s.memory.files.get("a.txt")
	if runtime.GOOS != "windows" {
		assert.False(t, s.isCurrent(kept, old))
	}
	if file, err := s.root.Open("a.txt"); err == nil {
		file.Close()
		t.Skip("this user may read everything")
	}
	response, _ := ask(t, s, "/a.txt")
	assert.Equal(t, 403, response.Status)
}

// TestRememberedWall ensures that the Root is asked again about the way to a
// file: the very same file can come to lie behind a link that leads outside.
func TestRememberedWall(t *testing.T) {
	s := newServer(t)
	require.NoError(t, s.root.Mkdir("sub", 0o777))
	writeSettled(t, s, "sub/a.txt", "first")
	ask(t, s, "/sub/a.txt")
	kept, ok := s.memory.files.get(filepath.FromSlash("sub/a.txt"))
	require.True(t, ok)
	moved := filepath.Join(filepath.Dir(s.root.Name()), "moved")
	require.NoError(t, os.Rename(filepath.Join(s.root.Name(), "sub"), moved))
	if err := os.Symlink(moved, filepath.Join(s.root.Name(), "sub")); err != nil {
		t.Skip("this system lets no program make links")
	}
	checked := kept.checked.Load()
	kept.checked.Store(checked - int64(wallTime))
	response, _ := ask(t, s, "/sub/a.txt")
	assert.Equal(t, 403, response.Status)
}

// TestIsCurrent ensures how often the Root is asked.
func TestIsCurrent(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "first")
	ask(t, s, "/a.txt")
	kept, ok := s.memory.files.get("a.txt")
	require.True(t, ok)
	assert.WithinDuration(t, time.Now(), time.Unix(0, kept.checked.Load()), time.Minute, "it was asked, to open the file")
	kept.checked.Store(old.UnixNano())
	assert.True(t, s.isCurrent(kept, old.Add(wallTime-1)))
	assert.Equal(t, old.UnixNano(), kept.checked.Load())
	assert.True(t, s.isCurrent(kept, old.Add(wallTime)))
	assert.Equal(t, old.Add(wallTime).UnixNano(), kept.checked.Load())
	assert.True(t, s.isCurrent(kept, old), "the clock was set back")
	assert.Equal(t, old.UnixNano(), kept.checked.Load())
	assert.True(t, s.isCurrent(kept, old.Add(wallTime)))
	require.NoError(t, s.root.Close())
	assert.True(t, s.isCurrent(kept, old.Add(2*wallTime-1)), "it is not asked")
	assert.False(t, s.isCurrent(kept, old.Add(2*wallTime)), "it is asked")
	assert.Equal(t, old.Add(wallTime).UnixNano(), kept.checked.Load(), "what was refused is asked again")
}

// TestRememberChanging ensures that a file is not kept that changes while it is
// read.
func TestRememberChanging(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "first")
	file, info, err := s.open("a.txt")
	require.NoError(t, err)
	writeSettled(t, s, "a.txt", "others")
	response, err := s.fileResponse("a.txt", file, info)
	require.NoError(t, err)
	defer response.close()
	_, ok := s.memory.files.get("a.txt")
	assert.False(t, ok)
	assert.Equal(t, file, response.Content)
}

// TestRememberShort ensures that a file which is shorter than the system says is
// not filled up: the client sees that it is cut short. Linux has such files.
func TestRememberShort(t *testing.T) {
	root, err := os.OpenRoot("/sys/class/net/lo")
	if err != nil {
		t.Skip("there is no such file here")
	}
	defer root.Close()
	s := &server{root: root, quiet: true}
	const request = "GET /mtu HTTP/1.1\r\nHost: a\r\n\r\n"
	got := converse(s, request+request)
	assert.Equal(t, "200", statusesIn(got))
	assert.Regexp(t, `\r\n\r\n\d+\n$`, got)
	assert.Empty(t, s.memory.files.entries)
}

// TestRememberedShared ensures that many can ask for a file while it is replaced:
// each gets one that was there, whole, and with its own tag.
func TestRememberedShared(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", strings.Repeat("a", 100))
	var running sync.WaitGroup
	var mu sync.Mutex
	tags := map[string]string{}
	for range 4 {
		running.Go(func() {
			for range 300 {
				response, content := ask(t, s, "/a.txt")
				mu.Lock()
				if first, ok := tags[response.Tag]; ok {
					assert.Equal(t, first, content)
				}
				tags[response.Tag] = content
				mu.Unlock()
				assert.Equal(t, strings.Repeat(content[:1], len(content)), content)
			}
		})
	}
	running.Go(func() {
		for i := range 50 {
			writeSettled(t, s, "b.txt", strings.Repeat(string(rune('a'+i%26)), 101+i))
			if runtime.GOOS != "windows" { // There, a file that is open cannot be replaced.
				assert.NoError(t, s.root.Rename("b.txt", "a.txt"))
			}
		}
	})
	running.Wait()
}
