package main

import (
	"net"
	"slices"
	"strings"
)

// trails are the fields to which each server on the way adds what it knows. An
// application that trusts this server believes the last entry; what stands
// before it is only what somebody said.
var trails = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via"}

// onward returns the fields of a request for the application.
func (h *handover) onward() []Field {
	host, client := h.host(), h.Client.address()
	options := elements(values(h.Fields, "Connection"))
	fields := append(make([]Field, 0, len(h.Fields)+len(trails)+1), Field{"Host", host})
	for _, field := range h.Fields {
		if !isOfHop(field.Name, options) && !equalFold(field.Name, "Host") && !containsFold(trails, field.Name) && isPlain(field.Name) {
			fields = append(fields, field)
		}
	}
	entries := [...]string{forwarded(client, host), client, host, "http", via(h.Version)}
	for i, name := range trails {
		fields = append(fields, Field{name, withEntry(values(h.Fields, name), entries[i])})
	}
	return fields
}

// isPlain reports whether a field name has only letters, digits and hyphens. No
// other one goes on: many an application takes X_Forwarded_For and, as PHP does,
// X.Forwarded.For for X-Forwarded-For (RFC 9110, 17.10).
func isPlain(name string) bool { return !strings.ContainsAny(name, "!#$%&'*+.^_`|~") }

// withEntry returns the value of a field with one more entry. The lines that the
// field had become one, so that the entry is the last for everybody, also for
// those who look at one line only.
func withEntry(said []string, entry string) string {
	if len(said) == 0 {
		return entry
	}
	said = slices.DeleteFunc(said, func(value string) bool { return !isList(value) })
	return strings.Join(append(said, entry), ", ")
}

// isList reports whether a value is a list to which an entry can be added. In a
// quotation that was left open, the entry would be a part of what somebody said.
func isList(value string) bool {
	_, after := cutUnquoted(value+",x", ',')
	for after != "" && after != "x" {
		_, after = cutUnquoted(after, ',')
	}
	return value != "" && after == "x"
}

// forwarded returns what this server knows of a request: who sent it, for which
// host, and how.
//
//	forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ) (RFC 7239, 4)
func forwarded(client, host string) string {
	if strings.Contains(client, ":") {
		client = `"[` + client + `]"` // An IPv6 address (RFC 7239, 6).
	}
	if !isToken(host) {
		host = `"` + host + `"` // The name of a host has no quote, nor backslash.
	}
	return "for=" + client + ";host=" + host + ";proto=http"
}

// host returns for which host the request is. The one in a target in
// absolute-form comes before the field (RFC 9112, 3.2.2). Who says none means the
// address that the connection has led to.
func (h *handover) host() string {
	if host := targetHost(h.Target); host != "" {
		return host
	}
	if host, ok := single(h.Fields, "Host"); ok && host != "" {
		return host
	}
	return h.Client.conn.LocalAddr().String()
}

// address returns the address of the client, without its port.
func (c *connection) address() string {
	if c.from == "" {
		c.from = c.conn.RemoteAddr().String()
		if host, _, err := net.SplitHostPort(c.from); err == nil {
			c.from = host
		}
	}
	return c.from
}
