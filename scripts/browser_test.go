package scripts

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/chromium"
)

// serveStage starts a stage for the length of a test.
func serveStage(t *testing.T, b *builds, stage string, args ...string) *process {
	program, err := b.program(stage, nil)
	require.NoError(t, err)
	server, err := start(top, os.Environ(), append([]string{program}, args...)...)
	require.NoError(t, err)
	t.Cleanup(func() {
		server.stop()
		if t.Failed() {
			t.Logf("the server printed\n%s", server.log)
		}
	})
	require.NoError(t, server.waitForLine(startLimit))
	return server
}

// openIdle opens connections that say nothing, for the length of a test.
func openIdle(t *testing.T, address string, n int) {
	for range n {
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
	}
}

// do makes a browser do something.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	require.NoError(t, chromedp.Do(ctx, steps...))
}

// see returns what a browser shows.
func see[T any](t *testing.T, ctx context.Context, what chromedp.Action[T]) T {
	seen, err := chromedp.Run(ctx, what)
	require.NoError(t, err)
	return seen
}

// takePicture keeps what a browser shows, in the folder that the environment
// names, where somebody wants to look at it.
func takePicture(t *testing.T, ctx context.Context, name string) {
	if screenshots := os.Getenv("WEBSERVER_SCREENSHOTS"); screenshots != "" {
		picture := see(t, ctx, chromedp.CaptureScreenshot())
		require.NoError(t, os.WriteFile(filepath.Join(screenshots, name+".png"), picture, 0o666))
	}
}

// TestBrowser opens the stages in a browser, while other connections are idle.
func TestBrowser(t *testing.T) {
	t.Parallel()
	ctx := chromium.New(t)
	b := newBuilds(t)
	folders := stages(t)

	t.Run(folders[0], func(t *testing.T) {
		address := serveStage(t, b, folders[0], "0").address
		openIdle(t, address, 50)
		do(t, ctx, chromedp.Navigate("http://"+address+"/"))
		assert.Equal(t, "Hello, World", see(t, ctx, chromedp.Text(chromedp.CSS("h1"))))
		takePicture(t, ctx, folders[0])
	})
	for i, stage := range folders[1:] {
		t.Run(stage, func(t *testing.T) {
			server := serveStage(t, b, stage, "0", filepath.Join("scripts", "site"))
			address := server.address
			openIdle(t, address, 50)
			visitListing(t, ctx, stage, "http://"+address)
			visitGarden(t, ctx, stage, "http://"+address+"/garden/")
			if i > 0 {
				visitGarden(t, ctx, stage, "http://"+address+"/garden")
				visitError(t, ctx, stage, "http://"+address)
			}
			if i > 1 {
				visitAgain(t, ctx, server)
			}
		})
	}
}

// visitListing clicks its way from the listing to a file.
func visitListing(t *testing.T, ctx context.Context, stage, url string) {
	do(t, ctx, chromedp.Navigate(url+"/"))
	assert.Equal(t, "Files in /", see(t, ctx, chromedp.Text(chromedp.CSS("h1"))))
	takePicture(t, ctx, stage+"-listing")
	do(t, ctx,
		chromedp.Click(chromedp.CSS(`a[href="/hello.txt"]`)),
		chromedp.WaitNotPresent(chromedp.CSS("h1")))
	assert.Equal(t, "hello\n", see(t, ctx, chromedp.Text(chromedp.CSS("body"))))
	assert.Equal(t, url+"/hello.txt", see(t, ctx, chromedp.Location()))
	takePicture(t, ctx, stage+"-file")
}

// visitError looks at the page of an error.
func visitError(t *testing.T, ctx context.Context, stage, url string) {
	do(t, ctx, chromedp.Navigate(url+"/no-such-page"))
	assert.Equal(t, "Not Found", see(t, ctx, chromedp.Text(chromedp.CSS("h1"))))
	assert.Equal(t, "404 Not Found", see(t, ctx, chromedp.Title()))
	takePicture(t, ctx, stage+"-error")
}

// visitGarden opens the garden at a URL: a page that needs a style sheet, a
// script, what the script fetches, and a picture.
func visitGarden(t *testing.T, ctx context.Context, stage, url string) {
	do(t, ctx,
		chromedp.Navigate(url),
		chromedp.WaitVisible(chromedp.CSS("#plants li:nth-child(3)")))
	assert.Equal(t, "Basil, 30 cm\nLemon balm, 70 cm\nThyme, 20 cm", see(t, ctx, chromedp.Text(chromedp.CSS("#plants"))))
	assert.Equal(t, "rgb(240, 248, 236)", see(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`)))
	assert.Regexp(t, "/garden/$", see(t, ctx, chromedp.Location()))
	assert.Equal(t, 64, see(t, ctx, chromedp.Evaluate[int](`document.images[0].naturalWidth`)))
	takePicture(t, ctx, stage+"-garden")
}

// accessLine is a line of the access log about a file of the garden.
var accessLine = regexp.MustCompile(`(?m)GET (/garden/\S*) (\d+) `)

// gardenLines are the lines of the access log about the garden when it has been
// visited three times: after the first, a browser asks whether the page and the
// list of plants are still right, and for nothing else.
var gardenLines = []string{
	"/garden/ 200", "/garden/ 304", "/garden/ 304",
	"/garden/leaf.png 200",
	"/garden/plants.json 200", "/garden/plants.json 304", "/garden/plants.json 304",
	"/garden/script.js 200", "/garden/style.css 200",
}

// visitAgain opens the garden, which the browser has seen twice, once more. A
// server writes a line when it has answered: so the lines are waited for.
func visitAgain(t *testing.T, ctx context.Context, server *process) {
	url := "http://" + server.address + "/garden/"
	do(t, ctx,
		chromedp.Navigate("about:blank"),
		chromedp.Navigate(url),
		chromedp.WaitVisible(chromedp.CSS("#plants li:nth-child(3)")))
	assert.Equal(t, 64, see(t, ctx, chromedp.Evaluate[int](`document.images[0].naturalWidth`)))
	var asked []string
	server.log.wait(func(log string) bool {
		asked = nil
		for _, parts := range accessLine.FindAllStringSubmatch(log, -1) {
			asked = append(asked, parts[1]+" "+parts[2])
		}
		return len(asked) >= len(gardenLines)
	}, server.exited, clientLimit)
	slices.Sort(asked)
	assert.Equal(t, gardenLines, asked)
}
