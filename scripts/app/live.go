package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// pulse is how long it is from one event to the next.
const pulse = 250 * time.Millisecond

// tell sends events, the time of day each, until the client leaves.
func tell(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	control := http.NewResponseController(w)
	ticker := time.NewTicker(pulse)
	defer ticker.Stop()
	for n := 1; ; n++ {
		_, err := fmt.Fprintf(w, "data: event %d, at %s\n\n", n, time.Now().Format("15:04:05.000"))
		if err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		}
	}
}

// messageLimit is how long a message of a WebSocket may be.
const messageLimit = 1 << 20

// echo sends each message of a WebSocket back, until the client leaves. CGI and
// FastCGI have no way for it: there, the answer is 501 Not Implemented.
func echo(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // The client has been told.
	}
	defer conn.CloseNow()
	conn.SetReadLimit(messageLimit)
	for {
		kind, message, err := conn.Read(r.Context())
		if err != nil {
			return
		}
		if err := conn.Write(r.Context(), kind, message); err != nil {
			return
		}
	}
}
