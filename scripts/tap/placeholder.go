package tap

import (
	"fmt"
	"mime"
	"regexp"
	"strings"

	"example.com/webserver/scripts"
)

// Some values are others each time. They are shown as the placeholders of the
// scripts, so that a transcript passes that is pasted, and as they were in a
// remark before.

// differing are the fields of a response whose values are others each time, and
// what stands for them.
var differing = map[string]string{
	"date":          "<IMF-fixdate>",
	"last-modified": "<IMF-fixdate>",
	"expires":       "<IMF-fixdate>",
	"etag":          "<entity-tag>",
	"age":           "<1*DIGIT>",
}

// sentBack are the fields of a request that may say an entity tag again.
var sentBack = map[string]bool{"if-match": true, "if-none-match": true, "if-range": true}

// line writes a line of a head, of trailers, or before a chunk.
func (t *transcript) line(c *conversation, m *message, k kind, data []byte) {
	l := scriptLine{text: string(m.side) + " " + scripts.QuoteLine(data)}
	if k == fieldLine { // Trailers are compared to the byte, without placeholders.
		if parts := fieldForm.FindStringSubmatch(string(data)); parts != nil {
			l = t.field(m, l, parts)
		}
	}
	if k == emptyLine && m.leftInHead > 0 {
		t.leaveOut(m)
	}
	t.add(m.exchange, l)
}

// leaveOut writes that field lines are left out.
func (t *transcript) leaveOut(m *message) {
	says := fmt.Sprintf("# %s of field lines are left out", countBytes(m.leftInHead))
	if m.side == client {
		t.add(m.exchange, scriptLine{text: says + ": without them, this cannot be pasted"})
		return
	}
	t.add(m.exchange, scriptLine{text: says})
	t.add(m.exchange, scriptLine{text: "< ..."})
}

// field writes a field line, whose parts are those of fieldForm.
func (t *transcript) field(m *message, l scriptLine, parts []string) scriptLine {
	name, value := strings.ToLower(parts[1]), parts[4]
	start := string(m.side) + " " + parts[1] + parts[2] + parts[3]
	rest := parts[5] + parts[6]
	with := func(placeholder, shown string) scriptLine {
		t.add(m.exchange, scriptLine{text: "# " + parts[1] + ": " + scripts.Quote([]byte(value))})
		return scriptLine{text: start + shown + scripts.Quote([]byte(rest))}
	}
	placeholder := differing[name]
	switch {
	case m.side == client && sentBack[name] && t.tag != "" && saysTag(value, t.tag):
		sent := with("<entity-tag>", replaceTag(value, t.tag))
		sent.literal = l.text
		return sent
	case m.side == client:
		return l
	case placeholder != "" && scripts.StandsFor(placeholder, value):
		if name == "etag" {
			t.tag = value
		}
		return with(placeholder, placeholder)
	case name == "content-type" && boundaryOf(value) != "":
		return with("<boundary>", strings.ReplaceAll(scripts.Quote([]byte(value)), scripts.Quote([]byte(boundaryOf(value))), "<boundary>"))
	}
	return l
}

// listedTag is an entity tag in a list of them (RFC 9110, 8.8.3).
var listedTag = regexp.MustCompile(`(W/)?"[\x21\x23-\x7e\x80-\xff]*"`)

// saysTag reports whether a list of entity tags has this one.
func saysTag(list, tag string) bool {
	for _, each := range listedTag.FindAllString(list, -1) {
		if each == tag {
			return true
		}
	}
	return false
}

// replaceTag writes a list of entity tags, with the placeholder for this one.
func replaceTag(list, tag string) string {
	var out strings.Builder
	at := 0
	for _, each := range listedTag.FindAllStringIndex(list, -1) {
		if list[each[0]:each[1]] == tag {
			out.WriteString(scripts.Quote([]byte(list[at:each[0]])) + "<entity-tag>")
			at = each[1]
		}
	}
	return out.String() + scripts.Quote([]byte(list[at:]))
}

// boundaryOf returns what stands between the parts of a content of this type,
// "" where it has no parts.
func boundaryOf(contentType string) string {
	if len(contentType) < 5 || !strings.EqualFold(contentType[:5], "multi") {
		return ""
	}
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || !scripts.StandsFor("<boundary>", parameters["boundary"]) {
		return ""
	}
	return parameters["boundary"]
}

// withBoundary returns a line of content as it is shown: with the placeholder, if
// it stands between two parts (RFC 2046, 5.1.1).
func withBoundary(boundary string, data []byte, text string) string {
	rest, found := strings.CutPrefix(string(data), "--"+boundary)
	if !found {
		return text
	}
	return string(server) + " --<boundary>" + scripts.QuoteLine([]byte(rest))
}
