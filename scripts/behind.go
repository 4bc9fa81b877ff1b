package scripts

import (
	"fmt"
	"os"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// upstreamName is how an upstream can be called.
var upstreamName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// upstream starts an upstream, or starts one again that was stopped.
func (p *play) upstream(ts *testscript.TestScript, args []string) {
	network := "tcp"
	if len(args) > 1 {
		if network = args[1]; network != "unix" {
			ts.Fatalf("an upstream listens at a port or, with the word unix, at a Unix socket; %s is neither", network)
		}
	}
	u := p.upstreamOf(ts, args[0], network)
	if u.listener != nil {
		ts.Fatalf("there is an upstream %s already", u.name)
	}
	if err := u.listen(); err != nil {
		ts.Fatalf("cannot start the upstream %s: %v", u.name, err)
	}
	ts.Setenv(u.name, u.address)
}

// refused stops an upstream; where there is none, it picks an address at which
// none is.
func (p *play) refused(ts *testscript.TestScript, args []string) {
	u := p.upstreamOf(ts, args[0], "tcp")
	u.stop()
	if u.address == "" {
		ts.Check(u.choose())
		ts.Setenv(u.name, u.address)
	}
}

// upstreamOf returns the upstream with a name, which may be a new one.
func (p *play) upstreamOf(ts *testscript.TestScript, name, network string) *upstream {
	u := p.upstreams[name]
	if u != nil {
		return u
	}
	if !upstreamName.MatchString(name) {
		ts.Fatalf("%s is no name for an upstream: write small letters and digits, such as app", name)
	}
	if ts.Getenv(name) != "" {
		ts.Fatalf("$%s is something else already; give the upstream another name", name)
	}
	u = &upstream{name: name, network: network}
	p.upstreams[name] = u
	ts.Defer(u.remove)
	return u
}

// checkUpstreams checks that the upstreams exist for which a transcript speaks.
func (p *play) checkUpstreams(name string, lines []line) error {
	for _, l := range lines {
		if l.of != "" && p.upstreams[l.of] == nil {
			return fmt.Errorf("%s, line %d: %s\n\tthere is no upstream %s: before the line serve, write: upstream %s", name, l.number, l.text, l.of, l.of)
		}
	}
	return nil
}

// write makes a file of one line.
func (p *play) write(ts *testscript.TestScript, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(args[1]+"\n"), 0o666))
}
