package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
)

const (
	// targetLimit is how many bytes a target may have. RFC 9112, 3 recommends
	// at least 8000 for the whole line.
	targetLimit = 8 << 10

	// lineLimit is how many bytes are read in search of the end of a line. The
	// longest one is a request line, with its method and version.
	lineLimit = targetLimit + 64
)

// A Request is what the head of a request asks for.
type Request struct {
	// Method is what to do, such as GET: a token.
	Method string

	// Target names what to do it to, as it came: /a%20file.txt?page=2.
	Target string

	// Fields are the lines of the header section, in their order.
	Fields []Field

	// Length is how many bytes of content follow the head.
	Length int64
}

// errGone is the end of a connection without a request: the client left, or
// said nothing at all. Nobody waits for an answer.
var errGone = errors.New("no request")

// readRequest reads the head of one request from conn. It ends in one of three
// ways: with the request; with a statusError that says why it is none; with
// errGone where nobody waits for an answer. Beside an error, the request holds
// what was understood of it.
func readRequest(conn net.Conn) (Request, error) {
	head := &io.LimitedReader{R: conn, N: headLimit}
	lines := bufio.NewReaderSize(head, lineLimit)
	first, err := readLine(lines)
	if err == nil && first == "" {
		first, err = readLine(lines) // One empty line is forgiven (RFC 9112, 2.2).
	}
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return lineTooLong(first)
	case err != nil && first == "":
		return Request{}, fmt.Errorf("%w: %v", errGone, err)
	case err != nil:
		return Request{}, interrupted(err, head.N)
	}
	request, err := parseRequestLine(first)
	if err != nil {
		return request, err
	}
	if request.Fields, err = readFields(lines); err != nil {
		return request, interrupted(err, head.N)
	}
	request.Length, err = contentLength(request.Fields)
	return request, err
}

// parseRequestLine splits the first line of a request at its two spaces. The
// error is a 400, a 414 or a 505; beside the last two, the request holds what
// was understood.
//
//	request-line = method SP request-target SP HTTP-version (RFC 9112, 3)
func parseRequestLine(line string) (Request, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 3 || !isToken(parts[0]) || !isTarget(parts[1]) {
		return Request{}, refuse(400, "request line %q", line)
	}
	request := Request{Method: parts[0], Target: parts[1]}
	if len(request.Target) > targetLimit {
		return request, refuse(414, "target of %d bytes", len(request.Target))
	}
	return request, checkVersion(parts[2])
}

// checkVersion returns nil for every version with the major number 1, whose
// requests all look alike, and 505 for any other.
//
//	HTTP-version = "HTTP" "/" DIGIT "." DIGIT (RFC 9112, 2.3)
func checkVersion(version string) error {
	numbers, found := strings.CutPrefix(version, "HTTP/")
	isDigit := func(i int) bool { return '0' <= numbers[i] && numbers[i] <= '9' }
	switch {
	case !found || len(numbers) != 3 || !isDigit(0) || numbers[1] != '.' || !isDigit(2):
		return refuse(400, "version %q", version)
	case numbers[0] != '1':
		return refuse(505, "version %q", version)
	}
	return nil
}

// interrupted says what it means that err stopped the reading of a head, of
// whose headLimit some bytes are left (RFC 9112, 8).
func interrupted(err error, left int64) error {
	var refused *statusError
	switch {
	case errors.As(err, &refused):
		return err
	// This comes before io.EOF, which is what a LimitedReader says at its end.
	case left == 0:
		return refuse(431, "head of more than %d bytes", headLimit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuse(408, "head not complete after %v", timeLimit)
	case errors.Is(err, io.EOF):
		return refuse(400, "head ends in the middle")
	}
	return fmt.Errorf("%w: %v", errGone, err)
}

// lineTooLong says what is wrong with a request line of which this is only the
// beginning: the target or, if not even the method ends here, that nobody has
// such a method (RFC 9112, 3).
func lineTooLong(beginning string) (Request, error) {
	method, _, found := strings.Cut(beginning, " ")
	if !found {
		return Request{}, refuse(501, "method of more than %d bytes", lineLimit)
	}
	return Request{Method: method}, refuse(414, "request line of more than %d bytes", lineLimit)
}
