package tap

import (
	"regexp"
	"strconv"
	"strings"
)

// fieldsLimit is how many bytes of field lines are looked at for how a message
// ends. No server takes a head as long as that.
const fieldsLimit = 1 << 20

// A head is what the splitter remembers of the field lines of a message: those
// that say how its content ends, and what it is.
type head struct {
	// size is how many bytes of field lines there were.
	size int

	// lengths are the values of Content-Length, and codings those of
	// Transfer-Encoding, in lower case.
	lengths, codings []string

	// contentType is the value of that field.
	contentType string
}

// fieldForm is a name, a colon and a value (RFC 9112, 5).
var fieldForm = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(:)([ \t]*)([^\r\n]*?)([ \t]*)(\r?\n)$")

// add takes notice of a field line.
func (h *head) add(line string) {
	parts := fieldForm.FindStringSubmatch(line)
	if h.size += len(line); parts == nil || h.size > fieldsLimit {
		return
	}
	name, value := parts[1], parts[4]
	switch {
	case strings.EqualFold(name, "Content-Length"):
		h.lengths = append(h.lengths, value)
	case strings.EqualFold(name, "Transfer-Encoding"):
		h.codings = append(h.codings, strings.ToLower(value))
	case strings.EqualFold(name, "Content-Type"):
		h.contentType = value
	}
}

// length returns what Content-Length says. It is not known where the fields are
// no number, or several.
func (h *head) length() (n int64, known bool) {
	for i, value := range h.lengths {
		each, err := strconv.ParseUint(value, 10, 62)
		if err != nil || i > 0 && int64(each) != n {
			return 0, false
		}
		n, known = int64(each), true
	}
	return n, known
}

// chunked reports whether the last coding is "chunked", so that the content has
// an end of its own.
func (h *head) chunked() bool {
	all := strings.Split(strings.Join(h.codings, ","), ",")
	return strings.TrimSpace(all[len(all)-1]) == "chunked"
}

// isTokenByte reports whether a byte may stand in a method, or in the name of a
// field (RFC 9110, 5.6.2).
func isTokenByte(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}
