package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// interimLimit is how many responses an application may send before the one that
// counts.
const interimLimit = 20

// A replyHead is the head of an application's response.
type replyHead struct {
	version string
	status  int
	reason  string
	fields  []Field
}

// readReplyHead reads the head of a response. It is looked at as closely as that
// of a request: what one program takes for one response, another one could take
// for two (RFC 9112, 11.2).
func readReplyHead(l *leg) (replyHead, error) {
	l.quota.N = headLimit
	defer l.unlimit()
	line, err := readLine(l.in)
	if err != nil {
		return replyHead{}, noReply(err, l.quota.N)
	}
	head, err := parseStatusLine(line)
	if err != nil {
		return head, err
	}
	if head.fields, err = readFields(l.in); err != nil {
		return head, noReply(err, l.quota.N)
	}
	return head, nil
}

// noReply says what it means that err stopped the reading of a head, of whose
// headLimit some bytes are left.
func noReply(err error, left int64) error {
	switch {
	case left == 0:
		return fmt.Errorf("head of more than %d bytes", headLimit)
	case err == io.EOF:
		return io.ErrUnexpectedEOF
	case err == bufio.ErrBufferFull:
		return fmt.Errorf("status line of more than %d bytes", lineLimit)
	}
	return err
}

// parseStatusLine takes the first line of a response apart.
//
//	status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112, 4)
func parseStatusLine(line string) (replyHead, error) {
	version, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	status, err := strconv.ParseUint(code, 10, 16)
	if err != nil || len(code) != 3 || status < 100 || checkVersion(version) != nil {
		return replyHead{}, fmt.Errorf("status line %q", line)
	}
	return replyHead{version: version, status: int(status), reason: reason}, nil
}

// content returns how many bytes of content follow a head in answer to a method,
// or unknownLength, and what reads them (RFC 9112, 6.3). untilClose tells that
// they end where the connection does.
func (head replyHead) content(l *leg, method string) (length int64, bytes io.Reader, untilClose bool, err error) {
	codings, lengths := values(head.fields, "Transfer-Encoding"), values(head.fields, "Content-Length")
	if len(codings) > 0 && head.version == version10 {
		return 0, nil, false, fmt.Errorf("Transfer-Encoding in %s", version10)
	}
	if length, err = contentLength(head.fields); err != nil {
		return 0, nil, false, err
	}
	switch {
	case method == "HEAD" || head.status == 304:
		if len(lengths) == 0 {
			length = unknownLength
		}
		return length, nil, false, nil
	case head.status < 200 || head.status == 204:
		return unknownLength, nil, false, nil
	case length == inChunks:
		return unknownLength, &chunkedReader{in: l.in}, false, nil
	case len(lengths) == 0:
		return unknownLength, l.in, true, nil
	}
	return length, io.LimitReader(l.in, length), false, nil
}

// persists reports whether the connection of a response can be used again.
func (head replyHead) persists() bool {
	return persists(Request{Version: head.version, Fields: head.fields})
}

// readReply reads the head of the response that counts, and passes on those that
// come before it: 100, with which the client is told to send its content, and
// others that say what will come, such as 103 (RFC 9110, 15.2).
func (x *exchange) readReply(l *leg, request Request) (replyHead, error) {
	for range interimLimit + 1 {
		if err := x.await(l.in, l.allow); err != nil {
			return replyHead{}, fmt.Errorf("%w: %w", errNoReply, err)
		}
		head, err := readReplyHead(l)
		if err != nil || head.status >= 200 || head.status == 101 {
			return head, err
		}
		if request.Version != version10 { // It does not know of them.
			request.Client.allowPiece()
			head.writeInterim(request.Client.out)
		}
	}
	return replyHead{}, fmt.Errorf("more than %d interim responses", interimLimit)
}

// writeInterim writes the head of a response that is not the last one.
func (head replyHead) writeInterim(out *bufio.Writer) {
	out.WriteString("HTTP/1.1 " + strconv.Itoa(head.status) + " " + head.reason + "\r\n")
	for _, field := range endToEnd(head.fields) {
		writeField(out, field.Name, field.Value)
	}
	out.WriteString("\r\n")
}
