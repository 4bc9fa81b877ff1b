package scripts

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
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

	// reportLimit is how many bytes of a reply that is wrong are read on.
	reportLimit = 64 << 10
)

// A player holds one conversation: a transcript on a connection.
type player struct {
	conn net.Conn

	// patience is how long a reply may take.
	patience func() time.Duration

	// gaveUp is called when patience was not enough.
	gaveUp func()

	// drip sends one byte at a time.
	drip bool

	// got is what came and has not yet been compared.
	got []byte

	// ended is why no more bytes will come; nil while the connection is open.
	ended error

	// methods are those of the requests that wait for their response.
	methods []string

	// sent are the lines since the last reply, for the report.
	sent []line

	// left tells that the transcript left the connection, or does not care
	// what else comes.
	left bool
}

// play plays a transcript to its end and closes the connection. It returns nil
// if everything was as wanted.
func (p *player) play(lines []line) *failure {
	defer p.conn.Close()
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].kind == lines[0].kind && lines[0].kind != '*' {
			n++
		}
		if f := p.step(lines[:n]); f != nil {
			return f
		}
		lines = lines[n:]
	}
	if p.left {
		return nil
	}
	if len(p.got) == 0 && p.ended == nil {
		p.fill(extraPause)
	}
	if len(p.got) > 0 {
		return p.extra(nil)
	}
	return nil
}

// step plays consecutive lines of one kind.
func (p *player) step(lines []line) *failure {
	switch lines[0].kind {
	case '>':
		p.sent = append(p.sent, lines...)
		p.send(lines)
		return nil
	case '<':
		if f := p.expect(lines); f != nil {
			return f
		}
		p.sent = nil
		return nil
	}
	p.sent = append(p.sent, lines...)
	return p.direct(&lines[0])
}

// requestLine finds the method in the first line of a request.
var requestLine = regexp.MustCompile(`^([A-Z]+) \S+ HTTP/1`)

// send writes the lines: whole, or one byte at a time. A server may answer and
// close before it has read everything, so errors do not count here: what was
// wanted and did not come will tell.
func (p *player) send(lines []line) {
	var whole []byte
	for _, l := range lines {
		if parts := requestLine.FindSubmatch(l.bytes); parts != nil {
			p.methods = append(p.methods, string(parts[1]))
		}
		if p.drip && !l.repeated {
			p.sendSlowly(l.bytes)
		} else if p.drip {
			p.write(l.bytes)
		}
		whole = append(whole, l.bytes...)
	}
	if !p.drip {
		p.write(whole)
	}
}

// sendSlowly writes one byte at a time, each in a segment of its own.
func (p *player) sendSlowly(data []byte) {
	for i := range data {
		if i == 1 || i == len(data)-1 {
			p.fill(dripPause)
		}
		if p.write(data[i:i+1]) != nil {
			return
		}
	}
}

// write writes data within the player's patience.
func (p *player) write(data []byte) error {
	p.conn.SetWriteDeadline(time.Now().Add(p.patience()))
	_, err := p.conn.Write(data)
	return err
}

// expect reads until the wanted lines have come, or cannot come any more.
func (p *player) expect(lines []line) *failure {
	deadline := time.Now().Add(p.patience())
	for {
		m := matcher{got: p.got, ended: p.ended != nil, methods: p.methods}
		v := m.match(lines)
		switch {
		case v.differs == nil:
			p.got, p.methods = p.got[v.matched:], m.methods
			return nil
		case !v.more:
			return p.differs(lines, v.differs)
		}
		if err := p.fill(time.Until(deadline)); err != nil && p.ended == nil {
			p.gaveUp()
			return p.failure(lines, v.differs, fmt.Sprintf("nothing more came for %v", p.patience()))
		}
	}
}

// differs makes the failure for bytes that are wrong, after reading on for a
// moment so that the report shows the whole reply.
func (p *player) differs(wanted []line, d *difference) *failure {
	for p.ended == nil && len(p.got) < reportLimit {
		if p.fill(quietPause) != nil {
			break
		}
	}
	return p.failure(wanted, d, p.whyStopped())
}

// extra makes the failure for bytes after the end; l is the line that wanted
// the end, if any.
func (p *player) extra(l *line) *failure {
	says := sayExtra(p.got)
	if l == nil {
		return p.differs(nil, &difference{says: says})
	}
	return p.differs([]line{*l}, &difference{line: l, says: says})
}

// whyStopped says why no more bytes were read.
func (p *player) whyStopped() string {
	switch {
	case p.ended == nil:
		return "what came was wrong already"
	case p.ended == io.EOF:
		return "the server closed the connection"
	}
	return "the connection was reset: the server closed it before it had read everything that was sent"
}

// fill reads what comes next, for at most the given time. A nil error means
// that something came; otherwise p.ended tells whether more can come.
func (p *player) fill(wait time.Duration) error {
	if p.ended != nil {
		return p.ended
	}
	p.conn.SetReadDeadline(time.Now().Add(max(wait, time.Millisecond)))
	buffer := make([]byte, 64<<10)
	n, err := p.conn.Read(buffer)
	p.got = append(p.got, buffer[:n]...)
	if n > 0 {
		return nil
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		p.ended = err
	}
	return err
}

// directives are the words that can follow "*", and what they mean.
var directives = []struct{ word, meaning string }{
	{"closed", "* closed: the server closes the connection, and nothing else comes; a reset is wrong"},
	{"cut", "* cut: the server ends the connection, by closing or by a reset; what it said does not count"},
	{"pause", "* pause 50ms: for so long the server says nothing and keeps the connection"},
	{"half-close", "* half-close: we send nothing more, and go on reading"},
	{"leave", "* leave: we close the connection"},
	{"reset", "* reset: we drop the connection without a good-bye, as a crash does"},
	{"whatever", "* whatever: it does not matter what else comes"},
}

// checkDirective checks the words after "*".
func checkDirective(words []string) error {
	if len(words) == 2 && words[0] == "pause" {
		if d, err := time.ParseDuration(words[1]); err != nil || d <= 0 || d > time.Second {
			return fmt.Errorf("%s is not a time between 1ms and 1s", words[1])
		}
		return nil
	}
	var meanings []string
	for _, d := range directives {
		if len(words) == 1 && words[0] == d.word && d.word != "pause" {
			return nil
		}
		meanings = append(meanings, "\t"+d.meaning)
	}
	return fmt.Errorf("this is not known; write one of\n%s", strings.Join(meanings, "\n"))
}

// direct does what a "*" line says.
func (p *player) direct(l *line) *failure {
	switch l.words[0] {
	case "closed":
		return p.closed(l)
	case "cut":
		return p.cut(l)
	case "pause":
		return p.pause(l)
	case "half-close":
		if half, ok := p.conn.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
	case "leave":
		p.left = true
		p.conn.Close()
	case "reset":
		p.left = true
		if tcp, ok := p.conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		p.conn.Close()
	case "whatever":
		p.left = true
	}
	return nil
}

// closed waits until the server closes the connection, cleanly and with
// nothing more to say.
func (p *player) closed(l *line) *failure {
	deadline := time.Now().Add(p.patience())
	for p.ended == nil && len(p.got) == 0 {
		if p.fill(time.Until(deadline)) != nil && p.ended == nil {
			p.gaveUp()
			return p.failure([]line{*l}, &difference{line: l, says: "The reply is complete, but the server did not close the connection."},
				fmt.Sprintf("the connection was still open after %v", p.patience()))
		}
	}
	if len(p.got) > 0 {
		return p.extra(l)
	}
	if p.ended != io.EOF {
		return p.failure([]line{*l}, &difference{line: l, says: "The connection was reset, not closed. Bytes that were sent before may be lost to the client."}, p.whyStopped())
	}
	return nil
}

// cut waits until the server ends the connection, in whatever way.
func (p *player) cut(l *line) *failure {
	deadline := time.Now().Add(p.patience())
	for p.ended == nil {
		p.got = nil
		if p.fill(time.Until(deadline)) != nil && p.ended == nil {
			p.gaveUp()
			return p.failure([]line{*l}, &difference{line: l, says: "The server did not end the connection."},
				fmt.Sprintf("the connection was still open after %v", p.patience()))
		}
	}
	p.got = nil
	return nil
}

// pause checks that the server says nothing and stays.
func (p *player) pause(l *line) *failure {
	wait, _ := time.ParseDuration(l.words[1])
	if len(p.got) == 0 {
		p.fill(wait)
	}
	switch {
	case len(p.got) > 0:
		return p.differs([]line{*l}, &difference{line: l, says: "The server spoke before it had been asked for anything."})
	case p.ended != nil:
		return p.failure([]line{*l}, &difference{line: l, says: "The server ended the connection, which was still wanted."}, p.whyStopped())
	}
	return nil
}
