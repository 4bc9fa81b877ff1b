package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// A fastCGI hands requests over to a program that says what a CGI script says,
// but goes on to run: the environment, the content and what it says are in
// records, over a connection that is kept.
type fastCGI struct {
	name string
	pool *pool
}

// newFastCGI returns the means for fastcgi://HOST:PORT and fastcgi:unix:PATH.
func newFastCGI(_ *route, rest string) (means, error) {
	network, address, err := parsePlace(rest, "9000")
	return &fastCGI{"fastcgi:" + rest, newPool(network, address)}, err
}

// hand hands a request over.
func (m *fastCGI) hand(h *handover) (*Response, error) {
	content, err := h.measured()
	if err != nil {
		return nil, err
	}
	return m.pool.hand(h, func(h *handover, l *leg) (*Response, error) { return m.ask(h, l, content) })
}

// ask sends a request over a leg, and returns the response when its head has
// come.
func (m *fastCGI) ask(h *handover, l *leg, content *Content) (*Response, error) {
	// The application is a responder, and keeps the connection afterwards.
	writeRecord(l.out, beginRequest, []byte{0, 1, 1, 0, 0, 0, 0, 0})
	environment := h.environment(content)
	if credentials, ok := single(h.Fields, "Authorization"); ok {
		// Unlike that of a process, nobody else can see this environment.
		environment = append(environment, Field{"HTTP_AUTHORIZATION", credentials})
	}
	writeRecord(l.out, params, encodePairs(environment))
	writeRecord(l.out, params, nil)
	x := h.begin(content, l.out, func() { l.conn.Close() }, func(x *exchange) error { return x.sendRecords(l) })
	l.unlimit()
	if err := x.await(l.in, l.allow); err != nil {
		return nil, x.lost(fmt.Errorf("%w: %w", errNoReply, err))
	}
	errorLog := &scriptLog{name: m.name}
	records := &recordReader{leg: l, errors: errorLog}
	in := bufio.NewReaderSize(records, lineLimit)
	r := &reply{}
	response, err := scriptResponse(in, h, r)
	errorLog.flush()
	if refused := (*statusError)(nil); errors.As(err, &refused) && refused.status == 503 {
		x.lost(err)
		return nil, err
	}
	if err != nil {
		return nil, x.lost(err)
	}
	records.answered = true
	r.end = func() {
		if r.complete && !records.ended {
			_, err := io.CopyN(io.Discard, in, pieceSize) // What it said too much.
			r.complete = err == io.EOF
		}
		errorLog.flush()
		m.pool.finish(l, x.end() && r.complete && records.ended && l.in.Buffered() == 0)
	}
	return response, nil
}

// sendRecords sends the content of the request in records. An empty one is the
// end.
func (x *exchange) sendRecords(l *leg) error {
	err := x.sendContent(func(piece []byte) error {
		l.allowPiece()
		return writeRecord(l.out, stdin, piece)
	})
	if err != nil {
		return err
	}
	writeRecord(l.out, stdin, nil)
	return l.out.Flush()
}
