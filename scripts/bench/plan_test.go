package bench

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// A plan is how one server is asked in a scenario, and what must come.
type plan struct {
	// address is where the server listens.
	address string

	// requests are sent in one write, so many of them together.
	requests []byte
	together int

	// status is how each reply must begin.
	status string

	// size is how many bytes each reply has, or 0 if they differ.
	size int

	// closes is set where the server closes the connection after the reply.
	closes bool

	// timed is set where it is taken how long each reply needs.
	timed bool
}

// bufferLimit is how much a client reads at once.
const bufferLimit = 256 << 10

// open opens a connection. It must be of use until a time.
func (p plan) open(until time.Time) (net.Conn, error) {
	// Probes of a connection that lives for seconds are of no use, and cost four
	// calls of the system.
	dialer := net.Dialer{Timeout: time.Until(until), KeepAliveConfig: net.KeepAliveConfig{Enable: false}, KeepAlive: -1}
	conn, err := dialer.Dial("tcp", p.address)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(until)
}

// buffer returns a buffer for replies: with room for one byte more than should
// come, so that it is seen when more comes.
func (p plan) buffer() []byte {
	return make([]byte, min(p.together*p.size+1, bufferLimit))
}

// checkStatus ensures that the replies at the beginning of data begin as they
// must.
func (p plan) checkStatus(data []byte) error {
	for range p.together {
		if begin := data[:min(len(p.status), len(data))]; string(begin) != p.status {
			return fmt.Errorf("a reply began with %q, and not with %q", begin, p.status)
		}
		if p.size > len(data) {
			return nil // The rest of it will come.
		}
		data = data[p.size:]
	}
	return nil
}

// errMore is that of a server that sends more than it should.
var errMore = errors.New("a reply was longer than those before")
