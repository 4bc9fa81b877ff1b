package main

// version10 is the version whose clients do not keep connections, nor know
// about chunks, unless they say so.
const version10 = "HTTP/1.0"

// connectionOption returns what the response to a request says in the field
// Connection: "close" where no request can follow on this connection, and
// "keep-alive" to a client of HTTP/1.0, which otherwise would not know that one
// can (RFC 9112, 9.3 and C.2.2). err is what went wrong while the request was
// read: then nobody knows where the next one begins. Nor does anybody where
// content was left unread.
func (s *server) connectionOption(request Request, err error) string {
	switch {
	case err != nil || request.Content.unread() || !persists(request) || s.stopping.Load():
		return "close"
	case request.Version == version10:
		return "keep-alive"
	}
	return ""
}

// persists reports whether a client wants to go on with the connection. One of
// HTTP/1.0 has to say so, one of HTTP/1.1 has to say if it does not.
//
//	Connection = #connection-option (RFC 9110, 7.6.1)
func persists(request Request) bool {
	options := elements(values(request.Fields, "Connection"))
	has := func(option string) bool {
		return containsFold(options, option)
	}
	return !has("close") && (request.Version != version10 || has("keep-alive"))
}

// containsFold reports whether words contain a word, in whatever case.
func containsFold(words []string, word string) bool {
	for _, w := range words {
		if equalFold(w, word) {
			return true
		}
	}
	return false
}
