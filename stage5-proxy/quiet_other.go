//go:build !unix

package main

import (
	"errors"
	"os"
	"time"
)

// lookTime is how long a look takes where the system answers by waiting only.
const lookTime = time.Millisecond

// isQuiet reports whether the connection of a leg is open and nothing has come
// over it. It waits for a moment. What comes in that time stays in l.in.
func (l *leg) isQuiet() bool {
	l.unlimit()
	l.readDeadline = time.Time{} // What allow sets next must be told to the system.
	l.conn.SetReadDeadline(time.Now().Add(lookTime))
	_, err := l.in.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded)
}
