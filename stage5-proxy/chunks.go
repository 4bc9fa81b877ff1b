package main

import (
	"bufio"
	"strconv"
)

// writeChunk writes a chunk with all of data, of which there must be some: a
// chunk without data is the last one (RFC 9112, 7.1). The error is that of out.
func writeChunk(out *bufio.Writer, data []byte) error {
	out.WriteString(strconv.FormatInt(int64(len(data)), 16))
	out.WriteString("\r\n")
	out.Write(data)
	_, err := out.WriteString("\r\n")
	return err
}

// writePiece writes content, in a chunk where there are chunks. The error is that
// of out.
func (r *Response) writePiece(out *bufio.Writer, piece []byte) error {
	if r.Chunked && len(piece) > 0 {
		return writeChunk(out, piece)
	}
	_, err := out.Write(piece)
	return err
}

// writeLastChunk writes the end of content in chunks, and the fields that were
// known only then. Who does not see it knows that the content was cut short.
func writeLastChunk(out *bufio.Writer, trailers []Field) {
	out.WriteString("0\r\n")
	for _, field := range trailers {
		writeField(out, field.Name, field.Value)
	}
	out.WriteString("\r\n")
}
