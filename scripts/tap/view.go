package tap

import (
	"fmt"
	"time"

	"example.com/webserver/scripts"
)

// A row is an exchange in the list of the page.
type row struct {
	ID         int    `json:"id"`
	Connection int    `json:"connection"`
	Number     int    `json:"number"`
	Method     string `json:"method"`
	Target     string `json:"target"`
	Status     string `json:"status"`
	Time       string `json:"time"`
	Bytes      string `json:"bytes"`

	// Note stands in the place of what is missing.
	Note string `json:"note"`
}

// targetShown is how many characters of a target stand in the list.
const targetShown = 200

// rowOf returns the row of an exchange.
func rowOf(e *exchange) row {
	r := row{ID: e.id, Connection: e.conversation.number, Number: e.number}
	if e.request == nil {
		r.Note = "nothing was asked"
	} else if e.request.isOther && e.request.version == "" {
		r.Note = "not HTTP/1"
	} else if r.Method, r.Target = e.request.method, quote(e.request.target); r.Method == "" {
		r.Note = "a request begins"
	} else if target := []rune(r.Target); len(target) > targetShown {
		r.Target = string(target[:targetShown]) + "…"
	}
	if e.response != nil {
		r.Status = e.response.status
	}
	last := e.began
	for _, m := range e.messages {
		for _, at := range []time.Time{m.headCame, m.ended} {
			if at.After(last) {
				last = at
			}
		}
	}
	r.Bytes = fmt.Sprint(e.bytes)
	if last.After(e.began) {
		r.Time = since(e.began, last)
	}
	return r
}

// quote writes text from the wire for the page.
func quote(text string) string { return scripts.Quote([]byte(text)) }

// A pageMessage is a message, as the page shows it.
type pageMessage struct {
	Side  string     `json:"side"`
	Title string     `json:"title"`
	Times string     `json:"times"`
	Lines []pageLine `json:"lines"`

	// Framing says how its content ends, and Section where that is written.
	Framing string `json:"framing"`
	Section string `json:"section"`

	// Left says how much is left out, and Broken what is wrong with it.
	Left   string `json:"left"`
	Broken string `json:"broken"`
}

// A pageExchange is an exchange, as the page shows it.
type pageExchange struct {
	Row      row           `json:"row"`
	Messages []pageMessage `json:"messages"`

	// Ends says how the connection ended.
	Ends []string `json:"ends"`

	// Script is the transcript of the exchange.
	Script string `json:"script"`
}

// viewOf returns what the page shows of an exchange.
func (r *record) viewOf(e *exchange) pageExchange {
	view := pageExchange{Row: rowOf(e), Ends: e.notes, Script: r.script(e)}
	for _, m := range e.messages {
		view.Messages = append(view.Messages, viewOfMessage(e, m))
	}
	if e.unkept > 0 {
		view.Ends = append([]string{fmt.Sprintf("%d later messages of this exchange are not kept.", e.unkept)}, view.Ends...)
	}
	return view
}

// viewOfMessage returns what the page shows of a message.
func viewOfMessage(e *exchange, m *message) pageMessage {
	view := pageMessage{Side: m.side.String(), Title: titleOf(m), Times: timesOf(e, m), Lines: linesOf(m)}
	if !m.headCame.IsZero() {
		view.Framing, view.Section = m.framing.says, m.framing.section
	}
	if m.leftInHead > 0 {
		view.Left = countBytes(m.leftInHead) + " of field lines are left out here. "
	}
	if left := m.left - m.leftInHead; left > 0 {
		view.Left += countBytes(left) + " of what follows are left out here; they were passed on."
	}
	if m.broken != "" {
		view.Broken = "Something is wrong: " + m.broken + "."
	}
	return view
}

// titleOf returns the heading of a message.
func titleOf(m *message) string {
	switch {
	case m.isOther && m.version == "":
		return fmt.Sprintf("The %s sends", m.side)
	case m.side == client:
		return "Request"
	case m.interim():
		return "Interim response"
	}
	return "Response"
}

// timesOf says when a message came, and how large it is.
func timesOf(e *exchange, m *message) string {
	says := countBytes(m.head+m.content) + ", "
	if m != e.messages[0] {
		says += "begun " + since(e.began, m.began) + " after the request, "
	} else {
		says += "begun " + since(e.conversation.opened, m.began) + " after the connection was opened, "
	}
	switch {
	case m.ended.IsZero():
		return says + "not complete"
	case m.ended.Equal(m.began):
		return says + "complete at once"
	}
	return says + "complete " + since(m.began, m.ended) + " later"
}
