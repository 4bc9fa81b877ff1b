package scripts

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// appFolder is where the application of the chapter is.
const appFolder = "app"

// buildApp builds the application of the chapter. Its pages are read here, too:
// so go test knows that the result depends on them.
func buildApp(t *testing.T, b *builds) string {
	_, err := textsOf(filepath.Join(appFolder, "*.html"))
	require.NoError(t, err)
	program, err := b.Program(appFolder, func() (string, error) {
		files, err := exercise.Read(appFolder)
		if err != nil {
			return "", err
		}
		return exercise.Build(appFolder, files, b.directory)
	})
	require.NoError(t, err)
	return program
}

// startApp starts the application of the chapter for the length of a test, and
// returns it once it has said where it listens.
func startApp(t *testing.T, b *builds, args ...string) (p *process, place string) {
	p, err := start(t.TempDir(), os.Environ(), append([]string{buildApp(t, b)}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.stop)
	require.True(t, p.log.wait(appLine.MatchString, p.exited, startLimit), "%s", p.log)
	return p, appLine.FindStringSubmatch(p.log.String())[1]
}

// appLine is the first line of the application.
var appLine = regexp.MustCompile(`(?m)^serving the application on (\S+?)/?\r?\n`)

// TestApp reaches the same application by various means.
func TestApp(t *testing.T) {
	t.Parallel()
	b := newBuilds(t)
	for name, args := range map[string][]string{
		"HTTP":                       {"0"},
		"FastCGI":                    {"-fastcgi", "0"},
		"HTTP over a Unix socket":    {"-unix"},
		"FastCGI over a Unix socket": {"-fastcgi", "-unix"},
		"CGI":                        nil,
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(name, "Unix") {
				t.Skip("Windows lets no two programs agree on the name of a socket that easily")
			}
			upstream := ""
			place := "/deep/app/"
			if args == nil {
				upstream, place = "cgi:"+filepath.Dir(buildApp(t, b)), "/deep/app/"+filepath.Base(buildApp(t, b))+"/"
			} else {
				if strings.Contains(name, "Unix") {
					_, socket := newAddress(t, "unix:")
					args = append(args, socket)
				}
				_, upstream = startApp(t, b, args...)
			}
			server := serveProxy(t, b, t.TempDir(), "/deep/app="+upstream)
			tourApp(t, newGuest(t, server, place), name)
		})
	}
}

// shown is a row of the table of what has reached the application.
var shown = regexp.MustCompile(`<tr><th>(.*?)<td>(.*)`)

// sentShown is what the answer to the form shows.
var sentShown = regexp.MustCompile(`<dd id="(?:length|sha256)">(\w+)`)

// tourApp uses all of the application.
func tourApp(t *testing.T, g *guest, means string) {
	response, text := g.get(t, "?a=%20b", "X-Forwarded-For", "203.0.113.9")
	require.Equal(t, 200, response.StatusCode)
	rows := map[string]string{}
	for _, parts := range shown.FindAllStringSubmatch(text, -1) {
		rows[parts[1]] = html.UnescapeString(parts[2])
	}
	assert.Equal(t, means, rows["By means of"])
	assert.Equal(t, "GET", rows["Method"])
	assert.Equal(t, response.Request.URL.RequestURI(), rows["Target"])
	assert.Equal(t, g.server.address, rows["Host"])
	assert.Regexp(t, `^203\.0\.113\.9, (127\.0\.0\.1|::1)$`, rows["X-Forwarded-For"])
	assert.Equal(t, "http", rows["X-Forwarded-Proto"])
	assert.Equal(t, g.server.address, rows["X-Forwarded-Host"])
	assert.Regexp(t, `^for=.*;host=".*";proto=http$`, rows["Forwarded"])
	assert.Equal(t, "1.1 webserver", rows["Via"])

	response, _ = g.send(t, g.elsewhere(t, "GET", strings.TrimSuffix(response.Request.URL.Path, "/")))
	assert.Equal(t, g.url, response.Request.URL.String(), "the slash at the end")

	var got []string
	for _, parts := range sentShown.FindAllStringSubmatch(sendForm(t, g, "form", "Ada", 5), -1) {
		got = append(got, parts[1])
	}
	assert.Equal(t, measure(t, newContent(5)), strings.Join(got, " "))

	s := g.open(t)
	defer s.leave()
	for n := range 3 {
		var number int
		var at string
		_, err := fmt.Fscanf(s.Body, "data: event %d, at %s\n\n", &number, &at)
		require.NoError(t, err)
		assert.Equal(t, n+1, number)
	}
	if strings.Contains(means, "CGI") {
		response, _ = g.get(t, "echo", "Connection", "Upgrade", "Upgrade", "websocket",
			"Sec-Websocket-Version", "13", "Sec-Websocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")
		assert.GreaterOrEqual(t, response.StatusCode, 400)
	} else {
		visitEcho(t, g)
	}
}
