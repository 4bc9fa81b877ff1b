package main

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// tunnelLimit is how long both ends of a tunnel may be silent. Programs that
// wait for longer say something now and then.
const tunnelLimit = 10 * time.Minute

// tunnel copies bytes in both directions, whatever they mean, until one side
// ends. It returns how many the client got.
func tunnel(c *connection, l *leg) (sent int64) {
	if c.pass() != nil {
		return 0
	}
	c.lend(nil)
	l.client = nil
	var moved, ending atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer survive()
		flow(l.conn, c.conn, c.in, &moved, &ending)
	}()
	sent = flow(c.conn, l.conn, l.in, &moved, &ending)
	<-done
	c.takeBack()
	return sent
}

// flow copies one direction; in reads from src. At its end, the other direction
// has lingerTime left. moved is when anything went through the tunnel, and ending
// when the first side ended, in nanoseconds since 1970.
func flow(dst, src net.Conn, in io.Reader, moved, ending *atomic.Int64) (sent int64) {
	buffer := pieces.Get().(*[pieceBuffer]byte)
	defer pieces.Put(buffer)
	for {
		src.SetReadDeadline(time.Now().Add(tunnelLimit))
		if end := ending.Load(); end != 0 {
			src.SetReadDeadline(time.Unix(0, end).Add(lingerTime))
		}
		n, err := in.Read(buffer[:])
		if n > 0 {
			moved.Store(time.Now().UnixNano())
			dst.SetWriteDeadline(time.Now().Add(pieceLimit))
			if _, failed := dst.Write(buffer[:n]); failed != nil {
				err = failed
			}
			sent += int64(n)
		}
		silent := errors.Is(err, os.ErrDeadlineExceeded)
		if silent && ending.Load() == 0 && time.Since(time.Unix(0, moved.Load())) < tunnelLimit {
			continue // There was something in the other direction.
		}
		if err != nil {
			break
		}
	}
	now := time.Now()
	ending.CompareAndSwap(0, now.UnixNano())
	if half, ok := dst.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	dst.SetReadDeadline(now.Add(lingerTime))
	return sent
}
