package main

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// An alternative is a form in which something can be had: a target, and the
// media type of what it brings.
type alternative struct {
	Link, MediaType string
}

// extensions are those by which a file can stand for a name that has none: all
// of the table, and pages first, which is what people want who do not say.
var extensions = func() []string {
	known := slices.Sorted(maps.Keys(mediaTypes))
	known = slices.DeleteFunc(known, func(extension string) bool { return extension == ".html" })
	return slices.Insert(known, 0, ".html")
}()

// variant makes the response for a name that no file has, but without its
// extension some do: the one that the client likes best (RFC 9110, 12.1).
// notFound is what is wrong if there is none.
func (s *server) variant(request Request, name string, notFound error) (*Response, error) {
	var links, types []string
	names := s.variants(name)
	for _, name := range names {
		links = append(links, linkTo(name))
		types = append(types, mediaType(name))
	}
	if len(names) == 0 {
		return nil, notFound
	}
	best := choose(types, preferences(values(request.Fields, "Accept")))
	if best < 0 {
		return nil, notAcceptable(links, types)
	}
	response, err := s.file(request, names[best])
	if err != nil {
		return nil, err
	}
	response = response.distinguish(filepath.Ext(names[best])[1:])
	response.Header = append(response.Header, Field{"Content-Location", links[best]})
	return response, nil
}

// variants returns the names of the files that have a name and an extension.
func (s *server) variants(name string) []string {
	var names []string
	directory, base := filepath.Split(name)
	siblings, known := s.siblings(filepath.Clean(directory))
	for _, extension := range extensions {
		if known && !slices.Contains(siblings, base+extension) {
			continue
		}
		if info, err := s.root.Stat(name + extension); err == nil && info.Mode().IsRegular() {
			names = append(names, name+extension)
		}
	}
	return names
}

// file makes the response that sends the file with a name.
func (s *server) file(request Request, name string) (*Response, error) {
	if response := s.remembered(name, request.Received); response != nil {
		return response, nil
	}
	file, info, err := s.open(name)
	if err != nil {
		return nil, err
	}
	return s.fileResponse(name, file, info)
}

// hasVariants reports whether a name is one that a file could have without its
// extension.
func hasVariants(name string) bool {
	return filepath.Ext(name) == "" && !os.IsPathSeparator(name[len(name)-1])
}

// notAcceptable is the error for a client that takes none of the media types
// there are. It is told which there are, and where (RFC 9110, 15.5.7).
func notAcceptable(links, types []string) error {
	refused := &statusError{status: 406, header: []Field{{"Vary", vary}}, cause: fmt.Errorf("there is only %q", types)}
	for i, link := range links {
		refused.alternatives = append(refused.alternatives, alternative{link, types[i]})
	}
	return refused
}

// acceptable returns the response to a request, if the client takes its media
// type. If not, it is a 406.
func acceptable(request Request, response *Response) (*Response, error) {
	accept := values(request.Fields, "Accept")
	if accept == nil || response.Status != 200 {
		return response, nil
	}
	mediaType := values(response.Header, "Content-Type")[0]
	if weightOf(mediaType, preferences(accept)) > 0 {
		return response, nil
	}
	response.close()
	return nil, notAcceptable([]string{linkTo(response.Name)}, []string{mediaType})
}

// linkTo returns the target that asks for a name below the document root.
func linkTo(name string) string { return link(path.Join("/", filepath.ToSlash(name))) }
