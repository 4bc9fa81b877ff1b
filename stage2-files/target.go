package main

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// localName returns the name, below the document root, of the file that a
// target asks for: "/a%20file.txt?page=2" is "a file.txt", "/" is ".". It ends
// in a separator where the target does: then only a directory will do. What
// cannot be the name of a file there is errNotFound.
//
//	origin-form   = absolute-path [ "?" query ] (RFC 9112, 3.2.1)
//	absolute-path = 1*( "/" segment )           (RFC 9110, 4.1)
func localName(target string) (string, error) {
	path, _, _ := strings.Cut(target, "?")
	slashes := strings.Count(path, "/")
	path, err := url.PathUnescape(path)
	if err != nil || !strings.HasPrefix(path, "/") {
		return "", fmt.Errorf("%w: target %q", errNotFound, target)
	}
	// A slash that came as %2F separates nothing (RFC 3986, 2.2): it would be a
	// part of a name, and no file has it there.
	if strings.Count(path, "/") > slashes {
		return "", fmt.Errorf("%w: a slash in a name in the target %q", errNotFound, target)
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
		return "", fmt.Errorf("%w: target %q", errNotFound, target)
	}
	if isDirectory {
		name += string(filepath.Separator)
	}
	return name, nil
}
