package scripts

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// crashing is how many clients ask while upstreams crash.
const crashing = 16

// A caller sends requests over a kept connection, one after another. It does not
// repeat any, as a client of net/http would.
type caller struct {
	address string
	conn    net.Conn
	reader  *bufio.Reader

	// status is what each request got, by method and target: a status code, or
	// 0 for no response.
	status map[string]int
}

// call sends one request.
func (c *caller) call(method, target string) {
	code, err := c.try(method, target)
	c.status[method+" "+target] = code
	if err != nil && c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// errWrong is a response to another request.
var errWrong = errors.New("the response is to another request")

// try sends one request, a POST with content or without, and reads its response.
// An error means that the connection is of no more use.
func (c *caller) try(method, target string) (code int, err error) {
	if c.conn == nil {
		if c.conn, err = net.Dial("tcp", c.address); err != nil {
			return 0, err
		}
		c.reader = bufio.NewReader(c.conn)
	}
	c.conn.SetDeadline(time.Now().Add(clientLimit))
	rest := "\r\n"
	if method == "POST" {
		rest = []string{"Content-Length: 5\r\n\r\nhello", "Content-Length: 0\r\n\r\n"}[rand.IntN(2)]
	}
	if _, err := fmt.Fprintf(c.conn, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, target, rest); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return 0, err
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode == 200 && string(text) != target+"\n" {
		return 0, errWrong
	}
	if response.Close {
		return response.StatusCode, io.EOF
	}
	return response.StatusCode, nil
}

// callAll lets the callers call for some time, and hang up.
func callAll(address string, lasts time.Duration) []*caller {
	var wait sync.WaitGroup
	var over atomic.Bool
	time.AfterFunc(lasts, func() { over.Store(true) })
	callers := make([]*caller, crashing)
	for i := range callers {
		c := &caller{address: address, status: map[string]int{}}
		callers[i] = c
		wait.Go(func() {
			for n := 0; !over.Load(); n++ {
				c.call([]string{"GET", "POST"}[rand.IntN(2)], fmt.Sprintf("/count/%d-%d", i, n))
			}
			if c.conn != nil {
				c.conn.Close()
			}
		})
	}
	wait.Wait()
	return callers
}
