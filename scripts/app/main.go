// Program app is a small application, of the kind that a web server hands
// requests over to. It is the same application by whatever means it is reached:
//
//	go run ./scripts/app 9000                      HTTP
//	go run ./scripts/app -fastcgi 9000             FastCGI
//	go run ./scripts/app -unix /tmp/app            HTTP over a Unix socket
//	go run ./scripts/app -fastcgi -unix /tmp/app   FastCGI over a Unix socket
//	go build -o /tmp/cgi/app ./scripts/app         a CGI script in /tmp/cgi
//
// The port is one of this machine only; 0 picks a free one. The first line that
// it prints says where it listens.
//
// The files, in reading order: main.go (the means), pages.go (what it answers,
// with page.html and sent.html), live.go (the answers that take their time).
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/fcgi"
	"os"
	"time"
)

// headLimit is how long a client may take to send the head of a request.
const headLimit = 10 * time.Second

func main() {
	if os.Getenv("GATEWAY_INTERFACE") != "" {
		check(cgi.Serve(application{means: "CGI"}))
		return
	}
	fastCGI := flag.Bool("fastcgi", false, "speak FastCGI instead of HTTP")
	socket := flag.String("unix", "", "listen on a Unix socket at this `PATH`")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: app [-fastcgi] PORT\n       app [-fastcgi] -unix PATH")
	}
	flag.Parse()
	if (flag.NArg() == 1) != (*socket == "") || flag.NArg() > 1 {
		flag.Usage()
		os.Exit(2)
	}
	listener, err := listen(*socket, flag.Arg(0))
	check(err)
	check(serve(listener, *fastCGI))
}

// check ends the program if something went wrong.
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "app:", err)
		os.Exit(1)
	}
}

// listen listens on a Unix socket or, where none is named, on a port of this
// machine.
func listen(socket, port string) (net.Listener, error) {
	if socket == "" {
		return net.Listen("tcp", net.JoinHostPort("localhost", port))
	}
	// The socket of an application that was killed is still there, and in the way.
	if info, err := os.Lstat(socket); err == nil && info.Mode().Type() == fs.ModeSocket {
		if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return net.Listen("unix", socket)
}

// serve says where it listens, and answers whoever comes.
func serve(listener net.Listener, fastCGI bool) error {
	app := application{means: "HTTP"}
	if fastCGI {
		app.means = "FastCGI"
	}
	fmt.Fprintln(os.Stderr, "serving the application on", place(listener.Addr(), fastCGI))
	if listener.Addr().Network() == "unix" {
		app.means += " over a Unix socket"
	}
	if fastCGI {
		return fcgi.Serve(listener, app)
	}
	server := &http.Server{Handler: app, ReadHeaderTimeout: headLimit}
	return server.Serve(listener)
}

// place returns where the application is to be found.
func place(address net.Addr, fastCGI bool) string {
	tcp, isTCP := address.(*net.TCPAddr)
	switch {
	case isTCP && fastCGI:
		return fmt.Sprintf("fastcgi://localhost:%d", tcp.Port)
	case isTCP:
		return fmt.Sprintf("http://localhost:%d/", tcp.Port)
	case fastCGI:
		return "fastcgi:unix:" + address.String()
	}
	return "unix:" + address.String()
}
