package bench

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// samplesOf returns samples of a second with so many requests, of which each
// took a millisecond of processor time.
func samplesOf(requests ...int) (all []sample) {
	for _, n := range requests {
		all = append(all, sample{requests: n, wall: time.Second, cpu: time.Duration(n) * time.Millisecond})
	}
	return all
}

// TestMedianRatio ensures that servers are compared round by round.
func TestMedianRatio(t *testing.T) {
	slow, fast := samplesOf(10, 90, 20), samplesOf(20, 180, 10)
	assert.Equal(t, 0.5, medianRatio(slow, fast, sample.rate))
	assert.Equal(t, 15.0, medianOf(samplesOf(10, 20), sample.rate))
	assert.Zero(t, medianOf(nil, sample.rate))
}

// TestQuantile ensures that no time is left out, and none taken twice.
func TestQuantile(t *testing.T) {
	var times []time.Duration
	for n := range 200 {
		times = append(times, time.Duration(n+1)*time.Microsecond)
	}
	assert.InDelta(t, 100, quantile(times, 50), 1e-9)
	assert.InDelta(t, 198, quantile(times, 99), 1e-9)
	assert.InDelta(t, 1, quantile(times[:1], 99), 1e-9)
	assert.Zero(t, quantile(nil, 50))
}

// TestTable ensures that the table has a line for each server, and that none is
// too long for a terminal.
func TestTable(t *testing.T) {
	s := scenarios[0]
	s.timed = true
	timed := samplesOf(200_000)
	timed[0].times = []time.Duration{12 * time.Microsecond, 34 * time.Microsecond}
	got := table([]result{{s, []*entry{
		{name: "stage9-longest", samples: samplesOf(300_000), plan: plan{size: 16_777_522}, peak: 1234.5},
		{name: "net/http", lacks: "it does not compress"},
		{name: "nginx", samples: timed},
		{name: "HAProxy", lacks: "it is not installed"},
	}}})
	assert.Contains(t, got, "\n"+s.name+": "+s.what+"\n")
	var lines [][]string
	for line := range strings.Lines(got) {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 110, line)
		if strings.HasPrefix(line, "  ") {
			lines = append(lines, strings.Fields(line))
		}
	}
	assert.Contains(t, lines, strings.Fields("stage9-longest 300000 1000.00 - - 1.50 1.00 - - 16777522 1234.5"))
	assert.Contains(t, lines, strings.Fields("net/http not measured: it does not compress"))
	assert.Contains(t, lines, strings.Fields("nginx 200000 1000.00 - -"))
	assert.Contains(t, lines, strings.Fields("half of the replies within 12 µs, 99 of 100 within 34 µs"))
}
