package tap

import "slices"

// waitingLimit is how many requests of a connection may wait for their response
// and still be told apart.
const waitingLimit = 1000

// begin begins a message; see listener.
func (c *conversation) begin(s side, again bool) *message {
	m := &message{side: s, began: c.now}
	switch {
	case s == client && !again:
		m.exchange = c.newExchange()
		m.exchange.request = m
		c.waiting = append(c.waiting, m)
		if len(c.waiting) > waitingLimit {
			c.waiting = c.waiting[:0] // From here on, a response is that to the last request.
		}
	case s == server && !again && len(c.waiting) > 0:
		m.exchange = c.waiting[0].exchange
	case c.current == nil:
		m.exchange = c.newExchange()
	default:
		m.exchange = c.current
	}
	m.exchange.add(m)
	return m
}

// newExchange begins an exchange.
func (c *conversation) newExchange() *exchange {
	c.begun++
	c.current = &exchange{conversation: c, number: c.begun, began: c.now}
	c.record.keep(c.current)
	return c.current
}

// part takes bytes of a message; see listener.
func (c *conversation) part(m *message, k kind, data []byte) {
	m.exchange.bytes += int64(len(data))
	shown := m.show(k, data)
	c.transcript.part(c, m, k, shown)
	c.record.touch(m.exchange)
}

// headEnds takes notice of the head of a message; see listener.
func (c *conversation) headEnds(m *message, h *head) framing {
	m.headCame = c.now
	if m.side == client {
		m.framing = frameRequest(h)
		return m.framing
	}
	var request *message
	if len(c.waiting) > 0 {
		request = c.waiting[0]
	}
	m.framing = frameResponse(m.status, request, h)
	m.boundary = boundaryOf(h.contentType)
	if !m.interim() && request != nil {
		c.waiting = slices.Delete(c.waiting, 0, 1)
		m.exchange.response = m
	}
	if m.framing.switches {
		c.fromClient.switchOver()
	}
	return m.framing
}

// end takes notice of the end of a message; see listener.
func (c *conversation) end(m *message) {
	m.ended = c.now
	c.transcript.endOf(c, m, true)
	c.record.touch(m.exchange)
}
