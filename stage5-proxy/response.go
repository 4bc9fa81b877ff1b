package main

import (
	"bufio"
	"cmp"
	"io"
	"slices"
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
	206: "Partial Content",
	301: "Moved Permanently",
	304: "Not Modified",
	400: "Bad Request",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	406: "Not Acceptable",
	408: "Request Timeout",
	412: "Precondition Failed",
	413: "Content Too Large",
	414: "URI Too Long",
	416: "Range Not Satisfiable",
	417: "Expectation Failed",
	431: "Request Header Fields Too Large",
	500: "Internal Server Error",
	501: "Not Implemented",
	502: "Bad Gateway",
	503: "Service Unavailable",
	504: "Gateway Timeout",
	505: "HTTP Version Not Supported",
}

// product is what this server is called, in the field Server (RFC 9110, 10.2.4).
const product = "webserver"

// A Response is an answer before it is bytes.
type Response struct {
	// Status is the status code, one of reasons.
	Status int

	// Date is when the response was made (RFC 9110, 6.6.1).
	Date string

	// Header is the header section. write adds the fields about the message
	// itself.
	Header []Field

	// Connection is what happens to the connection afterwards: "close",
	// "keep-alive" or nothing.
	Connection string

	// Content is what follows the head. write closes it if it can be closed.
	Content io.Reader

	// Length is how many bytes of Content to send, or unknownLength.
	Length int64

	// NoContent leaves the content out, after a head that tells its length: the
	// response to HEAD.
	NoContent bool

	// Name is the name, below the document root, of what Content is of.
	Name string

	// Tag and Modified are its validators: they tell it from what it was before.
	Tag      string
	Modified time.Time

	relayed
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

// write writes the response to c, closes its content, and returns how many
// bytes of content were taken. They are fewer than Length where the client is
// gone or the file has shrunk; then only closing c can tell.
func (r *Response) write(c *connection) (sent int64) {
	defer r.close()
	c.allowPiece()
	r.writeHead(c.out)
	if r.NoContent {
		return 0
	}
	if reply, ok := r.Content.(*reply); ok {
		return reply.passOn(c, r)
	}
	if memory, ok := inMemory(r.Content); ok && r.Length == int64(memory.Len()) && r.Length <= pieceSize {
		sent, _ = memory.WriteTo(c.out) // As it lies there, without a copy.
		return sent
	}
	for sent < r.Length {
		c.allowPiece()
		n, err := io.CopyN(c.out, r.Content, min(pieceSize, r.Length-sent))
		sent += n
		if err != nil {
			break
		}
	}
	c.allowPiece() // What is left in out is a piece, too.
	return sent
}

// close closes the content of a response, if it can be closed.
func (r *Response) close() {
	if closer, ok := r.Content.(io.Closer); ok {
		closer.Close()
	}
}

// writeHead writes the head of the response: the status line, the header section
// and the empty line that ends it.
//
//	status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112, 4)
func (r *Response) writeHead(head *bufio.Writer) {
	head.WriteString("HTTP/1.1 " + strconv.Itoa(r.Status) + " " + cmp.Or(r.Reason, reasons[r.Status]) + "\r\n")
	writeField(head, "Date", r.Date)
	if !slices.ContainsFunc(r.Header, named("Server")) {
		writeField(head, "Server", product)
	}
	for _, field := range r.Header {
		writeField(head, field.Name, field.Value)
	}
	if r.Length != unknownLength {
		writeField(head, "Content-Length", strconv.FormatInt(r.Length, 10))
	}
	if r.Chunked {
		writeField(head, "Transfer-Encoding", "chunked")
	}
	if r.Connection != "" {
		writeField(head, "Connection", r.Connection)
	}
	head.WriteString("\r\n")
}
