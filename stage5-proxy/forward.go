package main

import (
	"cmp"
	"errors"
	"net"
	"slices"
	"time"
)

// A means is a way to hand a request over to an application: a protocol, and a
// place to speak it with.
type means interface {
	// hand hands a request over, and returns its response as soon as the head of
	// that has come. Who writes the response closes its content. The error is a
	// failure where the application is to blame, and another one where the client
	// is, or this server.
	hand(h *handover) (*Response, error)
}

// A failure is why an application gave no response that can be passed on.
type failure struct {
	// error is what the client is told, a statusError: 502, 503 or 504.
	error

	// begun tells that the application may have begun to do what was asked. Then
	// only a request that can be repeated may be handed over once more.
	begun bool
}

// Unwrap returns what the client is told.
func (f *failure) Unwrap() error { return f.error }

// failed makes a failure of what went wrong: a 504 where it was the time, and
// a 502 for all else (RFC 9110, 15.6.3 and 15.6.5).
func failed(err error, begun bool) error {
	status := 502
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
		status = 504
	}
	return &failure{refuse(status, "%w", err), begun}
}

// handOver makes the response to a request that is for an application: it is
// that of the first upstream that gives one.
func (s *server) handOver(h *handover) (response *Response, err error) {
	defer func() {
		if response == nil {
			h.Content.remove()
		}
	}()
	if err := checkCircle(h.Request); err != nil {
		return nil, err
	}
	if isLast, err := s.isLastHop(h); isLast || err != nil {
		response, optionsErr := s.options(Request{Method: "OPTIONS", Target: "*"})
		return response, errors.Join(err, optionsErr)
	}
	upstreams := h.route.upstreams.order()
	for _, u := range upstreams {
		// Where there is only one, leaving it out would help nobody.
		if len(upstreams) > 1 && u.isOut(time.Now()) {
			continue
		}
		response, err = s.handTo(u, h)
		if err == nil {
			return response, nil
		}
		if !h.mayGoOn(err) {
			return nil, err
		}
	}
	if err == nil {
		err = refuse(503, "all upstreams of %s are left out for a while", h.route.pattern)
	}
	return nil, err
}

// handTo hands a request over to one upstream, and remembers how that went.
func (s *server) handTo(u *upstream, h *handover) (*Response, error) {
	h.Client.pass() // It may take a while. If the client has left, reading from it will tell.
	start := time.Now()
	response, err := u.means.hand(h)
	h.Client.upstream, h.Client.waited = u.name, time.Since(start)
	if err == nil {
		u.worked()
		return s.passable(h, response)
	}
	var failure *failure
	if errors.As(err, &failure) {
		u.failed(start, time.Now())
	}
	return nil, err
}

// passable makes the response of an application one that can be passed on.
func (s *server) passable(h *handover, response *Response) (*Response, error) {
	if response.Redirect != "" {
		response.close()
		return s.redirectInside(h, response.Redirect)
	}
	response.Header = append(response.Header, Field{"Via", via(cmp.Or(response.Version, "HTTP/1.1"))})
	response.NoContent = response.NoContent || h.Method == "HEAD"
	response.Chunked = response.Length == unknownLength && !response.NoContent && h.Version != version10 && response.Status != 101
	if dates := values(response.Header, "Date"); len(dates) > 0 {
		response.Date = dates[0]
		response.Header = slices.DeleteFunc(response.Header, named("Date"))
	}
	return response, nil
}

// redirectInside answers with what the server itself has for another target, as
// a script can ask for (RFC 3875, 6.2.2). A request must not be sent in a circle.
// Nor may it switch protocols: what the client sends next may be content that the
// script did not read.
func (s *server) redirectInside(h *handover, target string) (*Response, error) {
	if h.Redirects == redirectLimit {
		return nil, refuse(502, "more than %d redirects, now to %q", redirectLimit, target)
	}
	request := h.Request
	request.Redirects++
	request.Target, request.Content = target, nil
	if request.Method != "HEAD" {
		request.Method = "GET"
	}
	dropped := []string{"Content-Type", "Content-Encoding", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade"}
	request.Fields = slices.DeleteFunc(slices.Clone(request.Fields), named(dropped...))
	return s.perform(request)
}

// redirectLimit is how often scripts can send a request on to another target.
const redirectLimit = 5

// repeatable are the methods of requests that do the same when they are done
// twice (RFC 9110, 9.2.2).
var repeatable = []string{"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}

// isRepeatable reports whether a request may be sent once more when nobody
// knows what became of it. Its content is not there any more a second time.
func (h *handover) isRepeatable() bool {
	return h.Content == nil && slices.Contains(repeatable, h.Method)
}

// statusOfError returns the status code that goes with an error.
func statusOfError(err error) int {
	refused := &statusError{status: 500}
	errors.As(err, &refused)
	return refused.status
}

// named returns a function that reports whether a field has one of the names.
func named(names ...string) func(Field) bool {
	return func(field Field) bool {
		return slices.ContainsFunc(names, func(name string) bool { return equalFold(name, field.Name) })
	}
}
