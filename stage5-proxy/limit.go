package main

import (
	"net"
	"time"
)

const (
	// connectionLimit is how many clients are served at the same time. Each
	// costs a goroutine, its buffers and mostly an open file, and without a limit
	// the memory would be full one day.
	connectionLimit = 2000

	// refusalLimit is how many more are told so with a 503 at the same time. To
	// refuse costs something, too; those beyond are dropped without a word.
	refusalLimit = 200
)

// admit starts a goroutine that serves a client, refuses it, or drops it, and
// closes conn. It returns at once. Clients are counted here, and not in their
// goroutines: in the order in which they came.
func (s *server) admit(conn net.Conn) {
	handle := s.handle
	switch n := s.connections.Add(1); {
	case n > connectionLimit+refusalLimit:
		handle = func(conn net.Conn) { conn.Close() }
	case n > connectionLimit:
		handle = s.turnAway
	}
	s.running.Go(func() {
		defer s.connections.Add(-1)
		defer survive()
		handle(conn)
	})
}

// turnAway tells a client that there is no place, and closes conn. It does not
// wait for the request: whatever it is, this is the answer.
func (s *server) turnAway(conn net.Conn) {
	defer conn.Close()
	c := s.newConnection(conn)
	defer s.buffers.Put(c.buffers)
	request := Request{Received: time.Now()}
	response := s.respond(request, refuse(503, "%d connections are open", connectionLimit))
	response.Connection = "close"
	sent := response.write(c)
	s.log(request, response.Status, sent, time.Since(request.Received))
	c.end()
}
