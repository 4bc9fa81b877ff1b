package tap

import (
	"slices"
	"sync"
	"time"
)

const (
	// exchangesKept is how many exchanges are kept for the page.
	exchangesKept = 300

	// messagesKept and piecesKept are how many messages of an exchange are kept, and
	// about how many bytes of them. Few are long: but a server may send a hundred
	// interim responses, each with a long head.
	messagesKept = 100
	piecesKept   = 256 << 10

	// linesKept is how many bytes of its transcript are kept.
	linesKept = 128 << 10
)

// A record is what the tap has seen: the last exchanges of all connections.
type record struct {
	mu sync.Mutex

	// connections is how many there were, and spoke the one that spoke last.
	connections int
	spoke       *conversation

	// exchanges are those that are kept, the oldest first, and gone is how many
	// there were before them.
	exchanges []*exchange
	gone      int

	// change counts the changes. After each, changed is closed, and made anew.
	change  int
	changed chan struct{}

	// terminal prints the transcripts.
	terminal *terminal

	// patience is how long what has come waits for the end of its line.
	patience time.Duration
}

// An exchange is a request and what answers it. The record's lock guards it.
type exchange struct {
	conversation *conversation

	// id tells it from all others, and number from those of its connection.
	id, number int
	began      time.Time

	// messages are all that belong to it, in the order in which they began; request
	// and response are those that give it its name.
	messages          []*message
	request, response *message

	// bytes is how many bytes these have, kept how many of these are kept, and
	// unkept how many messages are not.
	bytes  int64
	kept   int
	unkept int

	// lines are its transcript, size how many bytes these have, and lost how many
	// lines were not kept.
	lines      []scriptLine
	size, lost int

	// notes say how the connection ended.
	notes []string

	// change is the number of the last change.
	change int
}

// newRecord returns an empty record.
func newRecord(t *terminal) *record {
	return &record{changed: make(chan struct{}), terminal: t, patience: patience}
}

// keep keeps an exchange, and lets the oldest go where there are too many.
func (r *record) keep(e *exchange) {
	e.id = r.gone + len(r.exchanges) + 1
	r.exchanges = append(r.exchanges, e)
	if len(r.exchanges) > exchangesKept {
		r.exchanges = slices.Delete(r.exchanges, 0, 1)
		r.gone++
	}
	r.touch(e)
}

// touch notes that an exchange has changed.
func (r *record) touch(e *exchange) {
	r.change++
	e.change = r.change
}

// deliver hands on what a conversation has written, and tells those who look.
func (r *record) deliver(c *conversation) {
	if len(c.transcript.ready) > 0 {
		r.terminal.print(c.transcript.ready)
		c.transcript.ready = nil
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

// find returns the exchange with an id; nil where it is gone, or never was.
func (r *record) find(id int) *exchange {
	i := id - r.gone - 1
	if i < 0 || i >= len(r.exchanges) {
		return nil
	}
	return r.exchanges[i]
}

// add adds a message to an exchange.
func (e *exchange) add(m *message) {
	if len(e.messages) < messagesKept && e.kept < piecesKept {
		e.messages = append(e.messages, m)
	} else {
		e.unkept++
	}
}

// addLine adds a line to the transcript of an exchange.
func (e *exchange) addLine(l scriptLine) {
	if e.size += len(l.text) + len(l.literal); e.size > linesKept {
		e.lost++
		return
	}
	e.lines = append(e.lines, l)
}

// says notes how the connection ended.
func (e *exchange) says(note string) { e.notes = append(e.notes, note) }
