// Package main is a web server that sends the files of one directory, says
// truthfully what happened, does what the fields of a request ask for, and hands
// requests over to other programs.
//
// The files, in the order in which a request meets them:
//
//	main.go        takes the command line, listens, and handles each connection
//	limit.go       turns away those who are too many
//	connection.go  takes requests, one after another
//	persist.go     decides whether another one may follow
//	request.go     bytes become a Request
//	fields.go      takes the field lines of a request apart
//	list.go        takes their values apart
//	host.go        looks for which host a request is
//	expect.go      sees whether the client waits for a word
//	content.go     reads the content that follows it
//	chunked.go     also where that comes in chunks
//	method.go      does what the method says
//
// Where a request is for an application:
//
//	route.go       says which requests are, and where that is
//	recognize.go   finds the route of a request
//	forward.go     hands it over, and tells what went wrong
//	rotation.go    to one of several places
//	gate.go        but not too many at the same time
//	hop.go         leaves out what belongs to one connection
//	forwarded.go   adds who asks, and for which host
//	http.go        speaks HTTP
//	pool.go        over a connection that is kept
//	leg.go         to an upstream; see also quiet_*.go
//	exchange.go    sends content while the response comes
//	share.go       by two goroutines that agree
//	upload.go      piece by piece
//	chunks.go      or in chunks
//	reply.go       reads the head of the response
//	relay.go       passes its content on
//	tunnel.go      or bytes of another protocol
//	cgi.go         starts a program for the request
//	environment.go tells it all about that
//	spool.go       and how long the content is
//	process.go     lets it run, and ends it; see also process_*.go
//	script.go      makes a response of what it says
//	fastcgi.go     says the same to a program that runs already
//	records.go     in records
//
// Where it is for a file:
//
//	files.go       a Request becomes a Response: the bytes of a file
//	target.go      finds the name of that file in the target
//	memory.go      remembers short files
//	cache.go       within limits
//	listing.go     makes the page of a directory
//	listings.go    or a listing that is none
//	variants.go    finds the file for a name without its extension
//	siblings.go    among those in its directory
//	mediatype.go   says what is in a file
//	negotiate.go   says how much a client likes that
//	coding.go      compresses it
//	validators.go  tells it from what it was before; see also changetime_*.go
//	freshness.go   says for how long it can be kept
//	conditions.go  asks whether the client has it already
//	ranges.go      leaves all but a part of it out
//	multipart.go   or all but several parts
//
// And for both:
//
//	rescue.go      keeps a panic from ending the server
//	status.go      gives what went wrong a status code
//	errorpage.go   makes a page of it
//	date.go        reads and writes dates
//	response.go    a Response becomes bytes
//	linger.go      ends a connection so that the client gets all of it
//	accesslog.go   prints a line about it
//	shutdown.go    ends the server
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const usage = `usage: go run ./FOLDER [-quiet] PORT ROOT [PREFIX=UPSTREAM[,UPSTREAM...] ...]
PORT is a number such as 8080, for this machine only; 0 picks a free one.
:8080 or HOST:8080 opens the server to the network.
ROOT is the directory whose files are served.
PREFIX is the beginning of a path, such as /app, or an extension of files, such
as .php. What it fits is handed over to an application.
UPSTREAM is where that is: http://HOST:PORT, unix:PATH, fastcgi://HOST:PORT,
fastcgi:unix:PATH, or cgi:DIRECTORY. Several are taken in turn.
-quiet leaves out the line about each request.`

// timeLimit is how long a client may take to send its request. Without it, a
// client that says nothing would be waited for until the end of time.
const timeLimit = 10 * time.Second

// headLimit is how many bytes the head of a request may have. Without it, each
// client could make the server keep a hundred field lines of 8 KiB.
const headLimit = 64 << 10

// A server serves the files below one directory.
type server struct {
	// root is the document root; nothing outside of it can be opened.
	root *os.Root

	// routes say what is for an application.
	routes []*route

	// quiet turns the access log off.
	quiet bool

	// connections is how many connections are open, running are the goroutines
	// that serve them, and clients are those that are not turned away.
	connections atomic.Int64
	running     sync.WaitGroup
	clients     clients

	// buffers are those that no connection uses at the moment.
	buffers sync.Pool

	// stopping tells that the server was told to end.
	stopping atomic.Bool

	// memory is what need not be read again, or made again.
	memory memory

	clock clock
}

func main() {
	flag.Usage = func() { fmt.Fprintln(os.Stderr, usage) }
	quiet := flag.Bool("quiet", false, "")
	flag.Parse()
	if flag.NArg() < 2 {
		exit(2, usage)
	}
	routes, err := parseRoutes(flag.Args()[2:])
	if err != nil {
		exit(2, err.Error()+"\n"+usage)
	}
	listener, url := listen(flag.Arg(0))
	path, err := filepath.Abs(flag.Arg(1))
	if err != nil {
		exit(1, err.Error())
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		exit(1, err.Error()+"; name a directory that exists and that you may read")
	}
	fmt.Fprintf(os.Stderr, "serving %s on %s\n", flag.Arg(1), url)
	s := &server{root: root, routes: routes, quiet: *quiet}
	s.stopOnInterrupt(listener)
	s.serve(listener)
	s.wait()
	s.clients.endScripts()
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
	// Every wait has a limit here. The system need not ask, with messages of its
	// own, whether a client that says nothing is still there.
	config := net.ListenConfig{KeepAlive: -1}
	listener, err := config.Listen(context.Background(), "tcp", address.String())
	if err != nil {
		exit(1, err.Error()+"; is the port taken? Stop the program that has it, or choose another (0 picks a free one)")
	}
	host, _, _ := net.SplitHostPort(port)
	_, number, _ := net.SplitHostPort(listener.Addr().String())
	return listener, "http://" + net.JoinHostPort(cmp.Or(host, "localhost"), number) + "/"
}

// serve accepts connections, one after another, until listener is closed. Each
// gets a goroutine of its own, so that none has to wait for another.
func (s *server) serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Too many are open, most likely. Soon some will be closed.
			fmt.Fprintln(os.Stderr, err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		s.admit(conn)
	}
}

// handle answers the requests that come over conn, one after another, and closes
// conn.
func (s *server) handle(conn net.Conn) {
	defer conn.Close()
	c := s.newConnection(conn)
	defer s.buffers.Put(c.buffers)
	defer s.clients.enter(c)()
	for s.answer(c) {
	}
}

// exit says why the program cannot go on, and ends it: status 2 for wrong
// arguments, 1 for what the machine refuses.
func exit(status int, why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(status)
}
