package main

import (
	"bufio"
	"errors"
	"os"
	"sync/atomic"
	"time"
)

const (
	// watchDelay is after how long a client is looked after that waits for an
	// application. Most responses come sooner, and cost no look.
	watchDelay = time.Second

	// replyLimit is how long an application may take until it answers.
	replyLimit = 30 * time.Second
)

// An exchange is a request at an application, from its first byte there to the
// last one of the response. The response can come while the content of the
// request is still on its way; so that is sent by a goroutine of its own.
type exchange struct {
	client  *connection
	content *Content

	// abort ends the exchange on the side of the application: who reads or writes
	// there gets an error.
	abort func()

	// sent is closed when the content has been sent, or cannot be; sendErr is why.
	sent    chan struct{}
	sendErr error

	// moved is when some of the content was sent, or its end, in nanoseconds since
	// 1970.
	moved atomic.Int64

	// timer starts watch; watched is closed at its end.
	timer   *time.Timer
	watched chan struct{}

	// gone tells that the client has left.
	gone atomic.Bool
}

// begin starts an exchange. send sends the content of the request, over out if
// there is one; where all of that has come already, at once. Who begins an
// exchange ends it.
func (h *handover) begin(content *Content, out *bufio.Writer, abort func(), send func(x *exchange) error) *exchange {
	x := &exchange{client: h.Client, content: content, abort: abort, sent: make(chan struct{}), watched: make(chan struct{})}
	x.moved.Store(time.Now().UnixNano())
	if content.isHere() {
		x.send(send)
	} else {
		x.client.pass() // If the client has left, reading from it will tell.
		x.client.lend(out)
		go x.send(send)
	}
	x.timer = time.AfterFunc(watchDelay, x.watch)
	return x
}

// send sends the content. If the client is to blame that it cannot be sent,
// that is the end of the exchange. If the application is, it may have a reason,
// and say it in its response.
func (x *exchange) send(send func(x *exchange) error) {
	defer close(x.sent)
	defer survive()
	x.sendErr = send(x)
	if x.clientError() != nil {
		x.abort()
	}
}

// clientError returns what the client did wrong with its content, nil for
// nothing. It may be called when sent is closed.
func (x *exchange) clientError() error {
	if x.sendErr == nil {
		return nil
	}
	var refused *statusError
	if errors.As(x.sendErr, &refused) {
		return x.sendErr
	}
	return nil
}

// watch waits until the client leaves, and then ends the exchange: nobody needs
// the response. What the client may send meanwhile is its next request, and
// stays where it is.
func (x *exchange) watch() {
	defer close(x.watched)
	<-x.sent
	x.client.lend(nil)
	x.client.setReadDeadline(time.Time{})
	if _, err := x.client.in.Peek(1); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		x.gone.Store(true)
		x.abort()
	}
}

// end ends the exchange, when the response has come, or will not come. It
// reports whether all of the request was sent. After it, no other goroutine uses
// the connection of the client, nor that of the application.
func (x *exchange) end() (sentAll bool) {
	stopped := x.timer.Stop()
	if x.content.unread() {
		x.abort()
	}
	if x.content.unread() || !stopped {
		x.client.recall()
	}
	select {
	case <-x.sent:
	default: // The last piece is read, and not yet sent. Nobody waits for that for long.
		x.client.pass()
		defer time.AfterFunc(time.Second, x.abort).Stop()
	}
	if <-x.sent; !stopped {
		<-x.watched
	}
	x.client.takeBack()
	x.content.remove()
	return x.sendErr == nil
}

// await waits until the application begins to answer. It may take replyLimit,
// from when it got the last of the content. allow sets how long it may take.
func (x *exchange) await(in *bufio.Reader, allow func(time.Duration)) error {
	for limit := replyLimit; ; {
		allow(limit)
		_, err := in.Peek(1)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		select {
		case <-x.sent:
			limit = replyLimit - time.Since(time.Unix(0, x.moved.Load()))
			if limit < time.Second { // That is too little to tell the system.
				return err
			}
		default: // The content is still on its way, and has limits of its own.
		}
	}
}

// lost ends an exchange without a response, and returns the error for that. It
// is that of the client, if the client is to blame.
func (x *exchange) lost(err error) error {
	x.abort()
	x.end()
	switch {
	case x.clientError() != nil:
		return x.clientError()
	case x.gone.Load() || errors.Is(err, errGone):
		return refuse(400, "the client left")
	}
	return failed(err, true)
}
