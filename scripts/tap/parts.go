package tap

import (
	"bytes"
	"regexp"
	"strings"

	"example.com/webserver/scripts"
)

// A pagePart is a part of a line that has a name.
type pagePart struct {
	// Text is the part in the notation of the scripts, and End the end of line with
	// which it ends, of content that has one.
	Text string `json:"text"`
	End  string `json:"end"`

	// Name is what the RFCs call it, Says one sentence about it, and Section where
	// that is written.
	Name    string `json:"name"`
	Says    string `json:"says"`
	Section string `json:"section"`
}

// A pageLine is a line of a message, as the page shows it.
type pageLine struct {
	// Label is what it belongs to, such as the header section.
	Label string     `json:"label"`
	Parts []pagePart `json:"parts"`
}

// labels name what a piece belongs to.
var labels = map[kind]string{
	fieldLine: "header section", emptyLine: "empty line", content: "content",
	chunkSize: "chunk", chunkData: "chunk", chunkEnd: "chunk", trailerLine: "trailer section",
	trailersEnd: "empty line", blank: "empty line", other: "not HTTP/1",
}

// linesOf returns a message in lines whose parts have names.
func linesOf(m *message) []pageLine {
	var lines []pageLine
	ended := true
	add := func(label string, p pagePart, ends bool) {
		if last := len(lines) - 1; ended || last < 0 || lines[last].Label != label {
			lines = append(lines, pageLine{Label: label})
		}
		last := &lines[len(lines)-1]
		last.Parts = append(last.Parts, p)
		ended = ends
	}
	for _, p := range m.pieces {
		label := labels[p.kind]
		if p.kind == startLine {
			label = map[side]string{client: "request line", server: "status line"}[m.side]
		}
		if p.kind == content || p.kind == chunkData || p.kind == other {
			for data := p.data; len(data) > 0; {
				n := lineOf(data)
				add(label, contentPart(p.kind, data[:n]), endsLine(data[:n]) || n < len(data))
				data = data[n:]
			}
			continue
		}
		parts := partsOf(p.kind, m, string(p.data))
		for i, part := range parts {
			add(label, part, i == len(parts)-1 && endsLine(p.data))
		}
	}
	return lines
}

// lineOf returns how many bytes of content stand in one line.
func lineOf(data []byte) int {
	for i, b := range data {
		if b == '\n' {
			return cut(data[:i+1])
		}
	}
	return cut(data)
}

// contentPart returns a line of content. Its end stands apart.
func contentPart(k kind, line []byte) pagePart {
	name := map[kind]string{content: "content", chunkData: "chunk data", other: "bytes"}[k]
	text := bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if !endsLine(line) {
		text = line
	}
	part := word(name, text)
	part.End = scripts.Quote(line[len(text):])
	return part
}

// chunkForm is the line before a chunk: its size, and extensions perhaps.
var chunkForm = regexp.MustCompile(`^([0-9a-fA-F]+)([^\r\n]*)(\r?\n)$`)

// partsOf takes a line apart. A line that is not whole, or not as it should be, is
// one part.
func partsOf(k kind, m *message, line string) []pagePart {
	form, names := fieldForm, []string{"field name", "colon", "white space", "field value", "white space", "end of line"}
	switch k {
	case startLine:
		form, names = requestForm, []string{"method", "space", "request target", "space", "HTTP version", "end of line"}
		if m.side == server {
			form, names = statusForm, []string{"HTTP version", "space", "status code", "space", "reason phrase", "end of line"}
		}
	case trailerLine:
		names[0] = "trailer field name"
	case chunkSize:
		form, names = chunkForm, []string{"chunk size", "chunk extension", "end of line"}
	case chunkEnd:
		return []pagePart{word("end of the chunk", []byte(line))}
	case emptyLine, trailersEnd, blank:
		return []pagePart{word(map[kind]string{emptyLine: "empty line", trailersEnd: "end of the trailers", blank: "empty line before"}[k], []byte(line))}
	}
	found := form.FindStringSubmatch(line)
	if found == nil {
		return []pagePart{word("malformed line", []byte(line))}
	}
	var parts []pagePart
	for i, text := range found[1:] {
		if text != "" {
			parts = append(parts, explain(names[i], text, found))
		}
	}
	return parts
}

// word returns a part, with what can be said of every one of its name.
func word(name string, data []byte) pagePart {
	says := words[name]
	return pagePart{Text: scripts.Quote(data), Name: name, Says: says.says, Section: says.section}
}

// explain returns a part of a line, with what can be said of its value. The line
// was taken apart before.
func explain(name, text string, line []string) pagePart {
	p := word(name, []byte(text))
	var known sentence
	switch name {
	case "method":
		known = methods[text]
	case "status code":
		known = ofStatus(text)
	case "field name", "field value", "trailer field name":
		known = fields[strings.ToLower(line[1])]
	case "chunk size":
		known = ofChunk(text)
	case "end of line":
		if text == "\n" {
			known = words["lone line feed"]
		}
	case "request target":
		known = ofTarget(text)
	}
	if known.says != "" {
		p.Says, p.Section = known.says, known.section
	}
	return p
}
