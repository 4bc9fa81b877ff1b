package scripts

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A directive is a word that can follow "*".
type directive struct{ word, meaning string }

// directives are those of the client, and what they mean.
var directives = []directive{
	{"closed", "* closed: the server closes the connection, and nothing else comes; a reset is wrong"},
	{"cut", "* cut: the server ends the connection, by closing or by a reset; what it said does not count"},
	{"dropped", "* dropped: the server ends the connection by a reset: a close would say that all has come"},
	{"pause", "* pause 50ms: for so long the server says nothing and keeps the connection"},
	{"patience", "* patience 15s: what is wanted from now on may take so long to come"},
	{"half-close", "* half-close: we send nothing more, and go on reading"},
	{"leave", "* leave: we close the connection"},
	{"reset", "* reset: we drop the connection without a good-bye, as a crash does"},
	{"interrupt", "* interrupt: the server is interrupted, as Ctrl-C does it, and takes no more connections"},
	{"whatever", "* whatever: it does not matter what else comes"},
}

// upstreamDirectives are those that can follow the name of an upstream.
var upstreamDirectives = []directive{
	{"connection", "app* connection: from here on, it is about the next connection that the server opens"},
	{"none", "app* none: the server has opened no further connection"},
	{"closed", "app* closed: the server closes the connection, and nothing else comes; a reset is wrong"},
	{"cut", "app* cut: the server ends the connection, by closing or by a reset; what it said does not count"},
	{"pause", "app* pause 50ms: for so long the server says nothing and keeps the connection"},
	{"half-close", "app* half-close: the upstream sends nothing more, and goes on reading"},
	{"close", "app* close: the upstream closes the connection"},
	{"reset", "app* reset: the upstream drops the connection without a good-bye, as a crash does"},
	{"whatever", "app* whatever: it does not matter what else comes on this connection"},
}

// longest is the longest time that can follow a directive which takes one.
var longest = map[string]time.Duration{"pause": time.Second, "patience": 40 * time.Second}

// checkDirective checks the words after "*", which stands after the name of an
// upstream or, with an empty name, is about the client's connection.
func checkDirective(of string, words []string) error {
	known := directives
	if of != "" {
		known = upstreamDirectives
	}
	var meanings []string
	for _, d := range known {
		limit, takesTime := longest[d.word]
		if len(words) == 2 && words[0] == d.word && takesTime {
			if wait, err := time.ParseDuration(words[1]); err != nil || wait <= 0 || wait > limit {
				return fmt.Errorf("%s is not a time between 1ms and %v", words[1], limit)
			}
			return nil
		}
		if len(words) == 1 && words[0] == d.word && !takesTime {
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
	case "dropped":
		return p.dropped(l)
	case "pause":
		return p.pause(l)
	case "patience":
		wait, _ := time.ParseDuration(l.words[1])
		p.patience = func() time.Duration { return wait }
	case "half-close":
		if half, ok := p.conn.(interface{ CloseWrite() error }); ok {
			p.sender.do(false, func() { half.CloseWrite() })
		}
	case "close":
		p.left = true
		p.sender.do(false, func() { p.conn.Close() })
	case "leave":
		p.left = true
		p.conn.Close()
	case "reset":
		p.left = true
		if tcp, ok := p.conn.(interface{ SetLinger(int) error }); ok {
			tcp.SetLinger(0)
		}
		p.conn.Close()
	case "interrupt":
		return p.interrupts(l)
	case "whatever":
		p.left = true
	}
	return nil
}

// closed waits until the server closes the connection, cleanly and with
// nothing more to say.
func (p *player) closed(l *line) *failure {
	patience := p.patience()
	deadline := time.Now().Add(patience)
	for p.ended == nil && len(p.got) == 0 {
		if p.fill(time.Until(deadline)) != nil && p.ended == nil {
			p.gaveUp()
			return p.failure([]line{*l}, &difference{line: l, says: p.sayStillOpen()},
				fmt.Sprintf("the connection was still open after %v", patience))
		}
	}
	if len(p.got) > 0 {
		return p.extra(l)
	}
	if p.ended != io.EOF || p.broken.Load() {
		return p.failure([]line{*l}, &difference{line: l, says: p.sayReset()}, p.whyStopped())
	}
	return p.incomplete(l)
}

// cut waits until the server ends the connection, in whatever way.
func (p *player) cut(l *line) *failure {
	patience := p.patience()
	deadline := time.Now().Add(patience)
	for p.ended == nil {
		p.got = nil
		if p.fill(time.Until(deadline)) != nil && p.ended == nil {
			p.gaveUp()
			return p.failure([]line{*l}, &difference{line: l, says: p.sayNotEnded()},
				fmt.Sprintf("the connection was still open after %v", patience))
		}
	}
	p.got, p.promised = nil, 0
	return nil
}

// dropped waits until the server ends the connection by a reset, with nothing
// more to say.
func (p *player) dropped(l *line) *failure {
	if f := p.cut(l); f != nil {
		return f
	}
	if p.ended == io.EOF {
		return p.failure([]line{*l}, &difference{line: l, says: "The connection was closed, as if all had come. Where nothing else tells that something is missing, only a reset does."}, p.whyStopped())
	}
	return nil
}

// pause checks that the server says nothing and stays.
func (p *player) pause(l *line) *failure {
	wait, _ := time.ParseDuration(l.words[1])
	if len(p.got) == 0 {
		p.fill(p.moment(l.number, wait))
	}
	p.paused += wait
	switch {
	case len(p.got) > 0 && p.failing != l.number && p.mayHavePaused():
	case len(p.got) > 0:
		return p.differs([]line{*l}, &difference{line: l, says: p.saySpoke()})
	case p.ended != nil:
		return p.failure([]line{*l}, &difference{line: l, says: p.sayEndedEarly()}, p.whyStopped())
	}
	return nil
}

// mayHavePaused reports whether the server may have said nothing for as long as
// all pauses since the last request, though it has said something now. A busy
// machine may have read it late, and the next thing at once.
func (p *player) mayHavePaused() bool {
	return p.of == "" && p.answered && time.Since(p.sentAt) >= p.paused
}
