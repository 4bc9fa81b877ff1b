package scripts

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/chromium"
)

// thyme is a file for the form, with its SHA-256.
const (
	thyme    = "Thyme, 20 cm\n"
	thymeSum = "dd3fa5e9ef9cfc5c9023fe0e042eef0cb3ae296e9543ad8ed987830a1302ff68"
)

// appears waits until a list of a page has a text.
func appears(list, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](fmt.Sprintf("document.getElementById(%q).innerText.includes(%q)", list, text))
}

// TestBrowserBehind uses an application in a browser, while it is behind a
// stage.
func TestBrowserBehind(t *testing.T) {
	t.Parallel()
	ctx := chromium.New(t)
	b := newBuilds(t)
	_, upstream := startApp(t, b, "0")
	server := serveProxy(t, b, filepath.Join("scripts", "site"), "/app="+upstream)
	url := "http://" + server.address

	do(t, ctx, chromedp.Navigate(url+"/app")) // The slash at its end, the application knows.
	assert.Equal(t, url+"/app/", see(t, ctx, chromedp.Location()))
	assert.Equal(t, "Hello from the application", see(t, ctx, chromedp.Text(chromedp.CSS("h1"))))
	assert.Contains(t, see(t, ctx, chromedp.Text(chromedp.CSS("table"))), "/app/")

	do(t, ctx, appears("events", "event 3, at"))
	assert.Equal(t, 1, see(t, ctx, chromedp.Evaluate[int]("events.readyState")), "the stream is still open")
	do(t, ctx,
		appears("echoes", "It is open."),
		chromedp.SendKeys(chromedp.CSS("#words"), "Is anybody there?\r"),
		appears("echoes", "Echo: Is anybody there?"))
	takePicture(t, ctx, "app")

	file := filepath.Join(t.TempDir(), "thyme.txt")
	require.NoError(t, os.WriteFile(file, []byte(thyme), 0o666))
	do(t, ctx,
		chromedp.SendKeys(chromedp.CSS("input[name=name]"), "Ada"),
		chromedp.SetUploadFiles(chromedp.CSS("input[name=file]"), []string{file}),
		chromedp.Click(chromedp.CSS("form[action=form] button")),
		chromedp.WaitVisible(chromedp.CSS("#sha256")))
	assert.Equal(t, url+"/app/form", see(t, ctx, chromedp.Location()))
	assert.Equal(t, "Hello, Ada", see(t, ctx, chromedp.Text(chromedp.CSS("h1"))))
	assert.Equal(t, "thyme.txt", see(t, ctx, chromedp.Text(chromedp.CSS("#file"))))
	assert.Equal(t, "13", see(t, ctx, chromedp.Text(chromedp.CSS("#length"))))
	assert.Equal(t, thymeSum, see(t, ctx, chromedp.Text(chromedp.CSS("#sha256"))))
	takePicture(t, ctx, "app-form")

	do(t, ctx, chromedp.Click(chromedp.CSS("a")), chromedp.WaitVisible(chromedp.CSS("#events")))
	assert.Equal(t, url+"/app/", see(t, ctx, chromedp.Location()))
	do(t, ctx, chromedp.Navigate(url+"/"))
	assert.Equal(t, "Files in /", see(t, ctx, chromedp.Text(chromedp.CSS("h1"))), "beside the application, there are files")
}
