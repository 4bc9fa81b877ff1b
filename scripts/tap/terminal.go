package tap

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// queueLimit is how many bytes wait for a terminal that does not take them. A
// terminal that stands still must not hold up what passes, nor use up the memory.
const queueLimit = 1 << 20

// closePause is how long the end of a tap waits for its terminal.
const closePause = time.Second

// Paint returns a text in a color, whose code is one of ECMA-48, 8.3.117.
type Paint func(code, text string) string

// colors are those of a line, by its sign.
var colors = map[byte]string{'#': "2", '>': "36", '<': "32", '*': "33"}

// A terminal prints transcripts.
type terminal struct {
	out   io.Writer
	paint Paint

	mu    sync.Mutex
	queue strings.Builder

	// lost is how many lines were not printed for want of room, and closed tells
	// that nothing is printed any more.
	lost   int
	closed bool

	// more tells that there is something in the queue.
	more chan struct{}
	done chan struct{}
}

// newTerminal returns a terminal that prints to out, until it is closed.
func newTerminal(out io.Writer, paint Paint) *terminal {
	t := &terminal{out: out, paint: paint, more: make(chan struct{}, 1), done: make(chan struct{})}
	go t.work()
	return t
}

// print prints lines, soon.
func (t *terminal) print(lines []scriptLine) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	for _, l := range lines {
		if t.queue.Len() > queueLimit {
			t.lost++
			continue
		}
		if l.title {
			t.queue.WriteString("\n")
		}
		t.queue.WriteString(t.paint(colors[l.text[0]], l.text) + "\n")
	}
	select {
	case t.more <- struct{}{}:
	default:
	}
}

// take takes what is in the queue.
func (t *terminal) take() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := t.queue.String()
	if t.lost > 0 {
		text += fmt.Sprintf("\n# %d lines are left out here: they came faster than they could be shown\n", t.lost)
	}
	t.queue, t.lost = strings.Builder{}, 0
	return text
}

// work prints what is in the queue. What cannot be written is lost, but nothing
// else.
func (t *terminal) work() {
	defer close(t.done)
	for range t.more {
		io.WriteString(t.out, t.take())
	}
	io.WriteString(t.out, t.take())
}

// close prints the rest and ends. A terminal that stands still gets a moment, no
// more: whoever ends the tap should not have to wait for it.
func (t *terminal) close() {
	t.mu.Lock()
	t.closed = true
	close(t.more)
	t.mu.Unlock()
	select {
	case <-t.done:
	case <-time.After(closePause):
	}
}
