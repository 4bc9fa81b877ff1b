package main

import (
	"net/url"
	"path/filepath"
	"strings"
)

// localName returns the name, below the document root, of the file that a
// target asks for: "/a%20file.txt?page=2" is "a file.txt", "/" is ".". It ends
// in a separator where the target does: then only a directory will do. The
// errors are statusErrors.
//
//	origin-form   = absolute-path [ "?" query ] (RFC 9112, 3.2.1)
//	absolute-path = 1*( "/" segment )           (RFC 9110, 4.1)
func localName(target string) (string, error) {
	target, err := originForm(target)
	if err != nil {
		return "", err
	}
	path, _, _ := strings.Cut(target, "?")
	slashes := strings.Count(path, "/")
	path, err = url.PathUnescape(path)
	if err != nil {
		return "", refuse(400, "target %q", target)
	}
	// A slash that came as %2F separates nothing (RFC 3986, 2.2): it would be a
	// part of a name, and no file has it there. Nor is any name empty.
	if strings.Count(path, "/") > slashes || strings.Contains(path, "//") {
		return "", refuse(404, "target %q", target)
	}
	if path == "/" {
		return ".", nil
	}
	name, isDirectory := strings.CutSuffix(path[1:], "/")
	// Localize refuses "..", empty segments and what this system does not allow
	// in a name (RFC 9110, 17.3). A backslash separates folders on Windows only; it
	// is refused everywhere, so that a target means the same everywhere.
	name, err = filepath.Localize(name)
	if err != nil || name == "." || strings.Contains(path, `\`) {
		return "", refuse(403, "target %q", target)
	}
	if isDirectory {
		name += string(filepath.Separator)
	}
	return name, nil
}

// originForm returns the path and query of a target. A target in absolute-form,
// which clients send to a proxy, loses its host, whichever it is: there is only
// one site here (RFC 9112, 3.2.2). What stands before an @ there can only be
// meant to deceive (RFC 9110, 4.2.4). What else a target can be names no file.
//
//	request-target = origin-form / absolute-form / authority-form / asterisk-form (RFC 9112, 3.2)
func originForm(target string) (string, error) {
	if strings.HasPrefix(target, "/") {
		return target, nil
	}
	scheme, rest, _ := strings.Cut(target, "://")
	hostLength := strings.IndexAny(rest+"/", "/?")
	if !strings.EqualFold(scheme, "http") || hostLength == 0 || rest[0] == ':' || strings.Contains(rest[:hostLength], "@") {
		return "", refuse(400, "target %q", target)
	}
	return "/" + strings.TrimPrefix(rest[hostLength:], "/"), nil
}

// isTarget reports whether s can be a target: visible characters of ASCII, and
// no fragment, which a client keeps for itself (RFC 9110, 7.1). Some of them
// should have come percent-encoded (RFC 3986, 2), but browsers send them as they
// are.
func isTarget(s string) bool {
	notTarget := func(c rune) bool { return c <= ' ' || c > '~' || c == '#' }
	return s != "" && !strings.ContainsFunc(s, notTarget)
}
