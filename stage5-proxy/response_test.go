package main

import (
	"bufio"
	"bytes"
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
	response := Response{Status: 404, Date: "now", Header: []Field{{"A", "1"}, {"B", "2"}}, Connection: "close", Length: 6}
	const first = "HTTP/1.1 404 Not Found\r\nDate: now\r\nServer: webserver\r\nA: 1\r\nB: 2\r\n"
	assert.Equal(t, first+"Content-Length: 6\r\nConnection: close\r\n\r\n", headOf(&response))
	response.Connection, response.Length = "", 0
	assert.Equal(t, first+"Content-Length: 0\r\n\r\n", headOf(&response))
	response.Length = unknownLength
	assert.Equal(t, first+"\r\n", headOf(&response))
}

// headOf returns the head of a response as it is sent.
func headOf(response *Response) string {
	var head bytes.Buffer
	out := bufio.NewWriter(&head)
	response.writeHead(out)
	out.Flush()
	return head.String()
}

// writeTo writes a response to a connection, and all that is gathered for it.
func writeTo(conn net.Conn, response *Response) int64 {
	c := new(server).newConnection(conn)
	defer c.out.Flush()
	return response.write(c)
}

// TestWriteNoContent ensures that the response to HEAD ends with its head.
func TestWriteNoContent(t *testing.T) {
	client, conn := net.Pipe()
	var got []byte
	var reader sync.WaitGroup
	reader.Go(func() { got, _ = io.ReadAll(client) })
	response := pageResponse(200, "hello")
	response.NoContent = true
	assert.Zero(t, writeTo(conn, response))
	conn.Close()
	reader.Wait()
	assert.Equal(t, headOf(response), string(got))
	assert.Contains(t, string(got), "Content-Length: 5\r\n")
}

// TestWriteSlowReader ensures that the limit is for a piece of the content, not
// for the whole: a client that takes its time gets a large file, wherever it
// comes from.
func TestWriteSlowReader(t *testing.T) {
	content := strings.Repeat("a", 5*pieceSize)
	for name, from := range map[string]io.Reader{"memory": bytes.NewReader([]byte(content)), "elsewhere": strings.NewReader(content)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
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
				response := Response{Status: 200, Content: from, Length: int64(len(content))}
				sent := writeTo(conn, &response)
				conn.Close()
				reader.Wait()
				assert.Equal(t, len(content), int(sent))
				assert.Equal(t, len(content), taken)
			})
		})
	}
}

// TestWriteSlowEnd ensures that the end of a content, which is gathered with what
// comes next, has a time of its own.
func TestWriteSlowEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		response := pageResponse(200, strings.Repeat("a", pieceSize))
		whole := len(headOf(response)) + pieceSize
		var taken int
		var reader sync.WaitGroup
		reader.Go(func() {
			for _, size := range []int{whole - 1, 1} {
				time.Sleep(pieceLimit - time.Second)
				n, _ := io.ReadFull(client, make([]byte, size))
				taken += n
			}
		})
		writeTo(conn, response)
		conn.Close()
		reader.Wait()
		assert.Equal(t, whole, taken)
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
			sent := writeTo(conn, &response)
			conn.Close()
			reader.Wait()
			assert.Equal(t, int64(len(test.want)), sent)
			_, content, _ := strings.Cut(string(got), "\r\n\r\n")
			assert.Equal(t, test.want, content)
		})
	}
}

// TestWriteNobodyThere ensures that nothing counts as sent to a client that has
// left before a content which is longer than what is gathered.
func TestWriteNobodyThere(t *testing.T) {
	client, conn := net.Pipe()
	client.Close()
	response := pageResponse(200, strings.Repeat("a", 4*outSize))
	assert.Less(t, writeTo(conn, response), response.Length)
}

// TestWriteAtOnce ensures that a head and a small content are one write, from
// memory or from elsewhere, and that so are the responses to several requests.
func TestWriteAtOnce(t *testing.T) {
	conn := new(fakeConn)
	c := new(server).newConnection(conn)
	for _, content := range []io.Reader{bytes.NewReader([]byte("hello")), strings.NewReader("hello")} {
		response := Response{Status: 200, Content: content, Length: 5}
		assert.Equal(t, int64(5), response.write(c))
	}
	assert.Zero(t, conn.writes)
	c.out.Flush()
	assert.Equal(t, 1, conn.writes)
	assert.Equal(t, 2, strings.Count(conn.out.String(), "Content-Length: 5\r\n\r\nhello"))
}

// TestWriteFromMemory ensures that of a content in memory exactly so much is
// sent as the head says, also where there is more or less.
func TestWriteFromMemory(t *testing.T) {
	for length, want := range map[int64]string{6: "hello\n", 4: "hell", 8: "hello\n", 0: ""} {
		conn := new(fakeConn)
		response := Response{Status: 200, Content: bytes.NewReader([]byte("hello\n")), Length: length}
		assert.Equal(t, int64(len(want)), writeTo(conn, &response))
		_, content, _ := strings.Cut(conn.out.String(), "\r\n\r\n")
		assert.Equal(t, want, content)
	}
}
