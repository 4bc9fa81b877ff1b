package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"slices"
	"strconv"
	"strings"
)

// scriptResponse makes a response of what a script says: a head, similar to that
// of a response, and content (RFC 3875, 6). r is the content's way to the client.
func scriptResponse(in *bufio.Reader, h *handover, r *reply) (*Response, error) {
	fields, err := readFields(in)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	response := &Response{Status: 200, Header: slices.DeleteFunc(endToEnd(fields), named("Status")), Content: r, Length: unknownLength}
	if err := response.readStatus(fields); err != nil {
		return nil, err
	}
	if lengths := values(fields, "Content-Length"); len(lengths) > 0 {
		if response.Length, err = contentLength([]Field{{"Content-Length", strings.Join(lengths, ", ")}}); err != nil {
			return nil, err
		}
	}
	r.bytes = in
	switch {
	case response.Redirect != "":
		r.complete = true // Nobody wants its content.
	case response.Status == 204 || response.Status == 304 || h.Method == "HEAD":
		response.NoContent, r.complete = true, true
		if response.Status != 304 && h.Method != "HEAD" {
			response.Length = unknownLength
		}
	case response.Length != unknownLength:
		r.bytes = io.LimitReader(in, response.Length)
	}
	return response, nil
}

// readStatus looks what a script wants to say with its head: a status code, or
// where the client should go, or just what its content is. An application says
// one of them at least.
//
//	Status   = "Status:" status-code SP reason-phrase NL     (RFC 3875, 6.3.3)
//	Location = "Location:" ( local-pathquery / fragment-URI ) NL (RFC 3875, 6.3.2)
func (r *Response) readStatus(fields []Field) error {
	said, hasStatus := single(fields, "Status")
	location, hasLocation := single(fields, "Location")
	_, hasType := single(fields, "Content-Type")
	switch {
	case hasStatus:
		code, reason, _ := strings.Cut(said, " ")
		status, err := strconv.ParseUint(code, 10, 16)
		if err != nil || len(code) != 3 || status < 200 {
			return fmt.Errorf("the field Status says %q", said)
		}
		r.Status, r.Reason = int(status), reason
	case hasLocation && isOwnPath(location):
		r.Redirect = location
	case hasLocation:
		r.Status, r.Reason = 302, "Found"
	case !hasType:
		return fmt.Errorf("a head without Content-Type, Status and Location")
	}
	return nil
}

// isOwnPath reports whether a location is a path on this server, and not the
// name of another one after two slashes.
func isOwnPath(location string) bool {
	return strings.HasPrefix(location, "/") && !strings.HasPrefix(location, "//") && isTarget(location)
}

// A scriptLog prints what a script says on its standard error.
type scriptLog struct {
	name string

	// line is the beginning of a line whose end has not come.
	line []byte
}

// scriptLineLimit is how much of a line is printed.
const scriptLineLimit = 500

// Write prints the lines that have come to their end.
func (l *scriptLog) Write(p []byte) (int, error) {
	for _, c := range p {
		if c == '\n' {
			l.flush()
		} else if len(l.line) < scriptLineLimit {
			l.line = append(l.line, c)
		}
	}
	return len(p), nil
}

// flush prints the line that has begun.
func (l *scriptLog) flush() {
	if line := strings.TrimRight(string(l.line), "\r"); line != "" {
		log.Printf("%s: %s", l.name, strings.Map(printable, line))
	}
	l.line = l.line[:0]
}
