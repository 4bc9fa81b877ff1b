package main

import (
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A route says which requests are for an application, and where that is.
type route struct {
	// pattern is what the paths of their targets begin with, such as /app, or the
	// extension of the files that they name, such as .php.
	pattern string

	// segments are those of a pattern that is a path; extension is one that is not.
	segments  []string
	extension string

	// upstreams are the places where the application runs.
	upstreams *rotation
}

// parseRoutes takes the routes of the command line apart. The longest comes
// first, so that the first that fits is the one that says most. The error names
// the argument that cannot be one.
//
//	PATTERN=UPSTREAM[,UPSTREAM ...]
func parseRoutes(args []string) ([]*route, error) {
	var routes []*route
	for _, arg := range args {
		r, err := parseRoute(arg)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", arg, err)
		}
		if slices.ContainsFunc(routes, r.fitsTheSame) {
			return nil, fmt.Errorf("%s: there is a route for %s already", arg, r.pattern)
		}
		routes = append(routes, r)
	}
	slices.SortStableFunc(routes, func(a, b *route) int { return b.says() - a.says() })
	return routes, nil
}

// fitsTheSame reports whether another route fits the same requests.
func (r *route) fitsTheSame(other *route) bool {
	return r.extension == other.extension && slices.Equal(r.segments, other.segments)
}

// says returns how much a route says about a path. Even an extension says more
// than that it begins with a slash.
func (r *route) says() int {
	if r.extension != "" {
		return 1
	}
	return 2 * len(r.segments)
}

// unlessScript returns the response to a request, if that is not a script's own
// text: a name without its extension leads to a script, too.
func (s *server) unlessScript(_ Request, response *Response) (*Response, error) {
	for _, r := range s.routes {
		if r.extension != "" && strings.EqualFold(filepath.Ext(response.Name), r.extension) {
			response.close()
			return nil, refuse(404, "%q is a script", response.Name)
		}
	}
	return response, nil
}

// parseRoute takes one of them apart.
func parseRoute(arg string) (*route, error) {
	pattern, places, found := strings.Cut(arg, "=")
	if !found {
		return nil, fmt.Errorf("a route is PREFIX=UPSTREAM")
	}
	r := &route{pattern: pattern}
	switch {
	case strings.HasPrefix(pattern, "."):
		if r.extension = pattern; len(pattern) == 1 || strings.Contains(pattern, "/") {
			return nil, fmt.Errorf("%s is no extension of a file, such as .php", pattern)
		}
	case strings.HasPrefix(pattern, "/"):
		var ok bool
		r.pattern = "/" + strings.TrimSuffix(pattern[1:], "/")
		r.segments, ok = pathSegments(r.pattern)
		if !ok || !isTarget(pattern) || climbs(r.segments) || strings.Contains(pattern, "//") || strings.Contains(pattern, "?") {
			return nil, fmt.Errorf("%s cannot be the beginning of a path", pattern)
		}
		if r.pattern == "/" {
			r.segments = nil
		}
	default:
		return nil, fmt.Errorf("%q begins neither with a slash nor with a dot", pattern)
	}
	var err error
	r.upstreams, err = parseUpstreams(r, places)
	return r, err
}

// parseUpstreams takes the upstreams of a route apart. Each kind has a word that
// it begins with.
func parseUpstreams(r *route, places string) (*rotation, error) {
	upstreams := &rotation{}
	for _, place := range strings.Split(places, ",") {
		kind, rest, _ := strings.Cut(place, ":")
		means, ok := kinds[kind]
		if !ok {
			return nil, fmt.Errorf("%q is no upstream: http://HOST:PORT, unix:PATH, fastcgi://HOST:PORT, fastcgi:unix:PATH, or cgi:DIRECTORY", place)
		}
		m, err := means(r, rest)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		upstreams.all = append(upstreams.all, &upstream{name: place, means: m})
	}
	return upstreams, nil
}

// kinds are the means by which a request can be handed over. Each function gets
// what follows the word and its colon.
var kinds = map[string]func(r *route, rest string) (means, error){
	"http":    newOverHTTP,
	"unix":    newOverUnix,
	"fastcgi": newFastCGI,
	"cgi":     newCGI,
}

// parsePlace returns how to reach what is at //HOST:PORT or, for unix:PATH, the
// path of a socket.
func parsePlace(rest, port string) (network, address string, err error) {
	if path, found := strings.CutPrefix(rest, "unix:"); found && path != "" {
		path, err = filepath.Abs(path)
		return "unix", path, err
	}
	address, found := strings.CutPrefix(rest, "//")
	address = strings.TrimSuffix(address, "/")
	if !found || address == "" || !isHost(address) {
		return "", "", fmt.Errorf("%q is not //HOST:PORT; a path cannot follow it", rest)
	}
	address = withPort(address, port)
	_, number, _ := net.SplitHostPort(address)
	if _, err := strconv.ParseUint(number, 10, 16); err != nil {
		return "", "", fmt.Errorf("%q is no port", number)
	}
	return "tcp", address, nil
}
