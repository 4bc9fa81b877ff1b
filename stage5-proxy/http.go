package main

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
)

// overHTTP hands requests over in HTTP/1.1.
type overHTTP struct{ pool *pool }

// newOverHTTP returns the means for http://HOST:PORT.
func newOverHTTP(_ *route, rest string) (means, error) {
	network, address, err := parsePlace(rest, "80")
	return &overHTTP{newPool(network, address)}, err
}

// newOverUnix returns the means for unix:PATH, a socket that has a place among
// the files of this machine.
func newOverUnix(_ *route, path string) (means, error) {
	network, address, err := parsePlace("unix:"+path, "")
	return &overHTTP{newPool(network, address)}, err
}

// withPort returns an address with a port, if it has none.
func withPort(address, port string) string {
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), port)
}

// hand hands a request over.
func (m *overHTTP) hand(h *handover) (*Response, error) { return m.pool.hand(h, m.ask) }

// ask sends a request over a leg, and returns the response when its head has
// come.
func (m *overHTTP) ask(h *handover, l *leg) (*Response, error) {
	h.writeHead(l.out)
	x := h.begin(h.Content, l.out, func() { l.conn.Close() }, func(x *exchange) error { return x.sendHTTP(l, connectionOptions(h.Fields)) })
	head, err := x.readReply(l, h.Request)
	if err != nil {
		return nil, x.lost(err)
	}
	response, err := head.response(l, h)
	if err != nil {
		return nil, x.lost(err)
	}
	r := response.Content.(*reply)
	r.end = func() { m.pool.finish(l, x.end() && r.complete && r.persists && l.in.Buffered() == 0) }
	if r.switched {
		x.end() // From here on, there are no more requests and responses.
		r.end = func() { m.pool.finish(l, false) }
	}
	return response, nil
}

// response makes the response for a head. Its content is a reply.
func (head replyHead) response(l *leg, h *handover) (*Response, error) {
	length, bytes, untilClose, err := head.content(l, h.Method)
	if err != nil {
		return nil, err
	}
	r := &reply{leg: l, bytes: bytes, options: connectionOptions(head.fields), complete: bytes == nil, persists: head.persists() && !untilClose}
	response := &Response{Status: head.status, relayed: relayed{Version: head.version, Reason: head.reason}, Header: endToEnd(head.fields), Content: r, Length: length}
	if r.switched = head.status == 101; r.switched {
		protocol := upgrade(head.fields)
		if !h.hasAskedFor(protocol) || h.Content.unread() {
			return nil, fmt.Errorf("a switch to %q that nobody asked for", protocol)
		}
		response.Header = append(response.Header, Field{"Upgrade", protocol})
	}
	response.NoContent = bytes == nil && !r.switched
	return response, nil
}

// hasAskedFor reports whether the client wants to switch to a protocol. There can
// be several, each on top of the one before (RFC 9110, 7.8).
func (h *handover) hasAskedFor(protocol string) bool {
	layers, asked := elements([]string{protocol}), elements([]string{h.upgrade()})
	notAsked := func(layer string) bool { return !containsFold(asked, layer) }
	return len(layers) > 0 && !slices.ContainsFunc(layers, notAsked)
}

// upgrade returns the protocol to which the client wants to switch. HEAD switches
// to none: after its response, there is nothing. And one is not passed on: in h2c,
// HTTP/2, requests for other paths could follow, and nobody here would see them.
func (h *handover) upgrade() string {
	protocol := upgrade(h.Fields)
	if h.Version == version10 || h.Method == "HEAD" || strings.Contains(strings.ToLower(protocol), "h2c") {
		return ""
	}
	return protocol
}

// writeHead writes the head of the request for the upstream: with the target as
// it came, and what the connection to the upstream needs to know.
func (h *handover) writeHead(out *bufio.Writer) {
	target := h.target
	if h.Method == "OPTIONS" && h.target == "/" && !strings.HasSuffix(h.Target, "/") {
		target = "*" // OPTIONS http://host asks about all of a server (RFC 9112, 3.2.4).
	}
	out.WriteString(h.Method + " " + target + " HTTP/1.1\r\n")
	for _, field := range h.onward() {
		writeField(out, field.Name, field.Value)
	}
	switch {
	case h.upgrade() != "":
		writeField(out, "Connection", "Upgrade")
		writeField(out, "Upgrade", h.upgrade())
	case slices.ContainsFunc(elements(values(h.Fields, "TE")), isTrailers):
		writeField(out, "Connection", "TE")
		writeField(out, "TE", "trailers")
	}
	switch {
	case h.Content == nil && len(values(h.Fields, "Content-Length")) > 0:
		writeField(out, "Content-Length", "0")
	case h.Content != nil && h.Content.length == inChunks:
		writeField(out, "Transfer-Encoding", "chunked")
	case h.Content != nil:
		writeField(out, "Content-Length", strconv.FormatInt(h.Content.length, 10))
	}
	out.WriteString("\r\n")
}

// isTrailers reports whether a client says, in the field TE, that it reads what
// comes after the content (RFC 9110, 10.1.4).
func isTrailers(element string) bool { return equalFold(element, "trailers") }

// sendHTTP sends the content of the request, framed as it came: with its length
// before it, or in chunks. The options are what its field Connection names.
func (x *exchange) sendHTTP(l *leg, options []string) error {
	inChunks := x.content != nil && x.content.length == inChunks
	err := x.sendContent(func(piece []byte) error {
		l.allowPiece()
		if inChunks {
			return writeChunk(l.out, piece)
		}
		_, err := l.out.Write(piece)
		return err
	})
	if err == nil && inChunks {
		writeLastChunk(l.out, trailersFor(trailersOf(x.content.bytes), options))
	}
	if err != nil {
		return err
	}
	return l.out.Flush()
}
