package tap

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// browserLimit is how long one visit may take, the start of the browser included.
const browserLimit = 5 * time.Minute

// inTheDark makes a browser ask for dark pages.
var inTheDark = chromedp.Flag("blink-settings", "preferredColorScheme=0")

// newBrowser returns the context of a browser that ends with the test. Without a
// browser, the test is skipped.
func newBrowser(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Skip("needs chromium")
	}
	directory, err := os.MkdirTemp("", "browser") // Removed if possible: a browser goes on writing for a while.
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(directory) })
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.NoSandbox, // The pages are our own, and the sandbox does not work everywhere.
		chromedp.UserDataDir(filepath.Join(directory, "profile")),
		chromedp.Env("TMPDIR="+directory),
		chromedp.WindowSize(1440, 900),
	)
	options = append(options, more...)
	ctx, cancel := context.WithTimeout(t.Context(), browserLimit)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// A visitor looks at the page of a tap.
type visitor struct {
	t   *testing.T
	ctx context.Context
}

// do makes the browser do something.
func (v visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	require.NoError(v.t, chromedp.Do(v.ctx, steps...))
}

// evaluate returns the value of an expression in the page, as text.
func (v visitor) evaluate(expression string) string {
	v.t.Helper()
	seen, err := chromedp.Run(v.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	require.NoError(v.t, err)
	return seen
}

// text returns the text of an element, "" where there is none.
func (v visitor) text(selector string) string {
	return v.evaluate(fmt.Sprintf("document.querySelector(%q)?.textContent ?? ''", selector))
}

// waits waits until an expression in the page is this text.
func (v visitor) waits(expression, want string) {
	v.t.Helper()
	var last string
	eventually(v.t, func() bool {
		last = v.evaluate(expression)
		return last == want
	}, fmt.Sprintf("%s is %q", expression, want))
}

// presses presses keys.
func (v visitor) presses(keys ...string) {
	for _, key := range keys {
		v.do(chromedp.KeyEvent(key))
	}
}

// takePicture keeps what the browser shows, in the folder that the environment
// names, where somebody wants to look at it.
func (v visitor) takePicture(name string) {
	if screenshots := os.Getenv("WEBSERVER_SCREENSHOTS"); screenshots != "" {
		picture, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
		require.NoError(v.t, err)
		require.NoError(v.t, os.WriteFile(filepath.Join(screenshots, name+".png"), picture, 0o666))
	}
}
