package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
)

// listingTypes are the forms of a listing, and how each is written. The first
// one is for those who do not mind.
var listingTypes = []struct {
	mediaType string
	write     func(io.Writer, listing) error
}{
	{"text/html; charset=utf-8", writePage},
	{"application/json", writeJSON},
	{"text/plain; charset=utf-8", writeNames},
}

// listingResponse makes the response that sends a listing, in the form that the
// client likes best. It is made anew each time. But most often it is the same
// again, so its tag is made of its bytes: by a hash, another one for others.
func listingResponse(request Request, l listing) (*Response, error) {
	var types []string
	for _, form := range listingTypes {
		types = append(types, form.mediaType)
	}
	l.Path = strings.TrimSuffix(l.Path, "/") + "/" // The name of a directory ends in a slash.
	best := choose(types, preferences(values(request.Fields, "Accept")))
	if best < 0 {
		return nil, notAcceptable(slices.Repeat([]string{link(l.Path)}, len(types)), types)
	}
	var content bytes.Buffer
	if err := listingTypes[best].write(&content, l); err != nil {
		return nil, err
	}
	response := &Response{
		Status: 200,
		Header: []Field{
			{"Content-Type", types[best]},
		},
		Content: bytes.NewReader(content.Bytes()),
		Length:  int64(content.Len()),
		Name:    l.Path,
	}
	sum := sha256.Sum256(content.Bytes())
	response.validate(`"`+base64.RawURLEncoding.EncodeToString(sum[:15])+`"`, time.Time{})
	return response, nil
}

// writePage writes a listing for people.
func writePage(w io.Writer, l listing) error { return listingPage.Execute(w, l) }

// writeJSON writes a listing for programs.
func writeJSON(w io.Writer, l listing) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	l.Entries = withoutUp(l.Entries)
	return encoder.Encode(l)
}

// writeNames writes a listing for programs that want a name in each line. Names
// can have line ends in them: for one with control characters, its link stands,
// which begins with a slash.
func writeNames(w io.Writer, l listing) error {
	var names strings.Builder
	for _, entry := range withoutUp(l.Entries) {
		if strings.ContainsFunc(entry.Name, unicode.IsControl) {
			entry.Name = entry.Link
		}
		names.WriteString(entry.Name + "\n")
	}
	_, err := io.WriteString(w, names.String())
	return err
}

// withoutUp returns entries without the way up, which is for people. Where there
// are none, it is an empty list, which JSON tells from no list.
func withoutUp(entries []entry) []entry {
	isUp := func(e entry) bool { return e.Name == "../" }
	return slices.DeleteFunc(append([]entry{}, entries...), isUp)
}
