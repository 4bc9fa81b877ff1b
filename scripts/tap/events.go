package tap

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// news are what a viewer of the page is told.
type news struct {
	// First tells that these are all exchanges that are kept: a viewer who was here
	// before forgets what it had.
	First bool `json:"first"`

	// Gone is how many exchanges were let go.
	Gone int   `json:"gone"`
	Rows []row `json:"rows"`
}

// serveEvents tells a viewer of the page what is kept, and then what changes, as
// long as it looks. A slow one gets the newest state, and not all on the way.
func (r *record) serveEvents(w http.ResponseWriter, request *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	seen := -1
	for {
		told, now, changed := r.since(seen)
		if told.First || len(told.Rows) > 0 {
			data, err := json.Marshal(told)
			if err != nil {
				return
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
				return
			}
			http.NewResponseController(w).Flush()
		}
		seen = now
		select {
		case <-changed:
		case <-request.Context().Done():
			return
		}
		// Where much changes, a viewer is told a few times in a second.
		select {
		case <-time.After(30 * time.Millisecond):
		case <-request.Context().Done():
			return
		}
	}
}

// since returns the news since a change, the number of the last one, and what is
// closed with the next.
func (r *record) since(seen int) (told news, now int, changed <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	told = news{First: seen < 0, Gone: r.gone, Rows: []row{}}
	for _, e := range r.exchanges {
		if e.change > seen {
			told.Rows = append(told.Rows, rowOf(e))
		}
	}
	return told, r.change, r.changed
}
