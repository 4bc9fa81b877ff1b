package scripts

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// directives are the words that can follow "*", and what they mean.
var directives = []struct{ word, meaning string }{
	{"closed", "* closed: the server closes the connection, and nothing else comes; a reset is wrong"},
	{"cut", "* cut: the server ends the connection, by closing or by a reset; what it said does not count"},
	{"pause", "* pause 50ms: for so long the server says nothing and keeps the connection"},
	{"patience", "* patience 15s: what is wanted from now on may take so long to come"},
	{"half-close", "* half-close: we send nothing more, and go on reading"},
	{"leave", "* leave: we close the connection"},
	{"reset", "* reset: we drop the connection without a good-bye, as a crash does"},
	{"interrupt", "* interrupt: the server is interrupted, as Ctrl-C does it, and takes no more connections"},
	{"whatever", "* whatever: it does not matter what else comes"},
}

// longest is the longest time that can follow a directive which takes one.
var longest = map[string]time.Duration{"pause": time.Second, "patience": 20 * time.Second}

// checkDirective checks the words after "*".
func checkDirective(words []string) error {
	if len(words) == 2 && longest[words[0]] > 0 {
		limit := longest[words[0]]
		if d, err := time.ParseDuration(words[1]); err != nil || d <= 0 || d > limit {
			return fmt.Errorf("%s is not a time between 1ms and %v", words[1], limit)
		}
		return nil
	}
	var meanings []string
	for _, d := range directives {
		if _, takesTime := longest[d.word]; len(words) == 1 && words[0] == d.word && !takesTime {
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
	case "patience":
		wait, _ := time.ParseDuration(l.words[1])
		p.patience = func() time.Duration { return wait }
	case "half-close":
		if half, ok := p.conn.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
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
	if p.ended != io.EOF || p.broken {
		return p.failure([]line{*l}, &difference{line: l, says: "The connection was reset, not closed. Bytes that were sent before may be lost to the client."}, p.whyStopped())
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
			return p.failure([]line{*l}, &difference{line: l, says: "The server did not end the connection."},
				fmt.Sprintf("the connection was still open after %v", patience))
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
		return p.differs([]line{*l}, &difference{line: l, says: "The server spoke during the pause, before anything more was sent."})
	case p.ended != nil:
		return p.failure([]line{*l}, &difference{line: l, says: p.sayEndedEarly()}, p.whyStopped())
	}
	return nil
}
