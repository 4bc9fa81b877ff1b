package bench

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// checkLimit is how long a conversation may take in which replies are checked.
const checkLimit = time.Minute

// growLimit is how much memory is taken for content because a reply says that so
// much will come.
const growLimit = 32 << 20

// A reply is one that has been read completely.
type reply struct {
	head    *http.Response
	content string

	// size is how many bytes it was, head and content.
	size int
}

// A conversation is a connection on which replies are read carefully.
type conversation struct {
	conn   net.Conn
	taken  int // bytes, by reader
	reader *bufio.Reader
}

// dial opens a connection for a conversation.
func dial(address string) (*conversation, error) {
	conn, err := net.DialTimeout("tcp", address, checkLimit)
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(checkLimit))
	c := &conversation{conn: conn}
	c.reader = bufio.NewReader(c)
	return c, nil
}

// Read reads for the reader, and counts.
func (c *conversation) Read(data []byte) (int, error) {
	n, err := c.conn.Read(data)
	c.taken += n
	return n, err
}

// position returns how many bytes have been read from the reader.
func (c *conversation) position() int { return c.taken - c.reader.Buffered() }

// ask sends requests in one write, and reads so many replies. After them
// nothing may follow.
func (c *conversation) ask(requests []byte, n int) ([]reply, error) {
	if _, err := c.conn.Write(requests); err != nil {
		return nil, err
	}
	var replies []reply
	for range n {
		r, err := c.next()
		if err != nil {
			return nil, fmt.Errorf("reply %d of %d: %w", len(replies)+1, n, err)
		}
		replies = append(replies, r)
	}
	if n := c.reader.Buffered(); n > 0 {
		return nil, fmt.Errorf("%d bytes came after the end of the reply", n)
	}
	return replies, nil
}

// next reads one reply.
func (c *conversation) next() (reply, error) {
	begin := c.position()
	head, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return reply{}, err
	}
	if head.ContentLength < 0 && len(head.TransferEncoding) == 0 {
		return reply{}, errors.New("neither a length nor chunks say where the content ends")
	}
	var content strings.Builder
	content.Grow(int(min(max(head.ContentLength, 0), growLimit)))
	if _, err := io.Copy(&content, head.Body); err != nil {
		return reply{}, err
	}
	return reply{head: head, content: content.String(), size: c.position() - begin}, head.Body.Close()
}

// closed ensures that the server has closed the connection.
func (c *conversation) closed() error {
	switch _, err := c.reader.ReadByte(); {
	case err == nil:
		return errors.New("bytes came after the end of the reply")
	case err != io.EOF:
		return fmt.Errorf("the server does not close the connection: %w", err)
	}
	return c.conn.Close()
}

// decode returns the content of a reply as the file has it.
func (s scenario) decode(r reply) (string, error) {
	coding := r.head.Header.Get("Content-Encoding")
	if !s.coded {
		if coding != "" {
			return "", fmt.Errorf("the content is coded, as %s, but nobody wanted that", coding)
		}
		return r.content, nil
	}
	if coding != "gzip" {
		return "", fmt.Errorf("the content coding is %q, and not gzip", coding)
	}
	unpacked, err := gzip.NewReader(strings.NewReader(r.content))
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(unpacked)
	return string(content), err
}
