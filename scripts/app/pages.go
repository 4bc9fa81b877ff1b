package main

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"html/template"
	"io"
	"log"
	"net/http"
	"strings"
)

//go:embed page.html sent.html
var files embed.FS

// pages are the forms of the pages.
var pages = template.Must(template.ParseFS(files, "*.html"))

// An application answers requests.
type application struct {
	// means is how a request reaches it.
	means string
}

// ServeHTTP answers a request. It looks at the last segment of the path only: so
// the application works below any prefix, and need not know which.
func (a application) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	switch {
	case name == "":
		a.greet(w, r)
	case name == "seen":
		a.list(w, r)
	case name == "form":
		take(w, r)
	case name == "events":
		tell(w, r)
	case name == "echo":
		echo(w, r)
	case strings.Contains(name, "."):
		http.NotFound(w, r)
	default: // Without its last slash, the links of the page would lead elsewhere.
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
	}
}

// reached are the fields that say along which way a request has come.
var reached = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Via"}

// seen returns what has reached the application.
func (a application) seen(r *http.Request) [][2]string {
	target := r.RequestURI
	if target == "" { // CGI has taken it apart.
		target = r.URL.RequestURI()
	}
	rows := [][2]string{
		{"By means of", a.means}, {"From", r.RemoteAddr},
		{"Method", r.Method}, {"Target", target}, {"Host", r.Host},
	}
	for _, name := range reached {
		rows = append(rows, [2]string{name, strings.Join(r.Header.Values(name), ", ")})
	}
	return rows
}

// greet shows that in a page.
func (a application) greet(w http.ResponseWriter, r *http.Request) {
	show(w, "page.html", a.seen(r))
}

// list shows it as text, line by line.
func (a application) list(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, row := range a.seen(r) {
		fmt.Fprintf(w, "%s: %s\n", row[0], row[1])
	}
}

// sent is what came with the form.
type sent struct {
	Name, File, SHA256 string
	Length             int64
}

// take answers the form. However long the file is, it is never in memory.
func take(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "The form is sent with POST.", http.StatusMethodNotAllowed)
		return
	}
	form, err := readForm(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	show(w, "sent.html", form)
}

// readForm reads a form, part by part.
func readForm(r *http.Request) (form sent, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return form, err
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return form, nil
		}
		if err != nil {
			return form, err
		}
		switch part.FormName() {
		case "name":
			name, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return form, err
			}
			form.Name = string(name)
		case "file":
			hash := sha256.New()
			if form.Length, err = io.Copy(hash, part); err != nil {
				return form, err
			}
			form.File, form.SHA256 = part.FileName(), fmt.Sprintf("%x", hash.Sum(nil))
		}
	}
}

// show sends a page.
func show(w http.ResponseWriter, name string, data any) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, data); err != nil {
		log.Print(err)
		http.Error(w, "The page cannot be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(page.Bytes())
}
