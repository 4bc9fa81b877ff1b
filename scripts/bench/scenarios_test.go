package bench

import (
	"fmt"
	"strings"
)

// A scenario is something that clients ask of a server, again and again.
type scenario struct {
	// name is short, and what tells the scenario for the reader.
	name, what string

	// targets are asked for in one write. A right reply has the status, and where
	// that is 200, the content of the file.
	targets []string
	status  int

	// clients is how many connections there are at a time.
	clients int

	// closes is set where each request has a connection of its own.
	closes bool

	// sends is what is sent with each request, as its content: then it is a POST.
	sends string

	// timed is set where it is told how long the replies took.
	timed bool

	// conditional is set where the client has the file already, and coded where
	// it wants it compressed.
	conditional, coded bool
}

// scenarios are what is measured, in this order.
var scenarios = []scenario{
	{name: "1KiB", what: "a file of 1 KiB on 64 kept connections",
		targets: []string{smallFile}, status: 200, clients: 64},
	{name: "deep", what: "the same file, four folders deep",
		targets: []string{deepFile}, status: 200, clients: 64},
	{name: "304", what: "the same file, not modified",
		targets: []string{smallFile}, status: 304, clients: 64, conditional: true},
	{name: "404", what: "a missing file, /missing.txt",
		targets: []string{"/missing.txt"}, status: 404, clients: 64},
	{name: "404-bare", what: "a missing file without an extension, /missing",
		targets: []string{"/missing"}, status: 404, clients: 64},
	{name: "64KiB", what: "a file of 64 KiB on 64 kept connections",
		targets: []string{mediumFile}, status: 200, clients: 64},
	{name: "16MiB", what: "a file of 16 MiB on 4 kept connections",
		targets: []string{largeFile}, status: 200, clients: 4},
	{name: "gzip", what: "a text of 100 KiB, compressed, on 64 kept connections",
		targets: []string{textFile}, status: 200, clients: 64, coded: true},
	{name: "connections", what: "a file of 1 KiB, one connection a request, 64 clients",
		targets: []string{smallFile}, status: 200, clients: 64, closes: true},
	{name: "1000", what: "a file of 1 KiB on 1,000 kept connections",
		targets: []string{smallFile}, status: 200, clients: 1000},
	{name: "pipelined", what: "16 files of 1 KiB, asked for in one write, on 64 kept connections",
		targets: pipelinedFiles(), status: 200, clients: 64},
}

// requests returns what is sent in one write, with some further field lines in
// each request.
func (s scenario) requests(fields ...string) string {
	fields = append([]string{"Host: localhost", "User-Agent: bench", "Accept: */*"}, fields...)
	if s.coded {
		fields = append(fields, "Accept-Encoding: gzip")
	}
	if s.closes {
		fields = append(fields, "Connection: close")
	}
	if s.sends != "" {
		fields = append(fields, fmt.Sprintf("Content-Length: %d", len(s.sends)))
	}
	var text strings.Builder
	for _, target := range s.targets {
		fmt.Fprintf(&text, "%s %s HTTP/1.1\r\n%s\r\n\r\n%s", s.method(), target, strings.Join(fields, "\r\n"), s.sends)
	}
	return text.String()
}

// method returns the method of its requests.
func (s scenario) method() string {
	if s.sends != "" {
		return "POST"
	}
	return "GET"
}
