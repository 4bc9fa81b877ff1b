package tap

import (
	"fmt"
	"slices"
	"strings"
)

// script returns the transcript of an exchange.
func (r *record) script(e *exchange) string {
	title := fmt.Sprintf("# Exchange %d of connection %d, as the tap saw it.\n", e.number, e.conversation.number)
	return title + script([]*exchange{e})
}

// connectionScript returns the transcript of the connection that an exchange is
// part of, as far as it is kept.
func (r *record) connectionScript(of *exchange) string {
	var all []*exchange
	for _, e := range r.exchanges {
		if e.conversation == of.conversation {
			all = append(all, e)
		}
	}
	title := fmt.Sprintf("# Connection %d, as the tap saw it.\n", of.conversation.number)
	if all[0].number > 1 {
		title += fmt.Sprintf("# What came before exchange %d was let go.\n", all[0].number)
	}
	return title + script(all)
}

// script returns the lines of exchanges in their order. An entity tag can be sent
// back only where it has come before.
func script(all []*exchange) string {
	var lines []scriptLine
	lost := 0
	for _, e := range all {
		lines = append(lines, e.lines...)
		lost += e.lost
	}
	slices.SortStableFunc(lines, func(a, b scriptLine) int { return a.order - b.order })
	var out strings.Builder
	known := false
	for _, l := range lines {
		known = known || strings.HasPrefix(l.text, "< ETag: <entity-tag>") || strings.Contains(strings.ToLower(l.text), "< etag: <entity-tag>")
		if l.literal != "" && !known {
			l.text = l.literal
		}
		out.WriteString(l.text + "\n")
	}
	if lost > 0 {
		fmt.Fprintf(&out, "# Of what followed, %d lines were not kept.\n", lost)
	}
	return out.String()
}
