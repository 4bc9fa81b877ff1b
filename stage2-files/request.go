package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// A Request is what the head of a request asks for.
type Request struct {
	// Method is what to do, such as GET. It is not looked at.
	Method string

	// Target names what to do it to, as it came: /a%20file.txt?page=2.
	Target string
}

// errGone is the end of a connection without a request: the client left, was
// too slow, or sent a head over the limit. Nobody waits for an answer.
var errGone = errors.New("no request")

// readRequest reads the head of one request from conn. It ends in one of three
// ways: with the request; with errNotFound for a head that makes no sense; with
// errGone where no whole head came.
func readRequest(conn net.Conn) (Request, error) {
	lines := bufio.NewReader(io.LimitReader(conn, headLimit))
	first, err := readLine(lines)
	if err != nil {
		return Request{}, err
	}
	if err := skipFields(lines); err != nil {
		return Request{}, err
	}
	return parseRequestLine(first)
}

// parseRequestLine splits the first line of a request at its two spaces.
//
//	request-line = method SP request-target SP HTTP-version (RFC 9112, 3)
func parseRequestLine(line string) (Request, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || !strings.HasPrefix(parts[2], "HTTP/") {
		return Request{}, fmt.Errorf("%w: request line %q", errNotFound, line)
	}
	return Request{Method: parts[0], Target: parts[1]}, nil
}

// skipFields reads the field lines, up to and with the empty line that ends
// the head. To close a connection while bytes wait unread would reset it, and
// the client could lose the answer (RFC 9112, 9.6).
func skipFields(lines *bufio.Reader) error {
	for {
		line, err := readLine(lines)
		if err != nil || line == "" {
			return err
		}
	}
}

// readLine reads one line and returns it without its end, which is CR LF; a
// lone LF is taken too (RFC 9112, 2.2). Whatever stops it is errGone.
func readLine(lines *bufio.Reader) (string, error) {
	line, err := lines.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%w: %v", errGone, err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}
