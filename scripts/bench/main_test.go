package bench

import (
	"flag"
	"os"
	"strconv"
	"testing"
	"time"
)

var (
	stageFlag  = flag.String("stage", "", "measure the stage in this `FOLDER` instead of the highest one")
	roundFlag  = flag.Duration("round", 1500*time.Millisecond, "measure a server for this long at a time")
	roundsFlag = flag.Int("rounds", 5, "measure each server this often in a scenario")
	onlyFlag   = flag.String("only", "", "measure only the scenarios whose names match this `REGEXP`")
)

// roleVariable, in its environment, makes the test binary one of the servers,
// or the keeper of one.
const roleVariable = "WEBSERVER_BENCH_ROLE"

// roles are what the test binary can be, besides itself. Their arguments are
// those of the command line.
var roles = map[string]func(args []string) error{
	fileServerRole:   serveFiles,
	nginxRole:        keepNginx.keep,
	upstreamRole:     serveUpstream,
	reverseProxyRole: serveReverseProxy,
	nginxProxyRole:   keepNginxProxy.keep,
	haproxyRole:      keepHAProxy.keep,
}

// TestMain runs the tests and benchmarks; started by one of them, with a role,
// the binary plays that role.
func TestMain(m *testing.M) {
	if role := roles[os.Getenv(roleVariable)]; role != nil {
		if err := role(os.Args[1:]); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	if err := countRounds(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// countRounds makes a round of all servers one iteration of a benchmark, as
// many as -rounds says. A -benchtime that is given goes first.
func countRounds() error {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.benchtime" })
	if given {
		return nil
	}
	return flag.Set("test.benchtime", strconv.Itoa(*roundsFlag)+"x")
}
