package main

import (
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// A handover is a request that was recognized as one for an application.
type handover struct {
	Request

	route *route

	// target is the target in origin-form.
	target string

	// script is the part of the path that names the application, and rest is what
	// follows it, both decoded: /app and /users/7.
	script, rest string

	// segments are those of rest. In rest, one that came with a slash as %2F looks
	// like two.
	segments []string

	// documentRoot is the path of the document root.
	documentRoot string

	// file is the name of the script below the document root, where a route for
	// an extension has found it.
	file string
}

// recognize finds the route of a request. It returns nil for a request that is
// for files. Paths are compared decoded and segment by segment: /%61pp is /app,
// but /apple is not, and neither is /app%2Fx.
func (s *server) recognize(request Request) (*handover, error) {
	target, err := originForm(request.Target)
	if len(s.routes) == 0 || err != nil || request.Method == "CONNECT" {
		return nil, nil
	}
	path, _, _ := strings.Cut(target, "?")
	segments, ok := pathSegments(path)
	if !ok {
		return nil, nil
	}
	h := &handover{Request: request, target: target, documentRoot: s.root.Name()}
	for _, h.route = range s.routes {
		found, err := h.route.extension == "" && h.begins(segments), error(nil)
		if h.route.extension != "" {
			found, err = s.namesScript(h, path, segments)
		}
		// Who recognizes a path by its beginning must be sure that the rest leads
		// nowhere else. An application that follows /app/.. is not in /app.
		if found && climbs(segments) {
			err = refuse(403, "target %q", request.Target)
		}
		if found || err != nil {
			return h, err
		}
	}
	return nil, nil
}

// begins reports whether a path begins with the segments of the route.
func (h *handover) begins(segments []string) bool {
	n := len(h.route.segments)
	if n > len(segments) || !slices.Equal(h.route.segments, segments[:n]) {
		return false
	}
	h.script, h.rest, h.segments = join(segments[:n]), join(segments[n:]), segments[n:]
	return true
}

// namesScript reports whether a path names a file with the extension of the
// route. What follows that is for the script. A directory is one, too, if it has
// an index with the extension, and none that is a page.
func (s *server) namesScript(h *handover, path string, segments []string) (bool, error) {
	raw := strings.Split(path[1:], "/")
	last, whole := len(segments)-1, segments
	isIndex := segments[last] == ""
	if isIndex {
		raw[last] = "index.html"
		if name, err := localName("/" + strings.Join(raw, "/")); err != nil || h.route.extension != ".html" && s.isFile(name) {
			return false, nil
		}
		segments = slices.Concat(segments[:last], []string{"index" + h.route.extension})
		raw[last] = segments[last]
	}
	for i, segment := range segments {
		if !strings.EqualFold(filepath.Ext(segment), h.route.extension) {
			continue
		}
		name, err := localName("/" + strings.Join(raw[:i+1], "/"))
		if err != nil {
			return false, err
		}
		info, err := s.root.Stat(name)
		if err == nil && info.IsDir() || err != nil && isIndex && i == last {
			continue // It has only the name of a script.
		}
		if err == nil && !info.Mode().IsRegular() {
			err = errNotServed
		}
		if err != nil {
			return false, s.fileError(err)
		}
		h.file, h.script, h.rest = name, join(segments[:i+1]), join(whole[i+1:])
		return true, nil
	}
	return false, nil
}

// isFile reports whether there is a file of a name below the document root.
func (s *server) isFile(name string) bool {
	info, err := s.root.Stat(name)
	return err == nil && info.Mode()&fs.ModeType == 0
}

// pathSegments returns the segments of a path, decoded. It reports whether that
// is a path.
//
//	absolute-path = 1*( "/" segment ) (RFC 9110, 4.1)
func pathSegments(path string) ([]string, bool) {
	rest, ok := strings.CutPrefix(path, "/")
	segments := strings.Split(rest, "/")
	for i := range segments {
		if strings.Contains(segments[i], "%") {
			decoded, err := url.PathUnescape(segments[i])
			ok = ok && err == nil
			segments[i] = decoded
		}
	}
	return segments, ok
}

// climbs reports whether segments could lead to another place than they seem to.
// Dot segments do (RFC 3986, 3.3), for some programs also those with a parameter,
// or with a slash that came as %2F, a backslash, or a NUL, where a name may end.
func climbs(segments []string) bool {
	return slices.ContainsFunc(segments, func(segment string) bool {
		return strings.ContainsAny(segment, "\\\x00") || slices.ContainsFunc(strings.Split(segment, "/"), func(part string) bool {
			name, _, _ := strings.Cut(part, ";")
			return name == "." || name == ".."
		})
	})
}

// join makes a path of segments.
func join(segments []string) string {
	if len(segments) == 0 {
		return ""
	}
	return "/" + strings.Join(segments, "/")
}
