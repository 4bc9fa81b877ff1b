package watch

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// small returns a workbook with one stage, whose tests look only at what is
// written in the folder of an exercise.
func small(t *testing.T) string {
	return unpack(t, `
-- go.work --
go 1.25.0

use (
	.
	./stage1-hello
)
-- go.mod --
module example.com/top

go 1.25.0
-- stage1-hello/README.md --
[time](exercises/time/README.md), [echo](exercises/echo/README.md)
-- stage1-hello/exercises/time/README.md --
# The time
-- stage1-hello/exercises/echo/README.md --
# Echo
-- stage1-hello/go.mod --
module example.com/hello

go 1.25.0
-- stage1-hello/main.go --
package main

func main() {}
-- stage1-hello/main_test.go --
package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExercises(t *testing.T) {
	for _, name := range []string{"time", "echo"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("exercises", name, "main.go"))
			if err != nil {
				t.Skip("not started")
			}
			if address, endless := strings.CutPrefix(string(text), "endless "); endless {
				if _, err := net.Dial("tcp", address); err != nil {
					t.Fatal(err)
				}
				select {}
			}
			if string(text) != "right" {
				t.Errorf("%s is %s", name, text)
			}
		})
	}
}
-- scripts/site/index.html --
`)
}

// A tail is a screen on which a test waits for words.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

// Write adds to the text.
func (o *tail) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(data)
	select {
	case o.more <- struct{}{}:
	default:
	}
	return len(data), nil
}

// wait waits until some words have been printed, and takes what was printed up
// to there off the text.
func (o *tail) wait(t *testing.T, words string) string {
	t.Helper()
	for late := time.After(2 * deadline); ; {
		o.mu.Lock()
		text := o.text.String()
		if before, _, found := strings.Cut(text, words); found {
			o.text.Next(len(before) + len(words))
			o.mu.Unlock()
			return before
		}
		o.mu.Unlock()
		select {
		case <-o.more:
		case <-late:
			require.FailNow(t, "not shown: "+words, text)
		}
	}
}

// A session is the watch on a workbook of its own, and what it shows.
type session struct {
	top    string
	out    *tail
	cancel context.CancelFunc
	ended  chan error
}

// watching begins to watch a small workbook.
func watching(t *testing.T, poll bool) *session {
	s := &session{top: small(t), out: &tail{more: make(chan struct{}, 1)}, ended: make(chan error, 1)}
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(t.Context())
	screen := Screen{Writer: s.out, Paint: func(_, text string) string { return text }}
	go func() { s.ended <- Run(ctx, Options{Top: s.top, Poll: poll, Screen: screen}) }()
	s.out.wait(t, "Watching the stages, their exercises and the scripts. Ctrl-C ends it.\nNothing to check yet.")
	return s
}

// end ends the session, as Ctrl-C does it.
func (s *session) end(t *testing.T) {
	s.cancel()
	require.NoError(t, <-s.ended)
	assert.NotContains(t, s.out.text.String(), "\x1b")
}

// TestWatch is a learner's way: an exercise is started, does not pass, never
// ends, is mended; then the stage does not compile, and is mended, too.
func TestWatch(t *testing.T) {
	t.Parallel()
	l := listens(t)
	s := watching(t, false)
	write(t, s.top, "stage1-hello/exercises/time/main.go", "wrong")
	s.out.wait(t, "checking stage1-hello/time …\n")
	s.out.wait(t, "FAILS: stage1-hello/time\nmain_test.go:")
	assert.Equal(t, "25", s.out.wait(t, ": time is wrong\n"))
	s.out.wait(t, "nothing else fails; the whole report: go test ./stage1-hello -run TestExercises/time\n")

	// A save ends the check that runs.
	write(t, s.top, "stage1-hello/exercises/time/main.go", "endless "+l.Addr().String())
	conn := accepts(t, l)
	write(t, s.top, "stage1-hello/exercises/time/main.go", "right")
	ends(t, conn)
	s.out.wait(t, "mended: stage1-hello/time\nall is well: stage1-hello/time (")

	write(t, s.top, "stage1-hello/main.go", "package main\n\nfunc main() { first() }\n")
	s.out.wait(t, "FAILS: stage1-hello\nIt does not compile:\n")
	assert.Contains(t, s.out.wait(t, ":3:15: undefined: first\n"), "main.go")
	write(t, s.top, "stage1-hello/main.go", "package main\n\nfunc main() {}\n")
	s.out.wait(t, "mended: stage1-hello\nall is well: stage1-hello (")

	// What is removed, as by git checkout, does not fail for ever. The test goes
	// last: its removal is what has its folder checked again.
	write(t, s.top, "stage1-hello/exercises/time/own_test.go", "package time\n")
	s.out.wait(t, "FAILS: stage1-hello/exercises/time\nIt does not compile:\n")
	s.out.wait(t, "nothing else fails; the whole report: go test ./stage1-hello/exercises/time\n")
	remove(t, s.top, "stage1-hello/exercises/time/main.go")
	remove(t, s.top, "stage1-hello/exercises/time/own_test.go")
	s.out.wait(t, "mended: stage1-hello/exercises/time\n")

	// Ctrl-C in the middle of a check leaves nothing behind.
	write(t, s.top, "stage1-hello/exercises/echo/main.go", "endless "+l.Addr().String())
	conn = accepts(t, l)
	s.end(t)
	ends(t, conn)
}

// TestWatchPolled ensures that it works where the system does not tell of
// changes.
func TestWatchPolled(t *testing.T) {
	t.Parallel()
	s := watching(t, true)
	write(t, s.top, "stage1-hello/exercises/time/main.go", "wrong")
	s.out.wait(t, "FAILS: stage1-hello/time\nmain_test.go:")
	assert.Equal(t, "25", s.out.wait(t, ": time is wrong\n"))
	write(t, s.top, "stage1-hello/exercises/time/main.go", "right")
	s.out.wait(t, "mended: stage1-hello/time\nall is well: stage1-hello/time (")
	s.end(t)
}
