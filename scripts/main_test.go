package scripts

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// TestMain runs the tests; started by one of them, under the name of the
// stage's program or of the keeper, the binary is that program.
func TestMain(m *testing.M) { Main(m, pretender) }

// pretender stands in for a stage. Its first argument is a port, as a stage's
// is, or says how it should fail.
func pretender() {
	switch os.Args[1] {
	case "status": // Ends with the exit status in the second argument.
		status, _ := strconv.Atoi(os.Args[2])
		os.Exit(status)
	case "journal": // An upstream, with a port and a file.
		journal(os.Args[2:])
	case "dies":
		fmt.Fprintln(os.Stderr, "cannot listen: the port is taken")
		os.Exit(1)
	}
	pretendToServe(append(os.Args[1:], ".")[:2])
}

// pretendToServe serves files: port and root are its arguments. Some targets are
// none of them: see special.
func pretendToServe(args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("serving %s on http://%s/\n", args[1], listener.Addr())
	files := http.FileServer(http.Dir(args[1]))
	var count atomic.Int64
	server, ended := &http.Server{}, make(chan struct{})
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path)
		count.Add(1)
		if r.URL.Path == "/polite" {
			endPolitely(server, ended)
			return
		}
		if !special(w, r, count.Load()) && !packed(w, r) {
			files.ServeHTTP(w, r)
		}
	})
	server.Serve(listener)
	<-ended
}

// endPolitely makes an interrupt, from now on, let the server finish what it has
// begun. Then ended is closed.
func endPolitely(server *http.Server, ended chan<- struct{}) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		<-interrupts
		server.Shutdown(context.Background())
		close(ended)
	}()
}

// special serves what no file is, and reports whether the path was that. The
// count is how many requests there have been.
func special(w http.ResponseWriter, r *http.Request, count int64) bool {
	switch r.URL.Path {
	case "/die":
		os.Exit(3)
	case "/liar":
		io.WriteString(w, "hallo\n")
	case "/clock":
		fmt.Fprintln(w, time.Now().UnixNano())
	case "/count":
		fmt.Fprintln(w, count)
	case "/slow":
		time.Sleep(5 * time.Millisecond)
	case "/stubborn": // From now on, an interrupt does nothing.
		signal.Ignore(os.Interrupt)
	case "/upload":
		io.Copy(io.Discard, r.Body)
	case "/race": // Only the words of the race detector, and no answer worth the name.
		fmt.Println("WARNING: DATA RACE")
		return false
	default:
		return false
	}
	return true
}
