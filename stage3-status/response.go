package main

import (
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Content is sent in pieces of pieceSize bytes, and a client may take pieceLimit
// for each. The limit is not for the whole: a large file takes its time. It is
// long, because the system takes megabytes at once on behalf of the client, and
// then nothing until the client has got much of them.
const (
	pieceSize  = 128 << 10
	pieceLimit = time.Minute
)

// reasons holds the reason phrase of each status code (RFC 9110, 15).
var reasons = map[int]string{
	200: "OK",
	301: "Moved Permanently",
	400: "Bad Request",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	408: "Request Timeout",
	413: "Content Too Large",
	414: "URI Too Long",
	431: "Request Header Fields Too Large",
	500: "Internal Server Error",
	501: "Not Implemented",
	503: "Service Unavailable",
	505: "HTTP Version Not Supported",
}

// A Response is an answer before it is bytes.
type Response struct {
	// Status is the status code, one of reasons.
	Status int

	// Header is the header section. write adds the fields about the message
	// itself.
	Header []Field

	// Content is what follows the head. write closes it if it can be closed.
	Content io.Reader

	// Length is how many bytes of Content to send.
	Length int64

	// NoContent leaves the content out, after a head that tells its length: the
	// response to HEAD.
	NoContent bool
}

// A Field is one line of a header section.
type Field struct {
	Name, Value string
}

// pageResponse makes a response that is a page of HTML.
func pageResponse(status int, html string) *Response {
	return &Response{
		Status: status,
		Header: []Field{
			{"Content-Type", "text/html; charset=utf-8"},
		},
		Content: strings.NewReader(html),
		Length:  int64(len(html)),
	}
}

// write sends the response to conn, closes its content, and returns how many
// bytes of content the system has taken. They are fewer than Length where the
// client is gone or the file has shrunk; then only closing conn can tell.
func (r *Response) write(conn net.Conn) int64 {
	defer r.close()
	conn.SetWriteDeadline(time.Now().Add(pieceLimit))
	if _, err := io.WriteString(conn, r.head()); err != nil {
		return 0
	}
	if r.NoContent {
		return 0
	}
	var sent int64
	for sent < r.Length {
		conn.SetWriteDeadline(time.Now().Add(pieceLimit))
		n, err := io.CopyN(conn, r.Content, min(pieceSize, r.Length-sent))
		sent += n
		if err != nil {
			break
		}
	}
	return sent
}

// close closes the content of a response, if it can be closed.
func (r *Response) close() {
	if closer, ok := r.Content.(io.Closer); ok {
		closer.Close()
	}
}

// head returns the head of the response: the status line, the header section
// and the empty line that ends it.
//
//	status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112, 4)
func (r *Response) head() string {
	var head strings.Builder
	head.WriteString("HTTP/1.1 " + strconv.Itoa(r.Status) + " " + reasons[r.Status] + "\r\n")
	for _, field := range r.Header {
		head.WriteString(field.Name + ": " + field.Value + "\r\n")
	}
	head.WriteString("Content-Length: " + strconv.FormatInt(r.Length, 10) + "\r\n")
	head.WriteString("Connection: close\r\n")
	head.WriteString("\r\n")
	return head.String()
}
