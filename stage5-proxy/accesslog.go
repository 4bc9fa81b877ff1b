package main

import (
	"cmp"
	"errors"
	"fmt"
	"log"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// log prints the line of one answered request on standard error: its method
// and target, the status, the bytes of content sent, and the time taken; then, if
// an application has answered, where it is and how long it took to begin.
func (s *server) log(request Request, status int, sent int64, took time.Duration) {
	if s.quiet {
		return
	}
	line := fmt.Sprintf("%s %s %d %d %v", visible(request.Method), visible(request.Target),
		status, sent, took.Round(time.Microsecond))
	if c := request.Client; c != nil && c.upstream != "" {
		line += fmt.Sprintf(" %s %v", c.upstream, c.waited.Round(time.Microsecond))
	}
	log.Print(line)
}

// visible returns what a client said in a form that is safe to print: one line
// that cannot pretend to be two, no bytes that steer a terminal, "-" for
// nothing.
func visible(said string) string {
	quoted := strconv.Quote(said)
	return cmp.Or(quoted[1:len(quoted)-1], "-")
}

// logCause prints why a request does not get what it asks for, before its line.
// What is broken here is printed also when the server is quiet. A cause can hold
// what a client said: a part of it must do, or clients could fill the disk.
func (s *server) logCause(request Request, err error) {
	var refused *statusError
	if s.quiet && errors.As(err, &refused) && refused.status != 500 {
		return
	}
	log.Printf("%s %s: %.500s", visible(request.Method), visible(request.Target), strings.Map(printable, err.Error()))
}

// printable returns c, or a question mark for what a terminal would obey.
func printable(c rune) rune {
	if unicode.IsPrint(c) {
		return c
	}
	return '?'
}
