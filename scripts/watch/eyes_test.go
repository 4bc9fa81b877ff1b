package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// deadline is how long a test waits for what must happen, on a busy machine.
const deadline = time.Minute

// A save is a way in which an editor, or somebody else, changes files.
type save struct {
	name string
	do   func(t *testing.T, folder string)

	// want are the files that have changed.
	want []string
}

// put writes a file in a folder as most editors do: in place.
func put(t *testing.T, folder, name, text string) {
	file := filepath.Join(folder, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
}

// rename gives a file another name, over one that is there.
func rename(t *testing.T, folder, from, to string) {
	require.NoError(t, os.Rename(filepath.Join(folder, from), filepath.Join(folder, to)))
}

// remove removes a file.
func remove(t *testing.T, folder, name string) {
	require.NoError(t, os.Remove(filepath.Join(folder, name)))
}

// saves are the ways of the common editors, and what is no save.
var saves = []save{
	{"in place", func(t *testing.T, f string) { put(t, f, "main.go", "new") }, []string{"main.go"}},
	{"in place, the same length", func(t *testing.T, f string) { put(t, f, "main.go", "dlo") }, []string{"main.go"}},
	{"the same length and time", func(t *testing.T, f string) {
		info, err := os.Stat(filepath.Join(f, "main.go"))
		require.NoError(t, err)
		put(t, f, "main.go", "dlo")
		require.NoError(t, os.Chtimes(filepath.Join(f, "main.go"), info.ModTime(), info.ModTime()))
	}, []string{"main.go"}},
	{"truncate, then write", func(t *testing.T, f string) {
		require.NoError(t, os.Truncate(filepath.Join(f, "main.go"), 0))
		put(t, f, "main.go", "new")
	}, []string{"main.go"}},
	{"rename over it", func(t *testing.T, f string) {
		put(t, f, ".main.go.tmp", "new")
		rename(t, f, ".main.go.tmp", "main.go")
	}, []string{"main.go"}},
	{"vim: the old one becomes a backup", func(t *testing.T, f string) {
		put(t, f, "4913", "")
		remove(t, f, "4913")
		rename(t, f, "main.go", "main.go~")
		put(t, f, "main.go", "new")
		remove(t, f, "main.go~")
	}, []string{"main.go"}},
	{"JetBrains: two renames", func(t *testing.T, f string) {
		put(t, f, "main.go___jb_tmp___", "new")
		rename(t, f, "main.go", "main.go___jb_old___")
		rename(t, f, "main.go___jb_tmp___", "main.go")
		remove(t, f, "main.go___jb_old___")
	}, []string{"main.go"}},
	{"delete, then create", func(t *testing.T, f string) {
		remove(t, f, "main.go")
		put(t, f, "main.go", "new")
	}, []string{"main.go"}},
	{"removed", func(t *testing.T, f string) { remove(t, f, "main.go") }, []string{"main.go"}},
	{"a new file", func(t *testing.T, f string) { put(t, f, "new.go", "new") }, []string{"new.go"}},
	{"a new name", func(t *testing.T, f string) { rename(t, f, "main.go", "new.go") }, []string{"main.go", "new.go"}},
	{"a new folder", func(t *testing.T, f string) { put(t, f, "new/folder/main.go", "new") }, []string{"new/folder/main.go"}},
	{"several at once", func(t *testing.T, f string) {
		put(t, f, "main.go", "new")
		put(t, f, "check.txtar", "new")
	}, []string{"check.txtar", "main.go"}},
	{"touched", func(t *testing.T, f string) {
		require.NoError(t, os.Chtimes(filepath.Join(f, "main.go"), time.Now(), time.Now().Add(-time.Hour)))
	}, nil},
	{"written with the same content", func(t *testing.T, f string) {
		// It is never shorter in between: else somebody could see that.
		file, err := os.OpenFile(filepath.Join(f, "main.go"), os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = file.WriteString("old")
		require.NoError(t, errors.Join(err, file.Close()))
	}, nil},
	{"another mode", func(t *testing.T, f string) {
		require.NoError(t, os.Chmod(filepath.Join(f, "main.go"), 0o444))
	}, nil},
	{"what editors leave behind", func(t *testing.T, f string) {
		for _, name := range []string{".main.go.swp", "main.go~", "#main.go#", ".#main.go", "4913", ".DS_Store", ".git/index", "main.go.orig", "sedAb12Cd", "_kept-2026/main.go", "main.exe"} {
			put(t, f, name, "x")
		}
	}, nil},
}

// silent is a system that tells of nothing, as some network drives do.
func silent() (*notifier, error) {
	return &notifier{add: func(string) error { return nil }, close: func() error { return nil }}, nil
}

// sight is what eyes in a test have to see, and to say.
type sight struct {
	folder  string
	eyes    *eyes
	changes chan []string
	said    chan string
}

// open opens eyes for a new folder, until the test ends.
func open(t *testing.T, system func() (*notifier, error)) *sight {
	s := look(t, system)
	s.watch(t)
	return s
}

// look returns eyes that have had a first look at a new folder. However long the
// test stands still, main.go counts as fresh: its time is one to come.
func look(t *testing.T, system func() (*notifier, error)) *sight {
	s := &sight{folder: t.TempDir(), changes: make(chan []string), said: make(chan string, 10)}
	put(t, s.folder, "main.go", "old")
	put(t, s.folder, "check.txtar", "old")
	require.NoError(t, os.Chtimes(filepath.Join(s.folder, "main.go"), time.Time{}, time.Now().Add(time.Hour)))
	s.eyes = newEyes(newPlace(s.folder, "."), func(sentence string) { s.said <- sentence }, system)
	return s
}

// watch lets eyes watch, until the test ends.
func (s *sight) watch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.eyes.watch(ctx, s.changes)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// next returns what has changed next.
func (s *sight) next(t *testing.T) []string {
	select {
	case names := <-s.changes:
		return names
	case <-time.After(deadline):
		require.FailNow(t, "no change was seen")
		return nil
	}
}

// TestSaves ensures that every way of saving is seen, and nothing else, whether
// the system tells of it, or the files are looked at again and again, or the
// system was believed to tell.
func TestSaves(t *testing.T) {
	t.Parallel()
	systems := map[string]func() (*notifier, error){"told": notify, "polled": nil, "not told": silent}
	for name, system := range systems {
		for _, way := range saves {
			t.Run(name+"/"+way.name, func(t *testing.T) {
				t.Parallel()
				s := open(t, system)
				way.do(t, s.folder)
				if way.want == nil {
					way.want = []string{"later.go"} // The first thing that is seen comes later.
					put(t, s.folder, "later.go", "x")
				}
				var got []string
				for len(got) < len(way.want) { // On a busy machine, it may take several looks.
					got = append(got, s.next(t)...)
					slices.Sort(got)
					got = slices.Compact(got)
				}
				assert.Equal(t, way.want, got)
			})
		}
	}
}

// TestSettle ensures that a save which is not over yet is waited for: what a look
// sees in the middle of it is not taken for the end.
func TestSettle(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	put(t, top, "main.go", "old")
	p := newPlace(top, ".")
	e := newEyes(p, nil, nil)
	steps := []func(){
		func() { put(t, top, "main.go", "") },
		func() { put(t, top, "main.go", "new") },
	}
	remove(t, top, "main.go")
	e.look = func(before scan) scan {
		now := p.look(before)
		if len(steps) > 0 { // The editor goes on after each look.
			steps[0]()
			steps = steps[1:]
		}
		return now
	}
	assert.Equal(t, []string{"main.go"}, e.settle(t.Context()))
	assert.Empty(t, changed(e.last, p.look(e.last)), "the save went on after it was taken to be over")
	e.look = p.look
	assert.Empty(t, e.settle(t.Context()))
}

// TestNewFolder ensures that an exercise that is started while the eyes are open
// is seen, and what is saved there, too.
func TestNewFolder(t *testing.T) {
	t.Parallel()
	s := open(t, notify)
	put(t, s.folder, "exercises/time/main.go", "one")
	assert.Equal(t, []string{"exercises/time/main.go"}, s.next(t))
	put(t, s.folder, "exercises/time/main.go", "two")
	assert.Equal(t, []string{"exercises/time/main.go"}, s.next(t))
	assert.Empty(t, s.said)
}

// TestNotTold ensures that the eyes look again and again, and say so in one
// sentence, where the system does not tell of changes or not of all.
func TestNotTold(t *testing.T) {
	t.Parallel()
	full := func() (*notifier, error) {
		n, err := silent()
		n.add = func(string) error { return errors.New("no space left") }
		return n, err
	}
	broken := func() (*notifier, error) {
		n, err := silent()
		failures := make(chan error, 1)
		failures <- errors.New("gone")
		n.errors = failures
		return n, err
	}
	tests := map[string]struct {
		system func() (*notifier, error)
		want   string
	}{
		"none":     {func() (*notifier, error) { return nil, errors.New("too many open files") }, "cannot tell of changes (too many open files)"},
		"a limit":  {full, "in all folders (no space left)"},
		"a breach": {broken, "no more (gone)"},
		"silence":  {silent, "does not tell of changes in this folder"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, test.system)
			put(t, s.folder, "main.go", "new")
			assert.Equal(t, []string{"main.go"}, s.next(t))
			put(t, s.folder, "main.go", "newer")
			assert.Equal(t, []string{"main.go"}, s.next(t))
			require.Len(t, s.said, 1)
			assert.Contains(t, <-s.said, test.want)
		})
	}
}

// TestOverflow ensures that the system may lose count: it is a reason to look.
func TestOverflow(t *testing.T) {
	t.Parallel()
	failures := make(chan error, 1)
	s := look(t, func() (*notifier, error) {
		n, err := silent()
		n.errors = failures
		return n, err
	})
	put(t, s.folder, "main.go", "new")
	failures <- fsnotify.ErrEventOverflow // It is there before the eyes look by themselves.
	s.watch(t)
	assert.Equal(t, []string{"main.go"}, s.next(t))
	assert.Empty(t, s.said)
}

// TestUnreadable ensures that a file that cannot be read for a while, because an
// editor has it, is taken to be as it was.
func TestUnreadable(t *testing.T) {
	p := newPlace(t.TempDir(), ".")
	put(t, p.top, "main.go", "old")
	before := p.look(scan{})
	put(t, p.top, "main.go", "new")
	p.sum = func(string) ([32]byte, error) { return [32]byte{}, errors.New("somebody else has the file") }
	now := p.look(before)
	assert.Empty(t, changed(before, now))
	p.sum = sumOf
	assert.Equal(t, []string{"main.go"}, changed(now, p.look(now)))
}
