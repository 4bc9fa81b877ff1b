package main

import (
	"cmp"
	"log"
	"strconv"
	"time"
)

// log prints the line of one answered request on standard error: its method
// and target, the status, the bytes of content sent, and the time taken.
func (s *server) log(request Request, status int, sent int64, took time.Duration) {
	if s.quiet {
		return
	}
	log.Printf("%s %s %d %d %v", visible(request.Method), visible(request.Target),
		status, sent, took.Round(time.Microsecond))
}

// visible returns what a client said in a form that is safe to print: one line
// that cannot pretend to be two, no bytes that steer a terminal, "-" for
// nothing.
func visible(said string) string {
	quoted := strconv.Quote(said)
	return cmp.Or(quoted[1:len(quoted)-1], "-")
}
