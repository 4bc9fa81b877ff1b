package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// The types of records that are needed to hand over a request (FastCGI 1.0, 8).
const (
	beginRequest = 1
	endRequest   = 3
	params       = 4
	stdin        = 5
	stdout       = 6
	stderr       = 7
)

// recordLimit is how many bytes a record takes at most. It could be a few more,
// but they are counted in eights.
const recordLimit = 65528

// writeRecord writes a record of request 1: there is only one at a time on a
// connection. Longer content becomes several. The error is that of out.
func writeRecord(out *bufio.Writer, kind byte, content []byte) error {
	for first := true; first || len(content) > 0; first = false {
		n := min(len(content), recordLimit)
		header := [8]byte{1, kind, 0, 1}
		binary.BigEndian.PutUint16(header[4:], uint16(n))
		out.Write(header[:])
		out.Write(content[:n])
		content = content[n:]
	}
	_, err := out.Write(nil)
	return err
}

// encodePairs encodes names and values, each with its length before it: in one
// byte, or in four of which the first bit is set (FastCGI 1.0, 3.4).
func encodePairs(pairs []Field) []byte {
	var encoded []byte
	for _, pair := range pairs {
		for _, length := range []int{len(pair.Name), len(pair.Value)} {
			if length < 128 {
				encoded = append(encoded, byte(length))
			} else {
				encoded = binary.BigEndian.AppendUint32(encoded, uint32(length)|1<<31)
			}
		}
		encoded = append(append(encoded, pair.Name...), pair.Value...)
	}
	return encoded
}

// A recordReader reads what an application says in the records of a request.
type recordReader struct {
	leg *leg

	// left is how many bytes of a record's content were not read, and padding how
	// many without a meaning follow them.
	left, padding int

	// errors takes what the application says to the log.
	errors io.Writer

	// answered tells that the head of the response has come, and ended that the
	// request has come to its end.
	answered, ended bool
}

// allow gives the application pieceLimit for what comes next. It has one limit
// for all of the head, and what it says to the log before.
func (r *recordReader) allow() {
	if r.answered {
		r.leg.allow(pieceLimit)
	}
}

// Read reads of what the application says to the client, and passes what it says
// to the log. At the end of the request, it returns io.EOF.
func (r *recordReader) Read(p []byte) (int, error) {
	for r.left == 0 {
		if r.ended {
			return 0, io.EOF
		}
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	r.allow()
	n, err := r.leg.in.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, unexpected(err)
}

// next reads up to the content for the client of the next record, or to the end
// of the request.
func (r *recordReader) next() error {
	if _, err := r.leg.in.Discard(r.padding); err != nil {
		return unexpected(err)
	}
	r.padding = 0
	r.allow()
	var header [8]byte
	if _, err := io.ReadFull(r.leg.in, header[:]); err != nil {
		return unexpected(err)
	}
	length := int(binary.BigEndian.Uint16(header[4:]))
	r.padding = int(header[6])
	if header[0] != 1 || header[2] != 0 || header[3] != 1 {
		return fmt.Errorf("record %x", header)
	}
	switch header[1] {
	case stdout:
		r.left = length
		return nil
	case stderr:
		_, err := io.CopyN(r.errors, r.leg.in, int64(length))
		return unexpected(err)
	case endRequest:
		return r.end(length)
	}
	return fmt.Errorf("record of type %d", header[1])
}

// end reads how the request has ended. Its application status is the
// application's own matter.
func (r *recordReader) end(length int) error {
	body := make([]byte, length)
	if _, err := io.ReadFull(r.leg.in, body); err != nil {
		return unexpected(err)
	}
	if _, err := r.leg.in.Discard(r.padding); err != nil {
		return unexpected(err)
	}
	r.padding = 0
	switch {
	case length != 8:
		return fmt.Errorf("end of a request in %d bytes", length)
	case body[4] == 2:
		return refuse(503, "the application is overloaded")
	case body[4] != 0:
		return fmt.Errorf("the application ends the request with protocol status %d", body[4])
	}
	r.ended = true
	return nil
}

// unexpected makes an end in the middle of the error that says there was one.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
