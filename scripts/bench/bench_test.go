package bench

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
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

// BenchmarkServers measures all servers of files in all scenarios, and prints a
// table in the end.
func BenchmarkServers(b *testing.B) {
	wanted := selected(b, scenarios)
	files := newSite(b)
	compare(b, wanted, files, fileServers(b, files))
}

// BenchmarkProxies does the same with all proxies, before one upstream.
func BenchmarkProxies(b *testing.B) {
	wanted := selected(b, proxied)
	upstream := upstreamServer(b).start(b)
	servers := proxies(b, upstream.address)
	if why := servers[0].absent(wanted[0]); why != "" {
		b.Skip(servers[0].name, ": ", why)
	}
	compare(b, wanted, newApplication(), servers)
}

// compare measures servers in some scenarios, and prints a table.
func compare(b *testing.B, wanted []scenario, files site, servers []server) {
	var results []result
	for _, s := range wanted {
		b.Run(s.name, func(b *testing.B) {
			results = append(results, measure(b, s, files, servers))
		})
	}
	fmt.Printf("\n%s\n%s", machine(servers, len(results)), table(results))
}

// selected returns those of a part's scenarios that -only selects. If it selects
// only others, the part is left out.
func selected(b *testing.B, part []scenario) []scenario {
	form, err := regexp.Compile(*onlyFlag)
	require.NoError(b, err)
	like := func(all []scenario) []scenario {
		return slices.DeleteFunc(slices.Clone(all), func(s scenario) bool { return !form.MatchString(s.name) })
	}
	const fileServers, proxies = 3, 4
	turns := len(like(scenarios))*fileServers + len(like(proxied))*proxies
	if turns == 0 {
		b.Fatalf("no scenario has a name like -only %s", *onlyFlag)
	}
	ensureTime(b, turns)
	wanted := like(part)
	if len(wanted) == 0 {
		b.Skip("-only leaves it out")
	}
	return wanted
}

// ensureTime ensures that the benchmark ends before go test ends it. In turns is
// how often a server is measured in a scenario, in both parts.
func ensureTime(b *testing.B, turns int) {
	needed := time.Duration(turns) * (time.Duration(*roundsFlag)*(*roundFlag+around) + time.Second)
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
	e := &entry{name: server.name, lacks: server.absent(s)}
	if e.lacks != "" {
		return e
	}
	e.process = server.start(b)
	var err error
	e.plan, err = s.plan(e.process.address, files)
	require.NoError(b, err, server.name)
	_, err = load{s.clients, warmUp, endless}.round(e.plan, e.process.pid)
	require.NoError(b, err, server.name)
	return e
}
