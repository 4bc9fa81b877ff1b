package scripts

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"regexp"
	"slices"
	"sync/atomic"
	"time"
)

const (
	// dripPause is how long a drip waits, after the first byte of a write and
	// before the last, to see whether the server takes what it has for all.
	dripPause = 2 * time.Millisecond

	// extraPause is how long the end of a transcript waits for bytes that
	// should not come.
	extraPause = 20 * time.Millisecond

	// quietPause is how long a reply that is wrong already is read on, so that
	// the report can show the whole of it.
	quietPause = 100 * time.Millisecond

	// gatherFrom is from how many bytes on more are gathered before they are
	// compared.
	gatherFrom = 256 << 10

	// reportLimit is how many bytes of a reply that is wrong are read on.
	reportLimit = 64 << 10

	// replyLimit is how much may come for a "< ...", so that a server that
	// never stops does not use up the memory. Greater files are for get.
	replyLimit = 16 << 20
)

// A player holds one conversation: a transcript on a connection.
type player struct {
	conn net.Conn

	// of is the upstream whose connection it is; empty for that of the client.
	of string

	// upstreams are those of the script, by name.
	upstreams map[string]*upstream

	// story tells that others speak in the transcript, too: then what is sent
	// may have to wait for them.
	story  bool
	sender sender

	// overtaken, of an upstream, reports whether it need not wait any longer, and
	// sayWhy says why; nil for the client.
	overtaken func() bool
	sayWhy    func() string

	// patience is how long a reply may take.
	patience func() time.Duration

	// gaveUp is called when patience was not enough.
	gaveUp func()

	// interrupt interrupts the server; nil where the player does not know it.
	interrupt func(patience time.Duration) error

	// drip sends one byte at a time.
	drip bool

	// dripPause is how long it waits for a server that answers too early; zero
	// is the constant of that name.
	dripPause time.Duration

	// extraPause is how long it waits for what should not come; zero is the
	// constant of that name.
	extraPause time.Duration

	// quietPause is how long a wrong reply is read on after its last byte; zero
	// is the constant of that name.
	quietPause time.Duration

	// known is the report of the script, where it is known beforehand, and failing
	// the line of the transcript at which it fails then.
	known   *KnownReport
	failing int

	// got is what came and has not yet been compared.
	got []byte

	// ended is why no more bytes will come; nil while the connection is open.
	ended error

	// broken tells that something could not be sent any more, because the
	// connection was reset.
	broken atomic.Bool

	// methods are those of the requests that wait for their response.
	methods []string

	// bare says why the last response has no content; empty where it may have.
	bare string

	// later tells that a response has come, and interrupted that the transcript
	// has interrupted the server.
	later, interrupted bool

	// sent are the lines since the last reply, or those that led to it as long
	// as nothing is sent after it; for the report.
	sent []line

	// answered tells that a reply has come since something was sent, which was at
	// sentAt; and paused is how long the pauses since then were to be.
	answered bool
	sentAt   time.Time
	paused   time.Duration

	// promised is the Content-Length of the last response, 0 without one, and
	// taken how much of its content has been compared.
	promised, taken int

	// chunks tells that the last message ends in the middle of content in chunks.
	chunks bool

	// left tells that the transcript left the connection, or does not care
	// what else comes.
	left bool

	// came is what can be sent back; also what came in earlier transcripts.
	came memory
}

// play plays a transcript to its end and closes the connection. It returns nil
// if everything was as wanted.
func (p *player) play(lines []line) *failure {
	defer p.conn.Close()
	if p.came == nil {
		p.came = memory{}
	}
	p.story = len(p.upstreams) > 0
	for _, u := range p.upstreams {
		u.client = p
	}
	first := lines[0].number
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].kind == lines[0].kind && lines[n].of == lines[0].of && lines[0].kind != '*' {
			n++
		}
		if f := p.step(lines[:n]); f != nil {
			return f
		}
		lines = lines[n:]
	}
	if f := p.finish(first); f != nil {
		return f
	}
	for _, name := range slices.Sorted(maps.Keys(p.upstreams)) {
		if f := p.upstreams[name].finish(); f != nil {
			return f.after(p.sent)
		}
	}
	return nil
}

// finish checks, at the end of a transcript that begins with this line, that
// nothing else comes.
func (p *player) finish(first int) *failure {
	if p.left {
		return nil
	}
	if len(p.got) == 0 && p.ended == nil {
		p.fill(p.moment(first, cmp.Or(p.extraPause, extraPause)))
	}
	if len(p.got) > 0 {
		return p.extra(nil)
	}
	return p.incomplete(nil)
}

// step plays consecutive lines of one kind.
func (p *player) step(lines []line) *failure {
	if of := lines[0].of; of != p.of {
		return p.elsewhere(p.upstreams[of], lines)
	}
	// An interrupt is sent, too, in its way: what comes afterwards answers it.
	if p.answered && (lines[0].kind == '>' || lines[0].kind == '*' && lines[0].words[0] == "interrupt") {
		p.sent, p.answered = nil, false
	}
	switch lines[0].kind {
	case '>':
		lines = recalled(lines, p.came)
		p.sent = append(p.sent, lines...)
		return p.send(lines)
	case '<':
		if f := p.expect(lines); f != nil {
			return f
		}
		p.answered = true
		return nil
	}
	p.sent = append(p.sent, lines...)
	return p.direct(&lines[0])
}

// elsewhere plays lines that are about an upstream. In a report, they stand
// among those of the client.
func (p *player) elsewhere(u *upstream, lines []line) *failure {
	if lines[0].kind == '>' {
		lines = recalled(lines, p.came)
	}
	if f := u.step(lines); f != nil {
		f.after(p.sent)
		f.lookAround(p.upstreams)
		return f
	}
	p.sent = append(p.sent, lines...)
	return nil
}

// requestLine finds the method in the first line of a request.
var requestLine = regexp.MustCompile(`^([A-Z]+) \S+ HTTP/1`)

// send writes the lines: whole, or one byte at a time. A server may answer and
// close before it has read everything, so errors do not count here: what was
// wanted and did not come will tell. Only one answer is wrong at once: that all
// is well, to a request whose head has not come.
func (p *player) send(lines []line) *failure {
	p.sentAt, p.paused = time.Now(), 0
	var whole []byte
	isRequest := requestLine.Match(lines[0].bytes)
	for _, l := range lines {
		if parts := requestLine.FindSubmatch(l.bytes); parts != nil {
			p.methods = append(p.methods, string(parts[1]))
		}
		if p.drip && !l.repeated && len(l.bytes) > 0 {
			last := len(l.bytes) - 1
			p.sendSlowly(l.bytes[:last])
			if isRequest && p.tooEarly(append(whole, l.bytes[:last]...)) {
				return p.differs(nil, &difference{says: sayTooEarly})
			}
			p.write(l.bytes[last:])
		} else if p.drip {
			p.write(l.bytes)
		}
		whole = append(whole, l.bytes...)
	}
	if !p.drip {
		p.write(whole)
	}
	return nil
}

// tooEarly reports whether an answer that all is well has come to a request of
// which no more was sent than this.
func (p *player) tooEarly(sent []byte) bool {
	whole := bytes.Contains(sent, []byte("\n\r\n")) || bytes.Contains(sent, []byte("\n\n"))
	return !whole && bytes.HasPrefix(p.got, []byte("HTTP/1.1 2"))
}

// sendSlowly writes the bytes of a line but for the last one, each in a segment
// of its own. After the first, and in the end, it gives the server a moment to
// take what it has for all.
func (p *player) sendSlowly(data []byte) {
	for i := range data {
		if p.write(data[i:i+1]) != nil {
			return
		}
		if i == 0 && len(data) > 1 {
			p.fill(cmp.Or(p.dripPause, dripPause))
		}
	}
	p.fill(cmp.Or(p.dripPause, dripPause))
}

// write writes data within the player's patience.
func (p *player) write(data []byte) error {
	patience := p.patience()
	var err error
	write := func() {
		p.conn.SetWriteDeadline(time.Now().Add(patience))
		if _, err = p.conn.Write(data); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			p.broken.Store(true)
		}
	}
	if p.story && len(data) > sendAtOnce {
		patience *= 4 // Others are to have their turn before it is read.
		p.sender.do(true, write)
		return nil
	}
	p.sender.do(false, write)
	return err
}

// expect reads until the wanted lines have come, or cannot come any more.
func (p *player) expect(lines []line) *failure {
	patience := p.patience()
	deadline, limit := time.Now().Add(patience), replyLimit
	for _, l := range lines {
		limit += len(l.bytes)
	}
	for {
		m := matcher{got: p.got, ended: p.ended != nil, methods: p.methods, bare: p.bare, later: p.later, chunks: p.chunks, of: p.of, came: maps.Clone(p.came)}
		v := m.match(lines)
		switch {
		case v.differs == nil:
			p.count(&m, v.matched)
			p.got, p.methods, p.bare, p.later, p.chunks = p.got[v.matched:], m.methods, m.bare, m.later, m.chunks
			maps.Copy(p.came, m.came)
			return nil
		case !v.more:
			return p.differs(lines, v.differs)
		case len(p.got) > limit:
			return p.failure(lines, v.differs, fmt.Sprintf("%d MiB came, and no end", len(p.got)>>20))
		}
		if p.await(deadline) != nil && p.ended == nil {
			if time.Now().Before(deadline) {
				return p.failure(lines, v.differs, p.sayWhy())
			}
			p.gaveUp()
			return p.failure(lines, v.differs, fmt.Sprintf("what is wanted had not come after %v", patience))
		}
		p.gather()
	}
}

// gather reads on while much comes: so that much is not compared anew for every
// little that is added.
func (p *player) gather() {
	if enough := len(p.got) + len(p.got)/4; len(p.got) > gatherFrom {
		for len(p.got) < enough && p.fill(time.Millisecond) == nil {
		}
	}
}

// await reads what comes next, until the deadline; an upstream waits no longer
// when the client has been answered without it.
func (p *player) await(deadline time.Time) error {
	for {
		wait := time.Until(deadline)
		if p.overtaken == nil {
			return p.fill(wait)
		}
		if err := p.fill(min(wait, watchPause)); err == nil || p.ended != nil || p.overtaken() || !time.Now().Before(deadline) {
			return err
		}
	}
}

// count notes how much of the content that was promised has come, after so many
// bytes have been compared.
func (p *player) count(m *matcher, matched int) {
	switch {
	case m.contentAt < 0:
		p.taken += matched
	case m.framing.counted:
		p.promised, p.taken = m.framing.length, matched-m.contentAt
	default:
		p.promised = 0
	}
}

// incomplete makes the failure for a response that ends before its content has
// come, nil where it has. The line is the one that wanted the end, if any.
func (p *player) incomplete(l *line) *failure {
	if p.taken >= p.promised || p.of != "" {
		return nil
	}
	if p.readOn(); len(p.got) > 0 {
		return p.extra(l)
	}
	return p.wrongAt(l, func() string { return sayTooShort(p.promised, p.taken) })
}

// wrongAt makes the failure for a line that is not met, nil for the end of the
// transcript. What says tells may depend on what else comes.
func (p *player) wrongAt(l *line, says func() string) *failure {
	var wanted []line
	if l != nil {
		wanted = []line{*l}
	}
	return p.settled(func() *failure {
		return p.failure(wanted, &difference{line: l, says: says()}, p.whyStopped())
	})
}

// differs makes the failure for bytes that are wrong, after reading on for a
// moment so that the report shows the whole reply.
func (p *player) differs(wanted []line, d *difference) *failure {
	return p.settled(func() *failure {
		same := *d
		return p.failure(wanted, &same, p.whyStopped())
	})
}

// readOn reads what else comes, for a moment.
func (p *player) readOn() {
	deadline, limit := time.Now().Add(p.patience()), len(p.got)+reportLimit
	for p.ended == nil && len(p.got) < limit && time.Now().Before(deadline) {
		if p.fill(cmp.Or(p.quietPause, quietPause)) != nil {
			return
		}
	}
}

// extra makes the failure for bytes after the end; l is the line that wanted
// the end, if any.
func (p *player) extra(l *line) *failure { return p.wrongAt(l, p.sayExtra) }

// whyStopped says why no more bytes were read.
func (p *player) whyStopped() string {
	switch {
	case p.ended == nil:
		return "what came was wrong already"
	case p.ended == io.EOF && !p.broken.Load() && p.of != "":
		return "the server closed its connection to " + p.of
	case p.ended == io.EOF && !p.broken.Load():
		return "the server closed the connection"
	}
	return sayReset
}

// sayReset is why nothing more can come after a reset.
const sayReset = "the connection was reset, as it is when a server closes it before it has read everything that was sent"

// fill reads what comes next, for at most the given time. A nil error means
// that something came; otherwise p.ended tells whether more can come.
func (p *player) fill(wait time.Duration) error {
	if p.ended != nil {
		return p.ended
	}
	// When the time is over already, nothing is read, whatever is there: a server
	// that never stops sending must not keep the reader.
	p.conn.SetReadDeadline(time.Now().Add(wait))
	p.got = slices.Grow(p.got, 4<<10)
	n, err := p.conn.Read(p.got[len(p.got):cap(p.got)])
	p.got = p.got[:len(p.got)+n]
	if n > 0 {
		return nil
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		p.ended = err
	}
	return err
}
