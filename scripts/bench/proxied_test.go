package bench

import "strings"

// The targets of what the application behind the proxies has.
const (
	shortReply = "/short.txt"
	longReply  = "/long.txt"
	uploads    = "/uploads"
)

// newApplication returns what the application answers.
func newApplication() site {
	text := english(100 << 10)
	return site{content: map[string]string{
		shortReply: text[:1<<10],
		longReply:  strings.Repeat(text, 11)[:1<<20],
		uploads:    "it has come\n",
	}}
}

// uploaded returns the content of an upload.
func uploaded() string { return english(64 << 10) }

// proxied is what is measured of proxies, in this order.
var proxied = []scenario{
	{name: "proxy-1KiB", what: "replies of 1 KiB on 64 kept connections",
		targets: []string{shortReply}, status: 200, clients: 64},
	{name: "proxy-1MiB", what: "replies of 1 MiB on 64 kept connections",
		targets: []string{longReply}, status: 200, clients: 64},
	{name: "proxy-upload", what: "64 KiB sent, and a short reply, on 64 kept connections",
		targets: []string{uploads}, status: 200, clients: 64, sends: uploaded()},
	{name: "proxy-latency", what: "a reply of 1 KiB, on one kept connection",
		targets: []string{shortReply}, status: 200, clients: 1, timed: true},
	{name: "proxy-connections", what: "a reply of 1 KiB, one connection a request, 64 clients",
		targets: []string{shortReply}, status: 200, clients: 64, closes: true},
}
