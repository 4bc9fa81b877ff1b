package scripts

import (
	"bytes"
	"fmt"
	"strings"
)

// The sentences of this file are read by learners whose server does not do
// what a script wants. Each says what is there, not who is to blame.

const sayBareLF = `This line ends in \n alone. Every line of a head ends in \r\n (RFC 9112, 2.1).`

const sayTooEarly = `The answer came before the request was complete. A head ends with its empty line (RFC 9112, 2.1); one read may bring less.`

// sayFirstLine tells how the first line of a message differs at an offset.
func (m *matcher) sayFirstLine(at int, l *line) string {
	came := m.got[m.at:]
	if end := bytes.IndexByte(came, '\n'); end >= 0 {
		came = came[:end+1]
	}
	got, want := statusOf(string(came)), statusOf(string(l.bytes))
	switch {
	case len(came) == 0:
		return m.sayNothing(want)
	case bytes.HasSuffix(came, []byte("\n")) && at == m.at+len(came)-1:
		return sayBareLF
	case at == len(m.got):
		return "The first line is not finished."
	case want != "" && !bytes.HasPrefix(came, []byte("HTTP/")):
		return strings.TrimSuffix("A response begins with its status line, such as HTTP/1.1 200 OK (RFC 9112, 4). "+sayBefore(m.bare), " ")
	case got != "" && want != "" && got != want:
		return fmt.Sprintf("The status is %s; the script wants %s.", got, want)
	}
	return fmt.Sprintf("The first line differs from here on; the script wants %s.", strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(l.text, l.of), "< "), `\r\n`))
}

// sayNothing tells that a message did not come at all, where one with this
// status was wanted.
func (m *matcher) sayNothing(want string) string {
	switch {
	case m.of != "" && m.ended:
		return fmt.Sprintf("The server closed its connection to %s, on which one more request was wanted.", m.of)
	case m.of != "":
		return fmt.Sprintf("No request came to %s on this connection.", m.of)
	case want == "100":
		return "No reply came. A client that expects 100-continue waits for it before it sends its content (RFC 9110, 10.1.1)."
	case m.later && m.ended:
		return "The server closed the connection after the reply before, so no reply came. A connection stays open for the next request, unless one of the two says \"Connection: close\" (RFC 9112, 9.3)."
	case m.later:
		return "No reply came to this request, but one came to the request before. Each request on a connection gets one, also when several come together (RFC 9112, 9.3.2)."
	}
	return "No reply came."
}

// sayContent tells how content, or another line that is compared to the byte,
// differs at an offset.
func (m *matcher) sayContent(at int, l *line) string {
	switch {
	case m.contentAt >= 0 && at == len(m.got) && !m.framing.chunked && !m.framing.untilClose && at-m.contentAt < m.framing.length:
		return sayTooShort(m.framing.length, at-m.contentAt)
	case m.contentAt >= 0 && at == m.contentAt && at == len(m.got):
		return "The head has come, but no content."
	case m.contentAt >= 0 && at == len(m.got):
		return "The content ends too early."
	case m.contentAt >= 0 && m.came[boundary] != "" && strings.Contains(l.text, boundary):
		return fmt.Sprintf("The content differs from here on. In this response, the boundary is %s (RFC 2046, 5.1.1).", m.came[boundary])
	case m.contentAt >= 0:
		return "The content differs from here on."
	case at == len(m.got):
		return "The script wants more than came."
	}
	return "The bytes differ from here on."
}

// sayStillOpen tells that the server did not close a connection.
func (p *player) sayStillOpen() string {
	if p.of != "" {
		return fmt.Sprintf("The server did not close its connection to %s.", p.of)
	}
	if p.interrupted {
		return "The server was interrupted, but did not close the connection, on which nothing more goes on."
	}
	return "The reply is complete, but the server did not close the connection."
}

// sayEndedEarly tells that the server ended a connection too soon.
func (p *player) sayEndedEarly() string {
	if p.of != "" {
		return fmt.Sprintf("The server ended its connection to %s, which was still wanted.", p.of)
	}
	if p.interrupted {
		return "The server was interrupted, and ended the connection in the middle of a request. What has begun must be finished first."
	}
	return "The server ended the connection, which was still wanted."
}

// sayTooShort tells that less content came than the head has promised.
func sayTooShort(promised, came int) string {
	return fmt.Sprintf("Content-Length says %d, but only %s of content came.", promised, count(came, "byte"))
}

// sayBare tells why a response has no content, whatever its head says. It is
// empty for one that may have some.
func sayBare(status string, isHEAD bool) string {
	switch {
	case isHEAD:
		return "A response to HEAD has no content."
	case status == "204" || status == "304":
		return fmt.Sprintf("A response with the status %s has no content (RFC 9112, 6.3).", status)
	}
	return ""
}

// sayBefore tells what bytes may be that stand where a response should begin,
// after one that has no content.
func sayBefore(bare string) string {
	if bare == "" {
		return ""
	}
	return "Is this the content of the response before? " + bare
}

// sayExtra tells of bytes that came after all that a script wants. The response
// before them may be a bare one.
func (p *player) sayExtra() string {
	switch {
	case p.of != "" && startLine.Match(p.got):
		return fmt.Sprintf("One more request came to %s than the script wants.", p.of)
	case p.of != "":
		return fmt.Sprintf("%s came to %s after all that the script wants.", count(len(p.got), "byte"), p.of)
	case p.chunks && bytes.HasPrefix(p.got, []byte("0\r\n")):
		return "The last chunk came, which says that the content is complete. The script wants it to end without."
	case p.chunks:
		return "More content came than the script wants."
	case bytes.HasPrefix(p.got, []byte("HTTP/")) && !p.answered && !p.later:
		return "A reply came, and the script wants none."
	case bytes.HasPrefix(p.got, []byte("HTTP/")):
		return "One more reply came than the script wants."
	case p.bare != "":
		return fmt.Sprintf("%s came after the head. %s", count(len(p.got), "byte"), p.bare)
	}
	return fmt.Sprintf("%s came after the end of the reply. Is Content-Length too small (it counts bytes, not characters), or was something printed after the content?", count(len(p.got), "byte"))
}

// sayNotEnded tells that the server ended a connection in no way.
func (p *player) sayNotEnded() string {
	if p.of != "" {
		return fmt.Sprintf("The server did not end its connection to %s.", p.of)
	}
	return "The server did not end the connection."
}

// saySpoke tells that the server did not keep quiet.
func (p *player) saySpoke() string {
	if p.of != "" {
		return fmt.Sprintf("The server sent something to %s during the pause.", p.of)
	}
	return "The server spoke during the pause, before anything more was sent."
}

// sayReset tells that the server ended a connection in the wrong way.
func (p *player) sayReset() string {
	if p.of != "" {
		return fmt.Sprintf("The connection to %s was reset, not closed.", p.of)
	}
	return "The connection was reset, not closed. Bytes that were sent before may be lost to the client."
}

// count writes a number with its noun: "1 byte", "2 bytes".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// indent puts two spaces before every line of a text.
func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}
