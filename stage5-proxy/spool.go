package main

import (
	"fmt"
	"io"
	"os"
)

// spoolLimit is how many bytes of content are stored of which the length is not
// known.
const spoolLimit = 64 << 20

// measured returns the content of a request with its length, which scripts want
// to know before they get any of it (RFC 3875, 4.1.2). Content that comes in
// chunks is stored in a file until all of it is there, and from then on is the
// content, for another upstream, too. The error is a 413 or that of the client.
func (h *handover) measured() (*Content, error) {
	content := h.Content
	if content == nil {
		return nil, nil
	}
	content.invite()
	if content.length != inChunks {
		return content, nil
	}
	file, err := os.CreateTemp("", "webserver-")
	if err != nil {
		return nil, err
	}
	// Without a name, it is gone when this program ends, however that comes. Where
	// an open file must have one, remove removes it.
	os.Remove(file.Name())
	n, err := io.Copy(file, io.LimitReader(content, spoolLimit+1))
	if err == nil && n > spoolLimit {
		err = refuse(413, "content of more than %d bytes, in chunks", spoolLimit)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	stored := &Content{conn: content.conn, length: n, bytes: file, file: file}
	if err != nil {
		stored.remove()
		return nil, fmt.Errorf("content in chunks: %w", err)
	}
	h.Content = stored
	return stored, nil
}

// remove removes the file that content was stored in, if it was.
func (content *Content) remove() {
	if content != nil && content.file != nil {
		content.file.Close()
		os.Remove(content.file.Name())
	}
}
