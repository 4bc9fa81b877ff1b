package main

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestHead ensures the head of a response, to the byte.
func TestHead(t *testing.T) {
	response := Response{Status: 404, Header: []Field{{"A", "1"}, {"B", "2"}}, Length: 6}
	assert.Equal(t, "HTTP/1.1 404 Not Found\r\nA: 1\r\nB: 2\r\nContent-Length: 6\r\nConnection: close\r\n\r\n", response.head())
}

// TestWriteNoContent ensures that the response to HEAD ends with its head.
func TestWriteNoContent(t *testing.T) {
	client, conn := net.Pipe()
	var got []byte
	var reader sync.WaitGroup
	reader.Go(func() { got, _ = io.ReadAll(client) })
	response := pageResponse(200, "hello")
	response.NoContent = true
	assert.Zero(t, response.write(conn))
	conn.Close()
	reader.Wait()
	assert.Equal(t, response.head(), string(got))
	assert.Contains(t, string(got), "Content-Length: 5\r\n")
}

// TestWriteSlowReader ensures that the limit is for a piece of the content, not
// for the whole: a client that takes its time gets a large file.
func TestWriteSlowReader(t *testing.T) {
	const pieces = 5
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		content := strings.Repeat("a", pieces*pieceSize)
		var taken int
		var reader sync.WaitGroup
		reader.Go(func() {
			reply := bufio.NewReaderSize(client, pieceSize)
			for line := ""; line != "\r\n"; line, _ = reply.ReadString('\n') {
			}
			for piece := make([]byte, pieceSize); ; time.Sleep(pieceLimit - time.Second) {
				n, err := io.ReadFull(reply, piece)
				if taken += n; err != nil {
					return
				}
			}
		})
		sent := pageResponse(200, content).write(conn)
		conn.Close()
		reader.Wait()
		assert.Equal(t, len(content), int(sent))
		assert.Equal(t, len(content), taken)
	})
}

// TestWriteShrunkContent ensures that nothing is made up when a file turns out
// to be shorter than it was, nor sent when it has grown.
func TestWriteShrunkContent(t *testing.T) {
	tests := map[string]struct {
		length int64
		want   string
	}{
		"as long":        {6, "hello\n"},
		"it has shrunk":  {8, "hello\n"},
		"it has grown":   {4, "hell"},
		"nothing at all": {0, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			client, conn := net.Pipe()
			var got []byte
			var reader sync.WaitGroup
			reader.Go(func() { got, _ = io.ReadAll(client) })
			response := Response{Status: 200, Content: strings.NewReader("hello\n"), Length: test.length}
			sent := response.write(conn)
			conn.Close()
			reader.Wait()
			assert.Equal(t, int64(len(test.want)), sent)
			_, content, _ := strings.Cut(string(got), "\r\n\r\n")
			assert.Equal(t, test.want, content)
		})
	}
}

// TestWriteNobodyThere ensures that nothing counts as sent to a client that has
// left before the head.
func TestWriteNobodyThere(t *testing.T) {
	client, conn := net.Pipe()
	client.Close()
	assert.Zero(t, pageResponse(200, "hello").write(conn))
}
