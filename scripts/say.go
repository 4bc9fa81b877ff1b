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
		return "No reply came."
	case bytes.HasSuffix(came, []byte("\n")) && at == m.at+len(came)-1:
		return sayBareLF
	case at == len(m.got):
		return "The first line is not finished."
	case want != "" && !bytes.HasPrefix(came, []byte("HTTP/")):
		return "A response begins with its status line, such as HTTP/1.1 200 OK (RFC 9112, 4)."
	case got != "" && want != "" && got != want:
		return fmt.Sprintf("The status is %s; the script wants %s.", got, want)
	}
	return fmt.Sprintf("The first line differs from here on; the script wants %s.", strings.TrimSuffix(strings.TrimPrefix(l.text, "< "), `\r\n`))
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
	case m.contentAt >= 0:
		return "The content differs from here on."
	case at == len(m.got):
		return "The script wants more than came."
	}
	return "The bytes differ from here on."
}

// sayTooShort tells that less content came than the head has promised.
func sayTooShort(promised, came int) string {
	return fmt.Sprintf("Content-Length says %d, but only %s of content came.", promised, count(came, "byte"))
}

// sayExtra tells of bytes that came after all that a script wants, the last of
// which was the response to a method.
func sayExtra(extra []byte, method string) string {
	if bytes.HasPrefix(extra, []byte("HTTP/")) {
		return "One more reply came than the script wants."
	}
	if method == "HEAD" {
		return fmt.Sprintf("%s came after the head. A response to HEAD has no content.", count(len(extra), "byte"))
	}
	return fmt.Sprintf("%s came after the end of the reply. Is Content-Length too small (it counts bytes, not characters), or was something printed after the content?", count(len(extra), "byte"))
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
