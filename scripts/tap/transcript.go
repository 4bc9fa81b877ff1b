package tap

import (
	"fmt"
	"time"
)

// A scriptLine is one line of a transcript.
type scriptLine struct {
	// order is its place among the lines of its connection.
	order int

	text string

	// title tells that it is a remark which says what follows.
	title bool

	// literal is the same line without what is sent back from an earlier response;
	// empty where there is none.
	literal string
}

// A transcript writes what goes on in a connection, in the notation of the wire
// scripts.
type transcript struct {
	// partial is the content of either side whose line is not finished, and of
	// whose it is.
	partial map[side][]byte
	of      map[side]*message

	// titled is the message that the last title names.
	titled *message

	// tag is the last entity tag that is shown as a placeholder.
	tag string

	// order is how many lines there are, and ready are those that are still to be
	// delivered.
	order int
	ready []scriptLine
}

// unfinished reports whether something waits for the end of its line.
func (t *transcript) unfinished() bool { return len(t.partial[client])+len(t.partial[server]) > 0 }

// add adds a line to an exchange.
func (t *transcript) add(e *exchange, l scriptLine) {
	t.order++
	l.order = t.order
	t.ready = append(t.ready, l)
	e.addLine(l)
}

// remark adds a remark to the exchange that goes on.
func (t *transcript) remark(c *conversation, says string) {
	t.titled = nil
	t.add(c.current, scriptLine{text: "# " + says, title: true})
}

// directive adds a line about the connection, under a title.
func (t *transcript) directive(c *conversation, word, says string) {
	t.remark(c, fmt.Sprintf("connection %d, %s, after %s", c.number, says, since(c.opened, c.now)))
	t.add(c.current, scriptLine{text: "* " + word})
}

// title adds a remark that says what follows, unless the last one did.
func (t *transcript) title(c *conversation, m *message) {
	if t.titled == m {
		return
	}
	t.titled = m
	says := fmt.Sprintf("# connection %d, %s", c.number, m.name())
	if m.titled {
		says += ", goes on"
	}
	m.titled = true
	t.add(m.exchange, scriptLine{text: says + ", after " + since(c.opened, c.now), title: true})
}

// name returns what a message is called in a title.
func (m *message) name() string {
	switch {
	case m.isOther && m.version == "":
		return fmt.Sprintf("bytes of the %s that are not HTTP/1", m.side)
	case m.side == client:
		return fmt.Sprintf("request %d", m.exchange.number)
	case m.interim():
		return fmt.Sprintf("interim response to request %d", m.exchange.number)
	}
	return fmt.Sprintf("response %d", m.exchange.number)
}

// since writes how long something took: to a tenth of a millisecond, or less
// exactly where it took longer.
func since(from, to time.Time) string {
	d := to.Sub(from)
	switch {
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < 10*time.Second:
		return fmt.Sprintf("%.0f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// part writes bytes of a message.
func (t *transcript) part(c *conversation, m *message, k kind, data []byte) {
	switch {
	case c.over || len(data) == 0:
	case k == content, k == chunkData, k == chunkEnd, k == other:
		t.content(c, m, data)
	default:
		t.flush(c, m.side)
		t.title(c, m)
		t.line(c, m, k, data)
	}
}

// endOf writes what is to be said at the end of a message. It has come as a
// whole, or only in part.
func (t *transcript) endOf(c *conversation, m *message, whole bool) {
	t.flush(c, m.side)
	left := m.left - m.leftInHead
	if left == 0 || c.over {
		return
	}
	t.title(c, m)
	says := fmt.Sprintf("# %s of content are left out", countBytes(left))
	switch {
	case m.side == client || m.isOther:
		t.add(m.exchange, scriptLine{text: says + ": without them, this cannot be pasted"})
	case whole:
		t.add(m.exchange, scriptLine{text: says})
		t.add(m.exchange, scriptLine{text: "< ..."})
	default:
		t.add(m.exchange, scriptLine{text: says})
	}
}
