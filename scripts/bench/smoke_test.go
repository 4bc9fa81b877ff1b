package bench

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// smokeLoad is just enough to see that each part of the bench works. Only its
// writes stop the clients; the time is one that no machine needs.
var smokeLoad = load{clients: 2, last: time.Minute, writes: 1}

// TestServers ensures that every server of files that is installed gives right
// replies in every scenario, and that the bench can measure it. How fast it is,
// no test says.
func TestServers(t *testing.T) {
	files := newSite(t)
	smokeAll(t, fileServers(t, files), scenarios, files)
}

// TestProxies ensures the same of every proxy.
func TestProxies(t *testing.T) {
	smokeAll(t, proxies(t, upstreamServer(t).start(t).address), proxied, newApplication())
}

// smokeAll plays all scenarios with all servers.
func smokeAll(t *testing.T, servers []server, scenarios []scenario, files site) {
	for _, server := range servers {
		t.Run(server.name, func(all *testing.T) {
			if server.missing {
				all.Skip("needs " + server.name)
			}
			var p *process
			for _, s := range scenarios {
				all.Run(s.name, func(t *testing.T) {
					if why := server.absent(s); why != "" {
						t.Skip(why)
					}
					if p == nil {
						p = server.start(all) // It serves the other scenarios, too.
					}
					smoke(t, s, files, p)
				})
			}
		})
	}
}

// smoke plays one scenario with a few requests.
func smoke(t *testing.T, s scenario, files site, p *process) {
	plan, err := s.plan(p.address, files)
	require.NoError(t, err)
	shown, err := smokeLoad.round(plan, p.pid)
	require.NoError(t, err)
	assert.Equal(t, smokeLoad.clients*smokeLoad.writes*len(s.targets), shown.requests)
	if s.timed {
		assert.Len(t, shown.times, shown.requests)
	}
	if family(p.pid) != nil {
		assert.Positive(t, shown.cpu)
		assert.Positive(t, peakMemory(p.pid))
	}
	plan.size = 0 // As for a server whose replies differ in length.
	_, err = load{clients: 1, last: time.Minute, writes: 1}.round(plan, p.pid)
	require.NoError(t, err)
}
