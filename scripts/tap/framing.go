package tap

import "fmt"

// by names what ends the content of a message.
type by int

const (
	noContent by = iota
	byLength
	byChunks
	byClose
)

// A framing is how the content of a message ends (RFC 9112, 6.3).
type framing struct {
	by     by
	length int64

	// switches tells that the connection speaks another protocol from here on.
	switches bool

	// says is the framing in one sentence, and section where it is written.
	says, section string
}

// frameRequest returns how the content of a request ends.
func frameRequest(h *head) framing {
	f, framed := frame(h)
	switch {
	case framed:
		return f
	case len(h.codings) > 0 || len(h.lengths) > 0:
		return framing{by: byClose, says: "Its fields do not say in a valid way where the content of this request ends.", section: "RFC 9112, 6.3"}
	}
	return framing{says: "A request without Content-Length and Transfer-Encoding has no content.", section: "RFC 9112, 6.3"}
}

// frameResponse returns how the content of a response ends, which depends on
// the request; nil stands for one that is not known.
func frameResponse(status string, request *message, h *head) framing {
	method := ""
	if request != nil {
		method = request.method
	}
	switch {
	case status == "101":
		return framing{switches: true, says: "After a 101, the connection speaks another protocol.", section: "RFC 9110, 15.2.2"}
	case len(status) == 3 && status[0] == '1':
		return framing{says: "An interim response (1xx) has no content; the response proper follows.", section: "RFC 9110, 15.2"}
	case method == "CONNECT" && len(status) == 3 && status[0] == '2':
		return framing{switches: true, says: "After a 2xx to CONNECT, the connection is a tunnel.", section: "RFC 9110, 9.3.6"}
	case method == "HEAD":
		return framing{says: "The response to a HEAD has no content, whatever its fields say.", section: "RFC 9110, 9.3.2"}
	case status == "204" || status == "304":
		return framing{says: fmt.Sprintf("A %s has no content, whatever its fields say.", status), section: "RFC 9112, 6.3"}
	}
	if f, framed := frame(h); framed {
		return f
	}
	return framing{by: byClose, says: "Nothing says how long the content is: it lasts until the server closes the connection.", section: "RFC 9112, 6.3"}
}

// frame returns how content ends that says so itself, and whether it does.
func frame(h *head) (f framing, framed bool) {
	if len(h.codings) > 0 && h.chunked() {
		return framing{by: byChunks, says: "The content comes in chunks, each with its size before it. A chunk of size 0 is the last one.", section: "RFC 9112, 7.1"}, true
	}
	n, known := h.length()
	if !known || len(h.codings) > 0 {
		return framing{}, false
	}
	return framing{by: byLength, length: n, says: fmt.Sprintf("Content-Length says that the content has %s.", countBytes(n)), section: "RFC 9110, 8.6"}, true
}

// countBytes returns a number of bytes in words.
func countBytes(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}
