package tap

import (
	"net"
	"sync/atomic"
	"time"
)

// resetPause is how long an end of the stream waits for a write that is under way
// in the other direction. If that fails, the end was a reset.
const resetPause = 20 * time.Millisecond

// A way is one of the two sockets of a connection.
type way struct {
	*net.TCPConn
	side side

	// writing tells that bytes are being written to it, and refused that the other
	// end did not take them: it is gone.
	writing, refused atomic.Bool

	// written is told about every write that has ended while somebody waits.
	written chan struct{}
}

// newWay returns the way to a side.
func newWay(conn net.Conn, s side) *way {
	return &way{TCPConn: conn.(*net.TCPConn), side: s, written: make(chan struct{}, 1)}
}

// write writes data. An error says that the other end does not take it.
func (w *way) write(data []byte) error {
	w.writing.Store(true)
	_, err := w.Write(data)
	if err != nil {
		w.refused.Store(true)
	}
	w.writing.Store(false)
	select {
	case w.written <- struct{}{}:
	default:
	}
	return err
}

// isGone reports whether the other end takes no more bytes. A write that is under
// way is given a moment: the system tells of a reset only once, and it may be the
// write that it tells.
func (w *way) isGone() bool {
	late := time.After(resetPause)
	for w.writing.Load() && !w.refused.Load() {
		select {
		case <-w.written:
		case <-late:
			return w.refused.Load()
		}
	}
	return w.refused.Load()
}
