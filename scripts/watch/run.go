package watch

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
)

// testLimit is for how long a check may run before go test ends it. A learner who
// waits for an endless loop should learn of it soon; the slowest stage takes
// about a minute.
const testLimit = "5m"

// A news is what a run of checks has to tell.
type news struct {
	// check is what is run.
	check check

	// begun tells that it begins.
	begun bool

	// failed is something that has failed; passed is a test that has not.
	failed *failure
	passed string

	// done is how the check went, once it has ended. Of a check that was ended
	// there are no such news.
	done *reading
}

// A runner runs checks, one after another.
type runner struct {
	top string

	// command is goTest, unless a test wants another.
	command commandOf

	cancel context.CancelFunc
	news   chan news

	// left are the checks that have not ended.
	left []check
}

// A commandOf returns the program that runs a check and prints the lines of go
// test -json.
type commandOf func(check) *exec.Cmd

// goTest returns the go test command that runs a check.
func goTest(c check) *exec.Cmd {
	cmd := exec.Command("go", append([]string{"test", "-json", "-timeout", testLimit}, c.args()...)...)
	cmd.Env = append(os.Environ(), "GOWORK=") // The stages are found by the go.work above them, whatever is set.
	return cmd
}

// start runs checks, and tells of them in r.news, which is closed when all have
// ended. Nothing may be running.
func (r *runner) start(checks []check) {
	ctx, cancel := context.WithCancel(context.Background())
	news := make(chan news)
	r.cancel, r.news, r.left = cancel, news, checks
	go func() {
		defer close(news)
		for _, c := range checks {
			if ctx.Err() != nil {
				return
			}
			r.run(ctx, c, news)
		}
	}()
}

// stop ends what is running, with all the programs that it has started, and
// returns the checks that have not ended.
func (r *runner) stop() []check {
	if r.news == nil {
		return nil
	}
	r.cancel()
	for n := range r.news {
		r.note(n)
	}
	left := r.left
	r.news, r.left = nil, nil
	return left
}

// note notes what the news say of the checks that are left.
func (r *runner) note(n news) {
	if n.done != nil {
		r.left = r.left[1:]
	}
}

// run runs one check to its end, or to that of the context.
func (r *runner) run(ctx context.Context, c check, tell chan<- news) {
	tell <- news{check: c, begun: true}
	read := newReading(r.top, c.folder)
	told := 0
	lines := &lineWriter{take: func(line string) {
		e := read.take(line)
		if e.Action == "pass" && e.Test != compiles {
			tell <- news{check: c, passed: e.Test}
		}
		for ; told < len(read.failures); told++ {
			tell <- news{check: c, failed: &read.failures[told]}
		}
	}}
	cmd := r.command(c)
	cmd.Dir, cmd.Stdout, cmd.Stderr = r.top, lines, lines
	cmd.WaitDelay = endLimit
	err := runTree(ctx, cmd)
	if ctx.Err() != nil {
		return
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // It has passed, and a program that it left behind was cut off.
	}
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) && isGone(r.top, c.folder) {
		err = nil // Go says that there is no such package, and so it should.
	}
	read.end(err)
	tell <- news{check: c, done: read}
}

// A lineWriter takes what is written line by line.
type lineWriter struct {
	take func(line string)
	rest []byte
}

// Write takes the lines that are whole, and keeps the rest.
func (w *lineWriter) Write(data []byte) (int, error) {
	w.rest = append(w.rest, data...)
	for {
		line, rest, whole := bytes.Cut(w.rest, []byte("\n"))
		if !whole {
			return len(data), nil
		}
		w.rest = rest
		w.take(string(bytes.TrimRight(line, "\r")))
	}
}
