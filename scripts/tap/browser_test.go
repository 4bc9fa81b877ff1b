package tap

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/chromium"
)

// inTheDark makes a browser ask for dark pages.
var inTheDark = chromedp.Flag("blink-settings", "preferredColorScheme=0")

// newBrowser returns the context of a browser with a window of a usual size.
func newBrowser(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	return chromium.New(t, append(more, chromedp.WindowSize(1440, 900))...)
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
