// Package main is a web server that sends the files of one directory.
//
// The files, in the order in which a request meets them:
//
//	main.go       takes the command line, listens, and handles each connection
//	request.go    bytes become a Request
//	files.go      a Request becomes a Response: the bytes of a file
//	target.go     finds the name of that file in the target
//	listing.go    makes the page of a directory
//	mediatype.go  says what is in a file
//	response.go   a Response becomes bytes
//	accesslog.go  prints a line about it
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

const usage = `usage: go run ./FOLDER [-quiet] PORT ROOT
PORT is a number such as 8080, for this machine only; 0 picks a free one.
:8080 or HOST:8080 opens the server to the network.
ROOT is the directory whose files are served.
-quiet leaves out the line about each request.`

// timeLimit is how long a client may take to send its request. Without it, a
// client that says nothing would be waited for until the end of time.
const timeLimit = 10 * time.Second

// headLimit is how many bytes the head of a request may have. Without it, a
// client could fill the memory with one endless line, long before timeLimit.
const headLimit = 64 << 10

// A server serves the files below one directory.
type server struct {
	// root is the document root; nothing outside of it can be opened.
	root *os.Root

	// quiet turns the access log off.
	quiet bool
}

func main() {
	flag.Usage = func() { fmt.Fprintln(os.Stderr, usage) }
	quiet := flag.Bool("quiet", false, "")
	flag.Parse()
	if flag.NArg() != 2 {
		exit(2, usage)
	}
	listener, url := listen(flag.Arg(0))
	root, err := os.OpenRoot(flag.Arg(1))
	if err != nil {
		exit(1, err.Error()+"; name a directory that exists and that you may read")
	}
	fmt.Fprintf(os.Stderr, "serving %s on %s\n", flag.Arg(1), url)
	s := &server{root: root, quiet: *quiet}
	s.serve(listener)
}

// listen opens a port and returns its listener, and the URL for a browser.
// A bare number is a port that only this machine can reach; ":8080" or
// "HOST:8080" is taken as it stands. Where that fails, the program ends.
func listen(port string) (net.Listener, string) {
	if !strings.Contains(port, ":") {
		port = "localhost:" + port
	}
	address, err := net.ResolveTCPAddr("tcp", port)
	if err != nil {
		exit(2, err.Error()+"\n"+usage)
	}
	listener, err := net.ListenTCP("tcp", address)
	if err != nil {
		exit(1, err.Error()+"; is the port taken? Stop the program that has it, or choose another (0 picks a free one)")
	}
	host, _, _ := net.SplitHostPort(port)
	_, number, _ := net.SplitHostPort(listener.Addr().String())
	return listener, "http://" + net.JoinHostPort(cmp.Or(host, "localhost"), number) + "/"
}

// serve accepts connections, one after another, and never returns. Each gets
// a goroutine of its own, so that none has to wait for another.
func (s *server) serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			// Too many are open, most likely. Soon some will be closed.
			fmt.Fprintln(os.Stderr, err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		go s.handle(conn)
	}
}

// handle reads one request from conn, answers it, and closes conn.
func (s *server) handle(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(timeLimit))
	request, err := readRequest(conn)
	if errors.Is(err, errGone) {
		return
	}
	started := time.Now()
	response := s.respond(request, err)
	sent := response.write(conn)
	s.log(request, response.Status, sent, time.Since(started))
}

// exit says why the program cannot go on, and ends it: status 2 for wrong
// arguments, 1 for what the machine refuses.
func exit(status int, why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(status)
}
