package tap

// A side is who sends: its value is the sign that a transcript has for it.
type side byte

const (
	client side = '>'
	server side = '<'
)

// other returns the other side.
func (s side) other() side {
	if s == client {
		return server
	}
	return client
}

// String returns the name of a side.
func (s side) String() string {
	if s == client {
		return "client"
	}
	return "server"
}

// A kind says what a piece of a message is.
type kind int

const (
	// startLine is a request line or a status line (RFC 9112, 2.1).
	startLine kind = iota

	// fieldLine is one line of the header section (RFC 9112, 5).
	fieldLine

	// emptyLine ends the header section (RFC 9112, 2.1).
	emptyLine

	// content is content as it is, that does not come in chunks (RFC 9112, 6).
	content

	// chunkSize is the line before the data of a chunk, chunkData that data, and
	// chunkEnd the end of line after it (RFC 9112, 7.1).
	chunkSize
	chunkData
	chunkEnd

	// trailerLine is a field line after the last chunk, and trailersEnd the empty
	// line after those (RFC 9112, 7.1.2).
	trailerLine
	trailersEnd

	// blank is an empty line before a request, which a server overlooks
	// (RFC 9112, 2.2).
	blank

	// other are bytes that are not HTTP/1.1: TLS, a WebSocket, or nonsense.
	other
)

// inHead reports whether a piece belongs to the head of a message.
func (k kind) inHead() bool { return k <= emptyLine || k == blank }
