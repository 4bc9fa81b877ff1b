package tap

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// A UsageError is about what the tap was told.
type UsageError struct{ says string }

// Error says what to tell it instead.
func (e *UsageError) Error() string { return e.says }

// parseTarget returns the HOST:PORT of a server, which may be written as a port,
// as HOST:PORT, or as a URL.
func parseTarget(text string) (string, error) {
	wrong := &UsageError{fmt.Sprintf("%q is not the address of a server; write it as localhost:8080, as 8080, or as http://localhost:8080/", text)}
	host, port := "", text
	if strings.Contains(text, "://") {
		u, err := url.Parse(text)
		if err != nil {
			return "", wrong
		}
		if u.Scheme != "http" {
			return "", &UsageError{fmt.Sprintf("%s is not the address of a server that speaks HTTP on a bare connection; write one such as http://localhost:8080/", text)}
		}
		host, port = u.Hostname(), cmp.Or(u.Port(), "80")
	} else if strings.Contains(text, ":") {
		var err error
		if host, port, err = net.SplitHostPort(text); err != nil {
			return "", wrong
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", wrong
	}
	return net.JoinHostPort(cmp.Or(host, "localhost"), port), nil
}

// listen opens a port, as the stages do: a bare number is a port that only this
// machine can reach, and HOST:PORT is taken as it stands.
func listen(port string) (listener net.Listener, address string, err error) {
	if !strings.Contains(port, ":") {
		port = "localhost:" + port
	}
	resolved, err := net.ResolveTCPAddr("tcp", port)
	if err != nil {
		return nil, "", &UsageError{err.Error()}
	}
	if listener, err = net.ListenTCP("tcp", resolved); err != nil {
		return nil, "", fmt.Errorf("%w; is the port taken? Stop the program that has it, or choose another (0 picks a free one)", err)
	}
	host, _, _ := net.SplitHostPort(port)
	return listener, "http://" + net.JoinHostPort(cmp.Or(host, "localhost"), portOf(listener.Addr())) + "/", nil
}

// portOf returns the port of an address.
func portOf(address net.Addr) string {
	return strconv.Itoa(address.(*net.TCPAddr).Port)
}

// listenForPage opens the port of the page: the one that was asked for, else the
// next after that of the tap, else a free one. It is on the same host.
func (t *Tap) listenForPage(o Options) (net.Listener, string, error) {
	on := func(port string) string {
		if host, _, err := net.SplitHostPort(o.Port); err == nil && !strings.Contains(port, ":") {
			return net.JoinHostPort(host, port)
		}
		return port
	}
	if o.PagePort != "" {
		return listen(on(o.PagePort))
	}
	_, targetPort, _ := net.SplitHostPort(t.target)
	next := strconv.Itoa(t.listener.Addr().(*net.TCPAddr).Port + 1)
	if !strings.HasSuffix(":"+o.Port, ":0") && next != targetPort {
		if listener, address, err := listen(on(next)); err == nil {
			return listener, address, nil
		}
	}
	return listen(on("0"))
}

// isOpen reports whether other machines can reach what listens at an address.
// How it was written does not tell: localhost:8081 is for this machine only.
func isOpen(address net.Addr) bool { return !address.(*net.TCPAddr).IP.IsLoopback() }

// sameAddress reports whether a target is the address where the tap listens.
func sameAddress(address net.Addr, target string) bool {
	host, port, _ := net.SplitHostPort(target)
	if port != portOf(address) {
		return false
	}
	own := address.(*net.TCPAddr).IP
	addresses, _ := net.LookupIP(host)
	for _, ip := range addresses {
		if ip.Equal(own) || own.IsUnspecified() && ip.IsLoopback() {
			return true
		}
	}
	return false
}
