package watch

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"
)

// role is the variable that makes the test binary another program.
const role = "WATCH_TEST_ROLE"

// TestMain runs the tests, most of which wait most of the time; started by one
// of them with a role, the binary is another program.
func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "check":
		pretendCheck()
	case "server":
		pretendServer()
	default:
		flag.Parse()
		if err := flag.Set("test.parallel", "100"); err != nil {
			panic(err) // There is no such flag.
		}
		os.Exit(m.Run())
	}
}

// pretendCheck is a check that starts a server, lets it hold its output, and
// never ends.
func pretendCheck() {
	os.Setenv(role, "server")
	cmd := exec.Command(os.Args[0], os.Args[1])
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Println(err)
	}
}

// pretendServer holds a connection to the test, and never ends. It prints what go
// test does when a test passes, once the test has answered.
func pretendServer() {
	conn, err := net.Dial("tcp", os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if _, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
		fmt.Println(`{"Action":"pass","Test":"TestServer"}`)
	}
	for {
		time.Sleep(time.Hour)
	}
}

// asProgram returns the command that is this binary in a role.
func asProgram(as, argument string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], argument)
	cmd.Env = append(os.Environ(), role+"="+as)
	return cmd
}
