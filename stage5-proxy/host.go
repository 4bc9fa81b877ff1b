package main

import (
	"net/url"
	"strings"
)

// checkHost returns a 400 for a request that does not say, or not clearly, for
// which host it is. A machine can have many names, each with a site of its own,
// and who takes another one than the program before it opens a door (RFC 9112,
// 3.2). Only HTTP/1.0 did not have the field yet. A target can name a host, too.
//
//	Host = uri-host [ ":" port ] (RFC 9110, 7.2)
func checkHost(request Request) error {
	hosts := values(request.Fields, "Host")
	switch {
	case !isHost(targetHost(request.Target)):
		return refuse(400, "target %q", request.Target)
	case len(hosts) == 0 && request.Version == version10:
		return nil
	case len(hosts) != 1:
		return refuse(400, "%d fields Host", len(hosts))
	case !isHost(hosts[0]):
		return refuse(400, "Host %q", hosts[0])
	}
	return nil
}

// targetHost returns the host in a target in absolute-form, which comes before
// the field (RFC 9112, 3.2.2). In the other forms, there is none.
func targetHost(target string) string {
	_, rest, found := strings.Cut(target, "://")
	if !found || target[0] == '/' {
		return ""
	}
	return rest[:strings.IndexAny(rest+"/", "/?")]
}

// hostSigns are what can stand in the name of a host beside letters and digits
// (RFC 3986, 2).
const hostSigns = "-._~!$&'()*+,;=%"

// isHost reports whether s can name a host, with or without a port. It may be
// empty: some URIs have none.
//
//	uri-host = IP-literal / IPv4address / reg-name (RFC 3986, 3.2.2)
//	port     = *DIGIT                              (RFC 3986, 3.2.3)
func isHost(s string) bool {
	host, signs := s, hostSigns
	if at := strings.LastIndexByte(s, ':'); at >= 0 && strings.Trim(s[at+1:], "0123456789") == "" {
		host = s[:at]
	}
	if inner, found := strings.CutPrefix(host, "["); found {
		if host, found = strings.CutSuffix(inner, "]"); !found || host == "" {
			return false
		}
		signs += ":"
	}
	notHost := func(c rune) bool {
		isLetter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		isDigit := '0' <= c && c <= '9'
		return !isLetter && !isDigit && !strings.ContainsRune(signs, c)
	}
	_, err := url.PathUnescape(host)
	return err == nil && !strings.ContainsFunc(host, notHost)
}
