package tap

import (
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// pageFiles are what the page is made of. It needs nothing else.
//
//go:embed page
var pageFiles embed.FS

// pageForm is the page. What it shows comes later, as text.
var pageForm = template.Must(template.ParseFS(pageFiles, "page/page.html"))

// policy lets the page run its own script and ask its own server, and nothing
// else, whatever somebody has sent.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// servePage serves the page until the context ends.
func (t *Tap) servePage(ctx context.Context) {
	server := &http.Server{
		Handler:           t.guard(t.routes()),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	server.Serve(t.page)
	server.Close()
}

// routes says what is where.
func (t *Tap) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		pageForm.Execute(w, map[string]string{"Target": t.target, "URL": t.URL})
	})
	for _, name := range []string{"page.css", "page.js"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pageFiles, "page/"+name)
		})
	}
	mux.HandleFunc("GET /events", t.record.serveEvents)
	mux.HandleFunc("GET /exchange/{id}", t.record.serve(func(w http.ResponseWriter, e *exchange) func() {
		view := t.record.viewOf(e)
		return func() {
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(view)
		}
	}))
	mux.HandleFunc("GET /exchange/{id}/connection", t.record.serve(func(w http.ResponseWriter, e *exchange) func() {
		text := t.record.connectionScript(e)
		return func() {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			io.WriteString(w, text)
		}
	}))
	return mux
}

// guard keeps other sites from reading the page: the name of the page must be one
// of this machine, unless the page was opened to the network.
func (t *Tap) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		if !t.open && !isOwnName(r.Host) {
			http.Error(w, "This page is for this machine only. Open it as "+t.PageURL, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOwnName reports whether a Host is a name of this machine that no other site
// can have: else a site could give itself this machine's address, and read what
// is here.
func isOwnName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// serve returns a handler that sends something about the exchange whose id is in
// the path. What of looks at it, under the lock, and returns how it is sent.
func (r *record) serve(of func(http.ResponseWriter, *exchange) func()) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		id, _ := strconv.Atoi(request.PathValue("id"))
		send := func() { http.Error(w, "This exchange is not kept any more.", http.StatusNotFound) }
		r.mu.Lock()
		if e := r.find(id); e != nil {
			send = of(w, e)
		}
		r.mu.Unlock()
		send()
	}
}
