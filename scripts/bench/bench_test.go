package bench

import (
	"flag"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// warmUp is how long each server is asked before it is measured.
	warmUp = 200 * time.Millisecond

	// around is how long what goes on around a round may take: connections are
	// opened and closed.
	around = 300 * time.Millisecond
)

// BenchmarkServers measures all servers in all scenarios, and prints a table in
// the end.
func BenchmarkServers(b *testing.B) {
	wanted := selected(b)
	ensureTime(b, len(wanted))
	files, servers := newSite(b), allServers(b)
	var results []result
	for _, s := range wanted {
		b.Run(s.name, func(b *testing.B) {
			results = append(results, measure(b, s, files, servers))
		})
	}
	fmt.Printf("\n%s\n%s", machine(len(results)), table(results))
}

// selected returns the scenarios that -only selects.
func selected(b *testing.B) []scenario {
	form, err := regexp.Compile(*onlyFlag)
	require.NoError(b, err)
	var wanted []scenario
	for _, s := range scenarios {
		if form.MatchString(s.name) {
			wanted = append(wanted, s)
		}
	}
	if wanted == nil {
		b.Fatalf("no scenario has a name like -only %s", *onlyFlag)
	}
	return wanted
}

// ensureTime ensures that the benchmark ends before go test ends it.
func ensureTime(b *testing.B, wanted int) {
	const most = 3 // servers
	needed := time.Duration(wanted*most) * (time.Duration(*roundsFlag)*(*roundFlag+around) + time.Second)
	limit, err := time.ParseDuration(flag.Lookup("test.timeout").Value.String())
	require.NoError(b, err)
	if limit > 0 && needed > limit {
		b.Fatalf("this takes about %v; add -timeout %v before the package", needed.Round(time.Second), needed.Round(time.Minute)+2*time.Minute)
	}
}

// measure lets the servers take turns in a scenario. Each is started anew, so
// that what it has used is all for this scenario.
func measure(b *testing.B, s scenario, files site, servers []server) result {
	r := result{scenario: s}
	for _, server := range servers {
		r.entries = append(r.entries, enter(b, s, files, server))
	}
	turns := r.present()
	for b.Loop() {
		for _, e := range turns {
			shown, err := load{s.clients, *roundFlag, endless}.round(e.plan, e.process.pid)
			require.NoError(b, err, e.name)
			e.samples = append(e.samples, shown)
		}
		turns = append(turns[1:], turns[0]) // Another one begins the next round.
	}
	b.ReportMetric(0, "ns/op") // It would be the time of a round.
	for _, e := range turns {
		e.peak = peakMemory(e.process.pid)
		b.ReportMetric(medianOf(e.samples, sample.rate), e.name+"-req/s")
		e.process.stop()
	}
	return r
}

// enter starts a server for a scenario, checks its replies, and warms it up,
// unless it lacks what the scenario wants.
func enter(b *testing.B, s scenario, files site, server server) *entry {
	e := &entry{name: server.name, lacks: server.lacks(s)}
	if e.lacks != "" {
		return e
	}
	e.process = server.start(b, files.root)
	var err error
	e.plan, err = s.plan(e.process.address, files)
	require.NoError(b, err, server.name)
	_, err = load{s.clients, warmUp, endless}.round(e.plan, e.process.pid)
	require.NoError(b, err, server.name)
	return e
}
