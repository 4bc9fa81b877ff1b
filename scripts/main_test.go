package scripts

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"testing"
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

// pretendToServe serves files: port and root are its arguments. What it serves
// for /liar is none of them.
func pretendToServe(args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("serving %s on http://%s/\n", args[1], listener.Addr())
	files := http.FileServer(http.Dir(args[1]))
	http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path)
		switch r.URL.Path {
		case "/die":
			os.Exit(3)
		case "/liar":
			w.Write([]byte("hallo\n"))
			return
		}
		files.ServeHTTP(w, r)
	}))
}
