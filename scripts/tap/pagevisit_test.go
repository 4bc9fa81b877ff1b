package tap

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// TestBrowser looks at the page in a browser, as a learner does.
func TestBrowser(t *testing.T) {
	t.Parallel()
	v := visitor{t: t, ctx: newBrowser(t)}
	tap := startTap(t, startStage(t, "stage4-headers", filepath.Join(top, "scripts", "site")))
	v.do(chromedp.Navigate(tap.PageURL))
	v.waits("document.getElementById('state').textContent", "live")
	assert.Contains(t, v.text("#nothing"), "Nothing has passed yet.")
	v.takePicture("tap-empty")
	t.Run("the list grows", func(t *testing.T) { visitor{t, v.ctx}.visitList(tap) })
	t.Run("the parts have names", func(t *testing.T) { visitor{t, v.ctx}.visitParts() })
	t.Run("it is copied as a script", func(t *testing.T) { visitor{t, v.ctx}.visitCopy() })
	t.Run("what was sent is no markup", func(t *testing.T) { visitor{t, v.ctx}.visitMarkup(tap) })
	t.Run("it is there again", func(t *testing.T) { visitor{t, v.ctx}.visitAgain(tap) })
	t.Run("a narrow window", func(t *testing.T) { visitor{t, v.ctx}.visitNarrow() })
	t.Run("the tap ends", func(t *testing.T) {
		tap.stop()
		visitor{t, v.ctx}.waits("document.getElementById('state').textContent", "The tap does not answer. Is it still running?")
	})
}

const (
	// rowsShown is how many exchanges the list shows, as an expression.
	rowsShown = "document.querySelectorAll('#list li').length"

	// chosenRow is the text of the one that is selected, and shownTitle the title of
	// the one that is shown.
	chosenRow  = "document.querySelector('#list li[aria-selected=true] .asked')?.textContent"
	shownTitle = "document.getElementById('title').textContent"

	// explained is the part that is explained.
	explained = "document.getElementById('name').textContent"
)

// putInChunks is a request with content in chunks.
const putInChunks = "PUT /hello.txt HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"

// visitList makes requests and sees them come, and goes through them by keyboard.
func (v visitor) visitList(tap *testTap) {
	ask(v.t, tap.address(), "GET /hello.txt HTTP/1.1\r\nHost: localhost\r\nAccept: text/*\r\n\r\n")
	v.waits(rowsShown, "1")
	v.waits(chosenRow, "GET /hello.txt")
	ask(v.t, tap.address(), putInChunks)
	ask(v.t, tap.address(), "HEAD /garden/ HTTP/1.1\r\nHost: localhost\r\n\r\nGET /no-such-page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	v.waits(rowsShown, "4")
	v.waits(chosenRow, "GET /no-such-page")
	assert.Contains(v.t, v.text("#list"), "405")
	v.waits("document.activeElement.id", "list")
	v.presses(kb.ArrowUp, kb.ArrowUp)
	v.waits(chosenRow, "PUT /hello.txt")
	v.waits(shownTitle, "Connection 2, exchange 1")
	v.takePicture("tap-chunks")
	v.presses(kb.ArrowDown, kb.Home)
	v.waits(chosenRow, "GET /hello.txt")
	v.waits(shownTitle, "Connection 1, exchange 1")
}

// partNames are the names of the parts that are shown, as an expression.
const partNames = "[...document.querySelectorAll('#messages .part')].map((part) => part.dataset.name).join(' ')"

// visitParts goes into the parts of a request by keyboard, and points at one.
func (v visitor) visitParts() {
	names := v.evaluate(partNames)
	for _, name := range []string{
		"method space request target space HTTP version end of line field name colon white space field value end of line",
		"empty line HTTP version space status code space reason phrase end of line field name",
		"empty line content",
	} {
		assert.Contains(v.t, names, name)
	}
	v.presses(kb.ArrowRight)
	v.waits(explained, "method")
	assert.Equal(v.t, "GET asks for a representation of the target.", v.text("#says"))
	assert.Equal(v.t, "https://www.rfc-editor.org/rfc/rfc9110#section-9.3.1", v.evaluate("document.getElementById('section').href"))
	v.presses(kb.ArrowRight, kb.ArrowRight)
	v.waits(explained, "request target")
	v.presses(kb.ArrowDown)
	v.waits(explained, "field name")
	assert.Contains(v.t, v.text("#says"), "Host says")
	v.takePicture("tap-parts")
	v.do(chromedp.Click(chromedp.CSS(".message.server [data-name='status code']")))
	v.waits(explained, "status code")
	v.presses(kb.Escape, kb.ArrowDown)
	v.waits(chosenRow, "PUT /hello.txt")
	v.waits("document.querySelector('.part[data-name=\"chunk size\"]')?.textContent", "5")
	names = v.evaluate(partNames)
	assert.Contains(v.t, names, "chunk size chunk extension end of line chunk data end of the chunk chunk size end of line trailer field name colon white space field value end of line end of the trailers")
	assert.Contains(v.t, v.text(".message.client .framing"), "The content comes in chunks")
}

// visitCopy copies an exchange, and a connection.
func (v visitor) visitCopy() {
	v.evaluate("navigator.clipboard.writeText = async (text) => { window.copiedText = text; }")
	v.presses(kb.End)
	v.waits(chosenRow, "GET /no-such-page")
	v.waits(shownTitle, "Connection 3, exchange 2")
	v.do(chromedp.Click(chromedp.CSS("#copy")))
	v.waits("document.getElementById('copied').textContent", "Copied.")
	one := v.evaluate("window.copiedText")
	assert.Contains(v.t, one, "\n> GET /no-such-page HTTP/1.1\\r\\n\n> Host: localhost\\r\\n\n")
	assert.NotContains(v.t, one, "HEAD")
	v.do(chromedp.Click(chromedp.CSS("#copy-connection")))
	v.waits("window.copiedText.includes('> HEAD /garden/')", "true")
	assert.True(v.t, strings.HasSuffix(v.evaluate("window.copiedText"), "* closed\n"))
}

// visitMarkup sends markup where a page may take it for its own.
func (v visitor) visitMarkup(tap *testTap) {
	ask(v.t, tap.address(), "GET /<script>window.broken=1</script><img/src=x/onerror=window.broken=2> HTTP/1.1\r\nHost: localhost\r\nX-<b>: 1\r\nX-A: <img src=x onerror=\"window.broken=3\"><script>window.broken=4</script>\r\n\r\n")
	v.presses(kb.Escape)
	v.do(chromedp.Focus(chromedp.CSS("#list")))
	v.waits(rowsShown, "5")
	v.presses(kb.End)
	v.waits(shownTitle, "Connection 4, exchange 1")
	assert.Contains(v.t, v.text(".message.client"), `X-A: <img src=x onerror="window.broken=3"><script>window.broken=4</script>`)
	assert.Contains(v.t, v.text("#list"), "<script>window.broken=1</script>")
	assert.Equal(v.t, "0 undefined", v.evaluate("document.querySelectorAll('main script, main img, main b').length + ' ' + window.broken"))
}

// visitAgain opens the page anew: what is kept is there.
func (v visitor) visitAgain(tap *testTap) {
	v.do(chromedp.Navigate(tap.PageURL))
	v.waits(rowsShown, "5")
	ask(v.t, tap.address(), "GET /hello.txt HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-1,3-4\r\n\r\n")
	v.waits(rowsShown, "6")
	v.waits(shownTitle, "Connection 5, exchange 1")
	v.waits("document.querySelector('.message.server .framing')?.textContent.slice(0, 30)", "Content-Length says that the c")
	v.takePicture("tap-ranges")
}

// visitNarrow makes the window narrow: nothing must stick out.
func (v visitor) visitNarrow() {
	v.do(chromedp.EmulateViewport(400, 800))
	v.waits("window.innerWidth", "400")
	assert.Equal(v.t, "400", v.evaluate("document.documentElement.scrollWidth"))
	v.takePicture("tap-narrow")
}

// TestBrowserDark ensures that somebody who prefers dark pages gets one.
func TestBrowserDark(t *testing.T) {
	t.Parallel()
	v := visitor{t: t, ctx: newBrowser(t, inTheDark)}
	tap := startTap(t, startStage(t, "stage4-headers", filepath.Join(top, "scripts", "site")))
	ask(t, tap.address(), putInChunks)
	ask(t, tap.address(), "GET /garden/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
	v.do(chromedp.Navigate(tap.PageURL))
	v.waits(rowsShown, "2")
	v.waits(shownTitle, "Connection 2, exchange 1")
	v.presses(kb.ArrowRight)
	assert.Equal(t, "rgb(20, 22, 26)", v.evaluate("getComputedStyle(document.body).backgroundColor"))
	v.takePicture("tap-dark")
}
