package scripts

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
)

// rightReply is the response of which the wrong ones are made, each with one
// thing replaced by another.
const rightReply = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"

// chunkedReply is the same content in a chunk.
const chunkedReply = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" +
	"5\r\nhello\r\n0\r\n\r\n"

// noContent is a response without content.
const noContent = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"

// A wrongReply is a response with one thing wrong.
type wrongReply struct {
	// name is what the table of the page calls it.
	name string

	// reply are its bytes.
	reply string

	// means is what it should have been. It is the reply itself where nothing is
	// wrong.
	means string

	// method is that of the request; empty is GET.
	method string

	// kept tells that the connection stays open, and that what counts is what a
	// client makes of the next response, which is right.
	kept bool
}

// right is a response that is as it should be.
func right(name, reply string) wrongReply { return wrongReply{name: name, reply: reply, means: reply} }

// wrong is rightReply with something else in place of one thing.
func wrong(name, old, new string) wrongReply {
	return wrongReply{name: name, reply: strings.ReplaceAll(rightReply, old, new), means: rightReply}
}

// wrongLength is rightReply with another field in place of its Content-Length.
func wrongLength(name, field string) wrongReply { return wrong(name, "Content-Length: 5", field) }

// wrongChunks is chunkedReply with something else in place of one thing.
func wrongChunks(name, old, new string) wrongReply {
	return wrongReply{name: name, reply: strings.ReplaceAll(chunkedReply, old, new), means: chunkedReply}
}

// goesOn makes of a response one after which the connection stays open.
func (r wrongReply) goesOn(method string) wrongReply {
	r.reply = strings.ReplaceAll(r.reply, "Connection: close\r\n", "")
	r.means = strings.ReplaceAll(r.means, "Connection: close\r\n", "")
	if r.method, r.kept = method, true; method == "HEAD" {
		r.means = strings.TrimSuffix(r.means, "hello")
	}
	return r
}

// gzipChunks is the content in the coding gzip, in a chunk, behind a head that
// calls this a transfer coding. That is right, but nobody has asked for it.
func gzipChunks() string {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	writer.Write([]byte("hello"))
	writer.Close()
	content := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", packed.Len(), &packed)
	return strings.NewReplacer("chunked", "gzip, chunked", "5\r\nhello\r\n0\r\n\r\n", content).Replace(chunkedReply)
}

// wrongReplies are the rows of the table.
var wrongReplies = []wrongReply{
	right("nothing", rightReply),
	right("nothing: it is in chunks", chunkedReply),
	right("nothing: no Content-Length, it ends with the connection", strings.ReplaceAll(rightReply, "Content-Length: 5\r\n", "")),
	right("nothing: no reason phrase, HTTP/1.1 200 and a space", strings.ReplaceAll(rightReply, " OK", " ")),
	right("nothing: a 103 comes before", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"+rightReply),

	wrong("HTTP/1.1 200 without the space", " OK", ""),
	wrong("HTTP/1.1 200OK", " OK", "OK"),
	wrong("HTTP/2.0 200 OK", "HTTP/1.1", "HTTP/2.0"),
	{name: "no head: hello, and no more", reply: "hello", means: rightReply},
	wrong("every line ends in a lone LF", "\r\n", "\n"),
	wrong("the head is not ended, and nothing follows", "\r\n\r\nhello", "\r\n"),
	wrong("no empty line before the content", "\r\n\r\n", "\r\n"),

	wrong("a line without a colon", "Content-Type: ", "Content-Type "),
	wrongLength("Content-Length : 3, a space before the colon", "Content-Length : 3"),
	wrongLength("Content-Length: and 3 on the next line, after a space", "Content-Length:\r\n 3"),
	wrong("a byte 0 in a value", "text/plain", "text/\x00plain"),
	wrong("no Content-Type", "Content-Type: text/plain\r\n", ""),

	wrongLength("Content-Length: 9, too much", "Content-Length: 9"),
	wrongLength("Content-Length: 3, too little", "Content-Length: 3"),
	wrongLength("Content-Length: 5, twice", "Content-Length: 5\r\nContent-Length: 5"),
	wrongLength("Content-Length: 5, 5", "Content-Length: 5, 5"),
	wrongLength("Content-Length: 5, then Content-Length: 3", "Content-Length: 5\r\nContent-Length: 3"),
	wrongLength("Content-Length: 3, then Content-Length: 5", "Content-Length: 3\r\nContent-Length: 5"),
	wrongLength("Content-Length: +3", "Content-Length: +3"),
	wrongLength("Content-Length: 3 bytes", "Content-Length: 3 bytes"),

	wrongChunks("chunked, and Content-Length: 3", "Connection", "Content-Length: 3\r\nConnection"),
	wrongChunks("a chunk of 5 bytes says 6", "5\r\n", "6\r\n"),
	wrongChunks("a chunk of 5 bytes says 3", "5\r\n", "3\r\n"),
	wrongChunks("the lines of chunks end in a lone LF", "5\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n"),
	wrongChunks("the last chunk is missing", "0\r\n\r\n", ""),
	{name: "Transfer-Encoding: gzip, chunked", reply: gzipChunks(), means: chunkedReply},
	wrong("Content-Encoding: gzip, and it is not", "Content-Length", "Content-Encoding: gzip\r\nContent-Length"),

	{name: "204 No Content, with content", reply: noContent + "hello", means: noContent},
	right("content after the answer to HEAD: what comes next", rightReply).goesOn("HEAD"),
	wrongLength("Content-Length: 3, kept open: what comes next", "Content-Length: 3").goesOn("GET"),
}
