package scripts

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// An upstream is an application to which the server forwards requests. The
// script speaks for it: its lines say what comes to it, and what it answers.
type upstream struct {
	name string

	// network and address are where it listens; the address is the path of a
	// Unix socket or HOST:PORT.
	network, address string

	// listener is nil where it refuses connections.
	listener acceptor

	// talk is the connection that its lines are about; nil as long as there is
	// none, or where it has ended as the script wants.
	talk *player

	// others are the connections that its lines were about before.
	others []*player

	// client is the conversation that goes on at the moment, and answered since
	// when an answer to the client waits there to be compared; zero without one.
	client   *player
	answered time.Time
}

// An acceptor is a listener that does not wait forever.
type acceptor interface {
	net.Listener
	SetDeadline(time.Time) error
}

// watchPause is how often an upstream that waits looks whether the client has
// been answered already.
const watchPause = 50 * time.Millisecond

// listen lets an upstream take connections: at the address that it had before,
// if it had one.
func (u *upstream) listen() error {
	isFirst := u.address == ""
	for tries := 1; ; tries++ {
		if isFirst {
			if err := u.choose(); err != nil {
				return err
			}
		}
		listener, err := net.Listen(u.network, u.address)
		if err == nil {
			u.listener = listener.(acceptor)
			return nil
		}
		if !isFirst || tries == listenTries {
			return err
		}
	}
}

// listenTries is how many ports are tried: between the choice of one and its
// use, another program may take it.
const listenTries = 10

// choose picks the address of an upstream. The path of a Unix socket must be
// short, which that of a script's directory is not.
func (u *upstream) choose() error {
	if u.network == "unix" {
		folder, err := os.MkdirTemp("", "up")
		u.address = filepath.Join(folder, u.name)
		return err
	}
	port, err := freePort()
	u.address = net.JoinHostPort("127.0.0.1", port)
	return err
}

// stop ends an upstream: its connections, and the port where it listens.
func (u *upstream) stop() {
	if u.listener != nil {
		u.listener.Close()
	}
	u.letGo()
	for _, other := range u.others {
		other.conn.Close()
	}
	u.listener, u.others = nil, nil
}

// remove ends an upstream and removes what it has made.
func (u *upstream) remove() {
	u.stop()
	if u.network == "unix" && u.address != "" {
		os.RemoveAll(filepath.Dir(u.address))
	} else if _, port, err := net.SplitHostPort(u.address); err == nil {
		releasePort(port)
	}
}

// letGo turns from the connection that the lines are about, but leaves it open.
func (u *upstream) letGo() {
	if u.talk != nil {
		u.others, u.talk = append(u.others, u.talk), nil
	}
}

// step plays consecutive lines of one kind that are about the upstream. Without
// a connection that is open, they wait for the next.
func (u *upstream) step(lines []line) *failure {
	u.answered = time.Time{}
	word := ""
	if lines[0].kind == '*' {
		word = lines[0].words[0]
	}
	if word == "none" {
		return u.none(&lines[0])
	}
	if u.talk == nil || word == "connection" {
		if f := u.open(lines); f != nil || word == "connection" {
			return f
		}
	}
	f := u.talk.step(lines)
	if f != nil && len(f.got) == 0 && u.none(nil) != nil {
		f.difference.says += fmt.Sprintf(" The server has opened another connection to %s.", u.name)
	}
	switch word {
	case "closed", "cut":
		u.talk.conn.Close() // The server has ended its side; this is the other one.
		u.letGo()
	case "close", "reset":
		u.letGo()
	}
	return f
}

// open waits for the next connection that the server opens. The lines are those
// that it is for.
func (u *upstream) open(lines []line) *failure {
	patience := u.client.patience()
	for deadline := time.Now().Add(patience); ; {
		conn, err := u.accept(min(time.Until(deadline), watchPause))
		switch {
		case err == nil:
			u.letGo()
			u.talk = u.newTalk(conn)
			return nil
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return u.failure(lines, fmt.Sprintf("No connection can come to %s: %v.", u.name, err), "there is no connection")
		case u.overtaken():
			return u.noConnection(lines, u.sayAnswered())
		case !time.Now().Before(deadline):
			u.client.gaveUp()
			return u.noConnection(lines, fmt.Sprintf("none had come after %v", patience))
		}
	}
}

// accept takes the next connection, if one comes in time.
func (u *upstream) accept(wait time.Duration) (net.Conn, error) {
	if u.listener == nil {
		return nil, errors.New("the script lets it refuse them")
	}
	u.listener.SetDeadline(time.Now().Add(wait))
	return u.listener.Accept()
}

// newTalk returns the player for a connection that the server has opened.
func (u *upstream) newTalk(conn net.Conn) *player {
	return &player{
		of:         u.name,
		conn:       conn,
		patience:   func() time.Duration { return u.client.patience() },
		gaveUp:     func() { u.client.gaveUp() },
		overtaken:  u.overtaken,
		sayWhy:     u.sayAnswered,
		story:      true,
		drip:       u.client.drip,
		dripPause:  u.client.dripPause,
		quietPause: u.client.quietPause,
		known:      u.client.known,
		failing:    u.client.failing,
		came:       u.client.came,
	}
}

// overtaken reports whether an answer to the client has been there for a while,
// so that what the upstream waits for will hardly come. The while is longer than
// a server stands still on a busy machine, between the one and the other.
func (u *upstream) overtaken() bool {
	c := u.client
	if c.left {
		return false
	}
	if len(c.got) == 0 && c.ended == nil {
		c.fill(time.Millisecond)
	}
	switch {
	case len(c.got) == 0 && c.ended == nil:
		u.answered = time.Time{}
		return false
	case u.answered.IsZero():
		u.answered = time.Now()
	}
	return time.Since(u.answered) > c.patience()/2
}

// none checks that the server has opened no further connection. The line is the
// one that says so, if any.
func (u *upstream) none(l *line) *failure {
	if u.listener == nil {
		return nil
	}
	conn, err := u.accept(cmp.Or(u.client.extraPause, extraPause))
	if err != nil {
		return nil
	}
	more := u.newTalk(conn)
	u.others = append(u.others, more)
	more.readOn()
	d := &difference{line: l, says: fmt.Sprintf("The server opened one more connection to %s than the script wants.", u.name)}
	if l == nil {
		return more.failure(nil, d, more.whyStopped())
	}
	return more.failure([]line{*l}, d, more.whyStopped())
}

// finish checks, at the end of a transcript, that nothing else has come.
func (u *upstream) finish() *failure {
	if f := u.none(nil); f != nil {
		return f
	}
	talks := u.others
	if u.talk != nil {
		talks = append(talks[:len(talks):len(talks)], u.talk)
	}
	for _, p := range talks {
		if p.left {
			continue
		}
		if len(p.got) == 0 && p.ended == nil {
			p.fill(time.Millisecond)
		}
		if len(p.got) > 0 {
			return p.extra(nil)
		}
	}
	return nil
}

// waiting returns what has come to the upstream and has not been compared, for
// the report of a client that waits in vain.
func (u *upstream) waiting() []byte {
	if conn, err := u.accept(cmp.Or(u.client.quietPause, quietPause)); err == nil {
		u.letGo()
		u.talk = u.newTalk(conn)
	}
	if u.talk == nil || u.talk.left {
		return nil
	}
	u.talk.readOn()
	return u.talk.got
}
