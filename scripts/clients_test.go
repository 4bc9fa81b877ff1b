package scripts

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clientLimit is how long a client may take for the whole tour.
const clientLimit = 30 * time.Second

// A stop is one request of the tour that each client makes, on one connection.
type stop struct {
	method, target string

	// field is one more field of the request, with its value.
	field, value string

	// content is sent in chunks, if it is not empty.
	content string

	// want is what the client makes of the answer: the status code, and how many
	// bytes of content there are.
	want string
}

// tour is what clients that no one here wrote agree upon.
var tour = []stop{
	{method: "GET", target: "/hello.txt", want: "200 6"},
	{method: "HEAD", target: "/hello.txt", want: "200 0"},
	{method: "GET", target: "/no-such-file", want: "404 page"},
	{method: "GET", target: "/hello.txt", field: "Range", value: "bytes=1-3", want: "206 3"},
	{method: "GET", target: "/hello.txt", field: "Range", value: "bytes=9-", want: "416 page"},
	{method: "GET", target: "/hello.txt", field: "If-None-Match", value: "*", want: "304 0"},
	{method: "GET", target: "/hello.txt", field: "If-Match", value: `"another"`, want: "412 page"},
	{method: "GET", target: "/hello.txt", content: "good morning", want: "200 6"},
	{method: "GET", target: "/data", field: "Accept", value: "application/json", want: "200 3"},
	{method: "GET", target: "/long.txt", field: "Accept-Encoding", value: "gzip", want: "200 100000 unpacked"},
	{method: "GET", target: "/long.txt", want: "200 100000"},
	{method: "GET", target: "/large.bin", want: "200 300000"},
	{method: "GET", target: "/hello.txt", want: "200 6"},
}

// account returns a stop as it is told: of the page of an error, only that there
// is one.
func account(status, length int, note string) string {
	if status >= 400 && length > 0 {
		return fmt.Sprintf("%d page", status)
	}
	return fmt.Sprintf("%d %d%s", status, length, note)
}

// newSite makes the files that the tour visits.
func newSite(t *testing.T) string {
	site := t.TempDir()
	for name, content := range map[string][]byte{
		"hello.txt": []byte("hello\n"),
		"data.json": []byte("{}\n"),
		"long.txt":  bytes.Repeat([]byte("a long line\n"), 10000)[:100000],
		"large.bin": make([]byte, 300000),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(site, name), content, 0o666))
	}
	return site
}

// TestClients sends clients that people use on the same tour, and ensures that
// all of them understand the same, and need one connection for it.
func TestClients(t *testing.T) {
	t.Parallel()
	b := newBuilds(t)
	var want []string
	for _, s := range tour {
		want = append(want, s.want)
	}
	for _, stage := range stages(t)[3:] {
		server := serveStage(t, b, stage, "-quiet", "0", newSite(t))
		for name, travel := range map[string]func(*testing.T, string) []string{
			"net-http": travelNetHTTP, "curl": travelCurl, "http.client": travelPython,
		} {
			t.Run(stage+"/"+name, func(t *testing.T) {
				assert.Equal(t, want, travel(t, server.address))
			})
		}
	}
}

// travelNetHTTP makes the tour with Go's own client.
func travelNetHTTP(t *testing.T, address string) []string {
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: clientLimit}
	var seen []string
	connections := 0
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			connections++
		}
	}}
	for _, s := range tour {
		var content io.Reader
		if s.content != "" {
			content = io.MultiReader(strings.NewReader(s.content)) // Its length is not known: it goes in chunks.
		}
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), s.method, "http://"+address+s.target, content)
		require.NoError(t, err)
		if s.field != "" {
			request.Header.Set(s.field, s.value)
		}
		response, err := client.Do(request)
		require.NoError(t, err)
		got, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		response.Body.Close()
		note := ""
		if response.Header.Get("Content-Encoding") == "gzip" {
			unpacked, err := gzip.NewReader(bytes.NewReader(got))
			require.NoError(t, err)
			got, err = io.ReadAll(unpacked)
			require.NoError(t, err)
			note = " unpacked"
		}
		seen = append(seen, account(response.StatusCode, len(got), note))
	}
	assert.Equal(t, 1, connections, "connections")
	return seen
}

// travelCurl makes the tour with curl.
func travelCurl(t *testing.T, address string) []string {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("needs curl")
	}
	directory := t.TempDir()
	var args []string
	for i, s := range tour {
		if i > 0 {
			args = append(args, "--next")
		}
		args = append(args, "--silent", "--show-error", "--max-time", "20", "--output", filepath.Join(directory, fmt.Sprint(i)),
			"--write-out", "%{http_code} %{size_download} %{num_connects}\n", "http://"+address+s.target)
		switch {
		case s.method == "HEAD":
			args = append(args, "--head")
		case s.content != "":
			args = append(args, "--request", "GET", "--data", s.content, "--header", "Transfer-Encoding: chunked")
		case s.field == "Accept-Encoding":
			args = append(args, "--compressed")
		case s.field != "":
			args = append(args, "--header", s.field+": "+s.value)
		}
	}
	output, err := exec.CommandContext(t.Context(), "curl", args...).CombinedOutput()
	require.NoError(t, err, "%s", output)
	var seen []string
	for i, line := range strings.Split(strings.TrimSpace(string(output)), "\n") {
		var status, size, connections int
		_, err := fmt.Sscan(line, &status, &size, &connections)
		require.NoError(t, err, "%s", output)
		assert.Equal(t, i == 0, connections == 1, "connections at stop %d", i)
		note := ""
		if tour[i].field == "Accept-Encoding" {
			assert.Less(t, size, 10000, "what travels is packed")
			info, err := os.Stat(filepath.Join(directory, fmt.Sprint(i)))
			require.NoError(t, err)
			size, note = int(info.Size()), " unpacked"
		}
		seen = append(seen, account(status, size, note))
	}
	return seen
}

// pythonTour is the tour for Python: each line of its input is a stop.
const pythonTour = `
import gzip, http.client, json, sys
connection = http.client.HTTPConnection(sys.argv[1], timeout=20)
socket = None
for line in sys.stdin:
    stop = json.loads(line)
    headers = {stop["field"]: stop["value"]} if stop["field"] else {}
    if stop["content"]:
        connection.request(stop["method"], stop["target"], iter([stop["content"].encode()]), headers, encode_chunked=True)
    else:
        connection.request(stop["method"], stop["target"], headers=headers)
    assert socket in (None, connection.sock), "another connection"
    socket = connection.sock
    response = connection.getresponse()
    content, note = response.read(), ""
    if response.getheader("Content-Encoding") == "gzip":
        content, note = gzip.decompress(content), " unpacked"
    assert connection.sock is socket, "the connection was closed"
    isPage = response.status >= 400 and content
    print(response.status, "page" if isPage else f"{len(content)}{note}")
`

// travelPython makes the tour with the client that Python brings.
func travelPython(t *testing.T, address string) []string {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("needs python3")
	}
	var stops strings.Builder
	for _, s := range tour {
		fmt.Fprintf(&stops, `{"method": %q, "target": %q, "field": %q, "value": %q, "content": %q}`+"\n", s.method, s.target, s.field, s.value, s.content)
	}
	cmd := exec.CommandContext(t.Context(), "python3", "-c", pythonTour, address)
	cmd.Stdin = strings.NewReader(stops.String())
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return strings.Split(strings.TrimSpace(string(output)), "\n")
}
