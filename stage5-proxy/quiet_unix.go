//go:build unix

package main

import "syscall"

// isQuiet reports whether the connection of a leg is open and nothing has come
// over it. It asks the system, and does not wait.
func (l *leg) isQuiet() bool {
	system, ok := l.conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := system.SyscallConn()
	if err != nil {
		return false
	}
	quiet := false
	err = raw.Control(func(fd uintptr) {
		_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		quiet = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
	})
	return err == nil && quiet
}
