// Package main is a web server in one file: whatever it is asked, it answers
// with the same small page. Read it from the top.
package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

const usage = `usage: go run ./FOLDER PORT
PORT is a number such as 8080, for this machine only; 0 picks a free one.
:8080 or HOST:8080 opens the server to the network.`

const page = "<!DOCTYPE html>\n<title>Hello</title>\n<h1>Hello, World</h1>\n"

// timeLimit is how long one connection may last. Without it, a client that
// says nothing would be waited for until the end of time.
const timeLimit = 10 * time.Second

// headLimit is how many bytes the head of a request may have. Without it, a
// client could fill the memory with one endless line, long before timeLimit.
const headLimit = 64 << 10

func main() {
	if len(os.Args) != 2 {
		exit(2, usage)
	}
	listener, url := listen(os.Args[1])
	fmt.Fprintf(os.Stderr, "serving on %s\n", url)
	serve(listener)
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
func serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			// Too many are open, most likely. Soon some will be closed.
			fmt.Fprintln(os.Stderr, err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		go handle(conn)
	}
}

// handle reads one request from conn, answers it, and closes conn.
func handle(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(timeLimit))
	if err := readHead(conn); err != nil {
		return // The client left, or was too slow, or said too much.
	}
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n"+
		"Content-Type: text/html; charset=utf-8\r\n"+
		"Content-Length: %d\r\n"+
		"Connection: close\r\n"+
		"\r\n"+
		"%s", len(page), page)
}

// readHead reads the head of a request: every line up to the empty one (RFC
// 9112, 2.1). To close a connection while bytes wait unread would reset it,
// and the client could lose the answer (RFC 9112, 9.6).
func readHead(conn net.Conn) error {
	reader := bufio.NewReader(io.LimitReader(conn, headLimit))
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return err
		}
		if line == "\r\n" || line == "\n" {
			return nil
		}
	}
}

// exit says why the program cannot go on, and ends it: status 2 for wrong
// arguments, 1 for what the machine refuses.
func exit(status int, why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(status)
}
