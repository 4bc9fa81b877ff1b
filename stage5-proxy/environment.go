package main

import (
	"cmp"
	"net"
	"path/filepath"
	"strconv"
	"strings"
)

// environment returns what a script is told about a request, as names and values
// (RFC 3875, 4.1). The fields of the request are in it, each under a name that
// begins with HTTP_. None must be able to be taken for something else.
func (h *handover) environment(content *Content) []Field {
	local := h.Client.conn.LocalAddr().String()
	_, port, _ := net.SplitHostPort(local)
	_, query, _ := strings.Cut(h.target, "?")
	clientHost, clientPort, _ := net.SplitHostPort(h.Client.conn.RemoteAddr().String())
	env := []Field{
		{"GATEWAY_INTERFACE", "CGI/1.1"},
		{"SERVER_PROTOCOL", h.Version},
		{"SERVER_SOFTWARE", product},
		{"SERVER_NAME", cmp.Or(withoutPort(h.host()), withoutPort(local))},
		{"SERVER_PORT", cmp.Or(port, "80")},
		{"REQUEST_METHOD", h.Method},
		{"REQUEST_SCHEME", "http"},
		{"REQUEST_URI", h.target},
		{"QUERY_STRING", query},
		{"SCRIPT_NAME", h.script},
		{"DOCUMENT_ROOT", h.documentRoot},
		{"REMOTE_ADDR", clientHost},
		{"REMOTE_HOST", clientHost},
		{"REMOTE_PORT", clientPort},
	}
	if h.rest != "" {
		env = append(env, Field{"PATH_INFO", h.rest},
			Field{"PATH_TRANSLATED", filepath.Join(h.documentRoot, filepath.FromSlash(h.rest))})
	}
	if h.file != "" {
		env = append(env, Field{"SCRIPT_FILENAME", filepath.Join(h.documentRoot, h.file)})
	}
	if content != nil {
		env = append(env, Field{"CONTENT_LENGTH", strconv.FormatInt(content.length, 10)})
	}
	if contentType, ok := single(h.Fields, "Content-Type"); ok {
		env = append(env, Field{"CONTENT_TYPE", contentType})
	}
	return append(env, httpVariables(h.onward())...)
}

// withoutPort returns a host without its port. An IPv6 address keeps its brackets
// (RFC 3875, 4.1.14).
func withoutPort(host string) string {
	if colon := strings.LastIndex(host, ":"); colon > strings.LastIndex(host, "]") {
		return host[:colon]
	}
	return host
}

// notVariables are fields that scripts do not get. What they say is in other
// variables, or it is nobody's business; and HTTP_PROXY is a name by which many
// programs look for a proxy that they should use (RFC 9110, 17.10).
var notVariables = []string{"Content-Type", "Proxy", "Proxy-Authorization", "Authorization"}

// httpVariables makes variables of fields. The values of fields with the same
// name are put together: cookies as cookies, others as lists.
func httpVariables(fields []Field) []Field {
	var variables []Field
	index := map[string]int{}
	for _, field := range fields {
		if containsFold(notVariables, field.Name) {
			continue
		}
		name := "HTTP_" + strings.ToUpper(strings.ReplaceAll(field.Name, "-", "_"))
		at, known := index[name]
		switch {
		case !known:
			index[name] = len(variables)
			variables = append(variables, Field{name, field.Value})
		case name == "HTTP_COOKIE":
			variables[at].Value += "; " + field.Value
		default:
			variables[at].Value += ", " + field.Value
		}
	}
	return variables
}
