package main

import (
	"cmp"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// listingLimit is how many entries a listing shows at most. Without it, a huge
// directory would cost its size in memory again for each client that asks.
const listingLimit = 2000

// listingPage is the page of a directory. The template escapes each value for
// the place where it stands, so that no name is ever taken for markup.
var listingPage = template.Must(template.New("listing").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Files in {{.Path}}</title>
<h1>Files in {{.Path}}</h1>
<ul>
{{- range .Entries}}
<li><a href="{{.Link}}">{{.Name}}</a></li>
{{- end}}
</ul>
{{- if .Cut}}
<p>There are more files than a listing shows.</p>
{{- end}}
`))

// A listing is what is in a directory.
type listing struct {
	// Path is where the directory is, from the document root.
	Path string `json:"path"`

	Entries []entry `json:"entries"`

	// Cut tells that there are more than listingLimit.
	Cut bool `json:"cut"`
}

// An entry is one line of a listing.
type entry struct {
	// Name is what the reader sees. A directory's ends in "/".
	Name string `json:"name"`

	// Link is the target to ask for, percent-encoded.
	Link string `json:"link"`
}

// listing makes the response that lists an open directory, called name below
// the document root.
func (s *server) listing(request Request, directory fs.ReadDirFile, name string) (*Response, error) {
	found, err := directory.ReadDir(listingLimit + 1)
	if err != nil && err != io.EOF {
		return nil, s.fileError(err)
	}
	at := path.Join("/", filepath.ToSlash(name))
	return listingResponse(request, listing{
		Path:    at,
		Entries: s.entries(at, found[:min(len(found), listingLimit)]),
		Cut:     len(found) > listingLimit,
	})
}

// entries returns what the listing of the directory at a path shows: the way
// up, then directories, then files, each in the order of their names. What can
// never be sent is left out: pipes, links that lead outside, and the like.
func (s *server) entries(at string, found []fs.DirEntry) []entry {
	slices.SortFunc(found, func(a, b fs.DirEntry) int {
		return cmp.Compare(a.Name(), b.Name())
	})
	var directories, files []entry
	if at != "/" {
		directories = append(directories, entry{"../", link(strings.TrimSuffix(path.Dir(at), "/") + "/")})
	}
	for _, f := range found {
		target := link(path.Join(at, f.Name()))
		switch mode := s.modeOf(f, target); {
		case mode.IsDir():
			directories = append(directories, entry{f.Name() + "/", target + "/"})
		case mode.IsRegular():
			files = append(files, entry{f.Name(), target})
		}
	}
	return append(directories, files...)
}

// modeOf returns what a target would bring: a directory, a file or, as
// fs.ModeIrregular, nothing. A link is what it leads to.
func (s *server) modeOf(f fs.DirEntry, target string) fs.FileMode {
	name, err := localName(target)
	if err != nil {
		return fs.ModeIrregular
	}
	if f.Type()&fs.ModeSymlink == 0 {
		return f.Type()
	}
	info, err := s.root.Stat(name)
	if err != nil {
		return fs.ModeIrregular
	}
	return info.Mode()
}

// link returns the target that asks for a path, percent-encoded.
func link(path string) string {
	return (&url.URL{Path: path}).EscapedPath()
}
