package scripts

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clientsPage is the page that tells what clients do. Its tables are what the
// tests here expect.
var clientsPage = filepath.Join(top, "scripts", "book", "clients.md")

// A stop is one request of the tour that each client makes.
type stop struct {
	name string
	wish wish

	// wants are what clients make of the answer, by stage, from stage 2 on: the
	// status code, and how many bytes of content there are.
	wants []string
}

// notAsked stands in the page where a stage is not asked, or a client cannot ask.
const notAsked = "–"

// readTour reads the tour from the page.
func readTour(t *testing.T) []stop {
	var tour []stop
	for _, row := range tableRows(t, clientsPage, "The tour") {
		method, target, _ := strings.Cut(row[1], " ")
		w := wish{Method: method, Target: target}
		name, value, isField := strings.Cut(row[2], ": ")
		if text, isForm := strings.CutPrefix(row[2], "form "); isForm {
			w.Field, w.Value, w.Content = "Content-Type", "application/x-www-form-urlencoded", text
		} else if text, w.Chunked = strings.CutPrefix(row[2], "chunks "); w.Chunked {
			w.Content = text
		} else if isField {
			w.Field, w.Value = name, value
		}
		tour = append(tour, stop{row[0], w, row[3:]})
	}
	return tour
}

// stopsFor returns the stops of the tour that a client makes of a stage, counted
// from stage 2. Those that it cannot make are in a table of their own.
func stopsFor(t *testing.T, c client, stage int) []stop {
	tour := readTour(t)
	var cannot []string
	for _, row := range tableRows(t, clientsPage, "Who cannot make a stop") {
		require.True(t, slices.ContainsFunc(tour, func(s stop) bool { return s.name == row[1] }), "the tour has no stop %q", row[1])
		require.True(t, slices.ContainsFunc(knownClients, func(c client) bool { return c.name == row[0] }), "no client %q", row[0])
		if row[0] == c.name {
			cannot = append(cannot, row[1])
		}
	}
	return slices.DeleteFunc(tour, func(s stop) bool { return s.wants[stage] == notAsked || slices.Contains(cannot, s.name) })
}

// tell returns an answer as the page tells it: of the page of an error, only
// that there is one.
func tell(w wish, a answer) string {
	text := fmt.Sprint(a.Status, " ", a.Length)
	if a.Error != "" {
		return "error: " + a.Error
	}
	if a.Status >= 400 && a.Length > 0 {
		text = fmt.Sprint(a.Status, " page")
	}
	if a.Unpacked {
		text += " unpacked"
	}
	if a.Moved != "" {
		text += " at " + a.Moved
	}
	return text
}

// newSite makes the files that the tour visits.
func newSite(t *testing.T) string {
	site := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(site, "garden"), 0o777))
	for name, content := range map[string][]byte{
		"hello.txt":         []byte("hello\n"),
		"garden/index.html": []byte("<h1>Garden</h1>\n"),
		"data.json":         []byte("{}\n"),
		"long.txt":          bytes.Repeat([]byte("a long line\n"), 10000)[:100000],
		"large.bin":         make([]byte, 300000),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(site, filepath.FromSlash(name)), content, 0o666))
	}
	return site
}

// TestClients sends clients that people use on the same tour over the stages,
// and ensures that all of them understand the same, and how many connections
// they need for it.
func TestClients(t *testing.T) {
	t.Parallel()
	b := newBuilds(t)
	site, upstream := newSite(t), newTourUpstream(t)
	var servers []*process
	for i, stage := range stages(t)[1:] {
		args := []string{"-quiet", "0", site}
		if i == 3 {
			args = append(args, "/app="+upstream, "/gone=http://localhost:1") // Nobody listens at port 1.
		}
		servers = append(servers, serveStage(t, b, stage, args...))
	}
	for _, c := range knownClients {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, ask := c.open(t)
			for i, stage := range stages(t)[1:] {
				t.Run(stage, func(t *testing.T) { travel(t, c, ask, i, servers[i].address) })
			}
		})
	}
}

// travel makes the tour of one stage, counted from stage 2, with one client.
func travel(t *testing.T, c client, ask asker, stage int, address string) {
	stops := stopsFor(t, c, stage)
	var wishes []wish
	var want, got []string
	for _, s := range stops {
		wishes = append(wishes, s.wish)
		want = append(want, s.name+": "+s.wants[stage])
	}
	counter := countConnections(t, address)
	answers := ask(t, counter.address, wishes)
	require.Len(t, answers, len(wishes))
	for i, a := range answers {
		got = append(got, stops[i].name+": "+tell(wishes[i], a))
	}
	assert.Equal(t, want, got)
	checkConnections(t, c, stage, len(wishes), int(counter.used.Load()))
}

// keepsFrom is the first stage, counted from stage 2, that keeps connections open.
const keepsFrom = 2

// checkConnections ensures that a client has needed no more connections than the
// page says or, where a stage closes each after its answer, that it needed one
// for each stop.
func checkConnections(t *testing.T, c client, stage, stops, used int) {
	if stage < keepsFrom {
		assert.GreaterOrEqual(t, used, stops, "connections")
		return
	}
	for _, row := range tableRows(t, clientsPage, "Connections") {
		if row[0] == c.name && row[1+stage-keepsFrom] != notAsked {
			most, err := strconv.Atoi(row[1+stage-keepsFrom])
			require.NoError(t, err)
			assert.LessOrEqual(t, used, most, "connections")
		}
	}
}

// TestWgetKeeps ensures that wget, which needs a process for each stop of the
// tour, gets several files over one connection.
func TestWgetKeeps(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("wget"); err != nil {
		t.Skip("needs wget")
	}
	b, site := newBuilds(t), newSite(t)
	for i, stage := range stages(t)[1:] {
		counter := countConnections(t, serveStage(t, b, stage, "-quiet", "0", site).address)
		url := "http://" + counter.address
		output, err := exec.CommandContext(t.Context(), "wget", "--no-config", "--tries=1", "--timeout=20", "--output-document=-", "--quiet",
			url+"/hello.txt", url+"/data.json", url+"/hello.txt").Output()
		require.NoError(t, err, stage)
		assert.Equal(t, "hello\n{}\nhello\n", string(output), stage)
		want := 3
		if i >= keepsFrom {
			want = 1
		}
		assert.EqualValues(t, want, counter.used.Load(), "connections of %s", stage)
	}
}
