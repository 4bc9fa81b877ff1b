package main

// isWaiting reports whether a client sends its content only when it is told to
// go on. A client of HTTP/1.0 does not know about that. Whatever else it
// expects is a 417.
//
//	Expect = #expectation (RFC 9110, 10.1.1)
func isWaiting(request Request) (bool, error) {
	expectations := elements(values(request.Fields, "Expect"))
	for _, expectation := range expectations {
		if !equalFold(expectation, "100-continue") {
			return false, refuse(417, "Expect %q", expectation)
		}
	}
	return len(expectations) > 0 && request.Version != version10, nil
}

// invite tells a client to go on that waits for it (RFC 9110, 15.2.1).
func (content *Content) invite() {
	if content.waited && content.conn.in.Buffered() == 0 {
		content.conn.allowPiece()
		content.conn.out.WriteString("HTTP/1.1 100 Continue\r\n\r\n")
	}
}
