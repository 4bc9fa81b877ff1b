// Package chromium starts the browser that tests of this workbook look at pages
// with.
package chromium

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// limit is how long one visit may take, the start of the browser included.
const limit = 5 * time.Minute

// New returns the context of a browser that is started with the first visit, and
// ends with the test. Without a browser, the test is skipped.
func New(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
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
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(options, more...)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}
