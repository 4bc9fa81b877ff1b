package main

import (
	"slices"
	"strconv"
	"strings"
)

// hopFields are those that say something about a connection, and nothing about
// the message. They go no further than the other end of it (RFC 9110, 7.6.1).
var hopFields = []string{"Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade"}

// endToEnd returns the fields of a message that go on to its last recipient: all
// but hopFields, those that the field Connection names, and Content-Length, as
// the message is framed anew.
func endToEnd(fields []Field) []Field {
	options := connectionOptions(fields)
	kept := make([]Field, 0, len(fields)+2)
	for _, field := range fields {
		if !isOfHop(field.Name, options) {
			kept = append(kept, field)
		}
	}
	return kept
}

// connectionOptions returns what the field Connection names.
func connectionOptions(fields []Field) []string { return elements(values(fields, "Connection")) }

// isOfHop reports whether a field goes no further. The options are what the
// field Connection names.
func isOfHop(name string, options []string) bool {
	return containsFold(hopFields, name) || containsFold(options, name) || containsFold(framing, name)
}

// framing are the fields that say where content ends.
var framing = []string{"Content-Length", "Transfer-Encoding"}

// upgrade returns what a message wants the connection to become, such as
// websocket, and nothing where it does not want that (RFC 9110, 7.8).
func upgrade(fields []Field) string {
	if !containsFold(connectionOptions(fields), "upgrade") {
		return ""
	}
	return strings.Join(values(fields, "Upgrade"), ", ")
}

// notInTrailers are fields that mean nothing, or something dangerous, when they
// come after the content: by then, the message was taken for what it is
// (RFC 9110, 6.5.1).
var notInTrailers = []string{
	"Authorization", "Cache-Control", "Content-Encoding", "Content-Range", "Content-Type", "Cookie", "Expect", "Forwarded",
	"Host", "Max-Forwards", "Range", "Set-Cookie", "Trailer", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
}

// trailersFor returns those of the fields after a content that go on. The options
// are what the field Connection before it names.
func trailersFor(fields []Field, options []string) []Field {
	return slices.DeleteFunc(endToEnd(fields), func(field Field) bool {
		return containsFold(options, field.Name) || containsFold(notInTrailers, field.Name) || !isPlain(field.Name)
	})
}

// isLastHop reports whether a request is to be answered by this server although
// it is for somebody behind it, because the field Max-Forwards says so. Else, it
// counts one hop (RFC 9110, 7.6.2). TRACE is not done here: a 405.
//
//	Max-Forwards = 1*DIGIT
func (s *server) isLastHop(h *handover) (bool, error) {
	value, ok := single(h.Fields, "Max-Forwards")
	if !ok || h.Method != "OPTIONS" && h.Method != "TRACE" {
		return false, nil
	}
	hops, err := strconv.ParseUint(value, 10, 63)
	switch {
	case err != nil:
		return false, refuse(400, "Max-Forwards %q", value)
	case hops == 0:
		return true, checkMethod(h.Method)
	}
	h.Fields = append(slices.DeleteFunc(slices.Clone(h.Fields), named("Max-Forwards")),
		Field{"Max-Forwards", strconv.FormatUint(hops-1, 10)})
	return false, nil
}

// circleLimit is how often a request may have passed servers of this name.
const circleLimit = 8

// checkCircle returns a 502 for a request that goes in a circle: from here to an
// application that is, in the end, this server (RFC 9110, 7.6.3).
func checkCircle(request Request) error {
	times := 0
	for _, hop := range elements(values(request.Fields, "Via")) {
		if strings.HasSuffix(hop, " "+product) {
			times++
		}
	}
	if times > circleLimit {
		return refuse(502, "the request came by here %d times", times)
	}
	return nil
}

// via returns what this server adds to the field Via: the version in which it
// got the message, and its name.
//
//	Via = #( received-protocol RWS received-by [ RWS comment ] ) (RFC 9110, 7.6.3)
func via(version string) string {
	return strings.TrimPrefix(version, "HTTP/") + " " + product
}
