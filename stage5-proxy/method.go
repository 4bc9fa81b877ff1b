package main

import (
	"fmt"
	"time"
)

// allow lists the methods that files have, for the field Allow (RFC 9110,
// 10.2.1).
const allow = "GET, HEAD, OPTIONS"

// methods are the methods that this server knows (RFC 9110, 9.3; PATCH is RFC
// 5789), and whether they can be done with a file. They are case-sensitive.
var methods = map[string]bool{
	"GET":     true,
	"HEAD":    true,
	"OPTIONS": true,
	"CONNECT": false,
	"DELETE":  false,
	"PATCH":   false,
	"POST":    false,
	"PUT":     false,
	"TRACE":   false,
}

// checkMethod returns nil for a method that files have, 405 for one that they
// do not have, and 501 for one that is not known (RFC 9110, 9.1).
func checkMethod(method string) error {
	allowed, known := methods[method]
	switch {
	case !known:
		return refuse(501, "method %q", method)
	case !allowed:
		return &statusError{status: 405, header: []Field{{"Allow", allow}}, cause: fmt.Errorf("method %q", method)}
	}
	return nil
}

// perform does what a request asks for, and makes the response. A panic on the
// way costs this one request a 500.
func (s *server) perform(request Request) (response *Response, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = rescued(reason)
		}
	}()
	if h, err := s.recognize(request); err != nil {
		return nil, err
	} else if h != nil {
		return s.handOver(h)
	}
	if err := checkMethod(request.Method); err != nil {
		return nil, err
	}
	if request.Content != nil {
		if err := request.Content.discard(); err != nil {
			return nil, err
		}
		request.Received = time.Now() // It may have taken a minute.
	}
	if request.Method == "OPTIONS" {
		return s.options(request)
	}
	return s.represent(request)
}

// options makes the response to OPTIONS: what can be done with a file or, for
// the target *, with the server at all (RFC 9110, 9.3.7).
func (s *server) options(request Request) (*Response, error) {
	if request.Target != "*" {
		response, err := s.find(request)
		if err != nil || response.Status != 200 {
			return response, err
		}
		response.close()
	}
	return &Response{Status: 200, Header: []Field{{"Allow", allow}}}, nil
}

// represent makes the response to GET: what the target names, as far as the
// client takes it, wants it, has not got it, and needs it.
func (s *server) represent(request Request) (*Response, error) {
	response, err := s.find(request)
	for _, step := range []func(Request, *Response) (*Response, error){s.unlessScript, acceptable, s.encoded, conditional, ranged} {
		if err != nil {
			return nil, err
		}
		response, err = step(request, response)
	}
	return response, err
}
