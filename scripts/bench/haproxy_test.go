package bench

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// haproxyRole makes the test binary the keeper of HAProxy.
const haproxyRole = "HAProxy"

// keepHAProxy is the keeper of HAProxy, which stays one process with -db.
var keepHAProxy = keeper{haproxyConfig, func(string) []string { return []string{"-db", "-f"} }}

// haproxy is HAProxy before an upstream.
func haproxy(t testing.TB, upstream string) server {
	program := installed("haproxy")
	s := keptServer(t, "HAProxy", haproxyRole, program, upstream)
	if !s.missing {
		words := strings.Fields(says(program, "-v"))
		s.version = "HAProxy/" + words[min(2, len(words)-1)]
	}
	return s
}

// haproxyForm is its configuration, with words in capital letters for what is
// another each time. It should be as fast as HAProxy can be. Without a line that
// says where to, it logs nothing.
const haproxyForm = `
global
	nbthread WORKERS
	maxconn 2000
defaults
	mode http
	option forwardfor
	http-reuse always
	timeout connect 10s
	timeout client 600s
	timeout server 600s
listen application
	bind ADDRESS backlog 4096
	http-request set-header X-Forwarded-Host %[req.hdr(host)]
	http-request set-header X-Forwarded-Proto http
	server application UPSTREAM pool-purge-delay 600s
`

// haproxyConfig returns its configuration.
func haproxyConfig(_, address, _, upstream string) string {
	return strings.NewReplacer(
		"WORKERS", strconv.Itoa(runtime.NumCPU()), "ADDRESS", address, "UPSTREAM", upstream,
	).Replace(haproxyForm)
}
