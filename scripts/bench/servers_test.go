package bench

import (
	"testing"
)

// A server is one of those that are compared.
type server struct {
	name string

	// command is the program with its arguments.
	command []string

	// role is what the test binary is, where it is the program.
	role string

	// version tells which version of a program was found, where it is none of
	// ours, and missing is set where none was found.
	version string
	missing bool

	// lacks says why the server takes no part in a scenario, or "". It is nil for
	// one that takes part in all.
	lacks func(scenario) string
}

// absent says why the server takes no part in a scenario, or "".
func (s server) absent(in scenario) string {
	switch {
	case s.missing:
		return "it is not installed"
	case s.lacks == nil:
		return ""
	}
	return s.lacks(in)
}

// fileServers returns the servers of files that are compared. The first is the
// stage.
func fileServers(t testing.TB, files site) []server {
	return []server{stageServer(t, files.root), fileServer(t, files.root), nginxServer(t, files.root)}
}

// proxies returns the proxies that are compared, all before the same upstream.
// The first is the stage.
func proxies(t testing.TB, upstream string) []server {
	return []server{stageProxy(t, upstream), reverseProxy(t, upstream), nginxProxy(t, upstream), haproxy(t, upstream)}
}
