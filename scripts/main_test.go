package scripts

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
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
	http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path)
		count.Add(1)
		if !special(w, r.URL.Path, count.Load()) {
			files.ServeHTTP(w, r)
		}
	}))
}

// special serves what no file is, and reports whether the path was that. The
// count is how many requests there have been.
func special(w http.ResponseWriter, path string, count int64) bool {
	switch path {
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
	case "/race": // Only the words of the race detector, and no answer worth the name.
		fmt.Println("WARNING: DATA RACE")
		return false
	default:
		return false
	}
	return true
}
