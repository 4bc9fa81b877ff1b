package scripts

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// blockSize is the length of a block of content that the tests and the
// applications make. A block begins with its number: so none can be lost, come
// twice, or come too soon.
const blockSize = 64 << 10

// restOfBlock is what follows the number.
var restOfBlock = strings.Repeat("0123456789abcde\n", blockSize/16-1)

// A content is made while it is read, block by block.
type content struct {
	blocks, next int
	unread       []byte
}

// newContent returns content of so many blocks.
func newContent(blocks int) *content { return &content{blocks: blocks} }

// Read reads it.
func (c *content) Read(data []byte) (int, error) {
	if len(c.unread) == 0 {
		if c.next == c.blocks {
			return 0, io.EOF
		}
		c.unread = append(fmt.Appendf(c.unread[:0], "%015d\n", c.next), restOfBlock...)
		c.next++
	}
	n := copy(data, c.unread)
	c.unread = c.unread[n:]
	return n, nil
}

// measure returns the length and the SHA-256 of what is read.
func measure(t *testing.T, reader io.Reader) string {
	hash := sha256.New()
	length, err := io.CopyBuffer(struct{ io.Writer }{hash}, reader, make([]byte, blockSize))
	require.NoError(t, err)
	return fmt.Sprintf("%d %x", length, hash.Sum(nil))
}

// blocksOf returns how many blocks make so many MiB or, without -slow, fewer.
func blocksOf(mebibytes, otherwise int) int {
	if !*slowFlag {
		mebibytes = otherwise
	}
	return mebibytes << 20 / blockSize
}

// tellSpeed logs how fast content went.
func tellSpeed(t *testing.T, blocks int, since time.Time) {
	took := time.Since(since)
	mebibytes := float64(blocks) * blockSize / (1 << 20)
	t.Logf("%.0f MiB in %v, %.0f MiB/s", mebibytes, took.Round(time.Millisecond), mebibytes/took.Seconds())
}

// visitForm sends a form with a file.
func visitForm(t *testing.T, g *guest) {
	blocks := blocksOf(64, 2)
	text := sendForm(t, g, "form", "Ada", blocks)
	assert.Equal(t, "Ada "+measure(t, newContent(blocks)), text)
}

// sendForm sends a form with a name and a file of so many blocks, as browsers
// do: they know its length beforehand.
func sendForm(t *testing.T, g *guest, target, name string, blocks int) string {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	require.NoError(t, parts.WriteField("name", name))
	_, err := parts.CreateFormFile("file", "file.bin")
	require.NoError(t, err)
	before := form.Len()
	require.NoError(t, parts.Close())
	first, last := form.Bytes()[:before], form.Bytes()[before:]
	request := g.request(t, "POST", target, io.MultiReader(bytes.NewReader(first), newContent(blocks), bytes.NewReader(last)),
		"Content-Type", parts.FormDataContentType())
	request.ContentLength = int64(form.Len() + blocks*blockSize)
	begin := time.Now()
	response, text := g.send(t, request)
	require.Equal(t, 200, response.StatusCode, text)
	tellSpeed(t, blocks, begin)
	return text
}

// visitRaw sends content that is no form.
func visitRaw(t *testing.T, g *guest) {
	request := g.request(t, "PUT", "raw", newContent(5), "Content-Type", "application/octet-stream")
	request.ContentLength = 5 * blockSize
	response, text := g.send(t, request)
	assert.Equal(t, "200 "+measure(t, newContent(5)), fmt.Sprint(response.StatusCode, " ", text))
}

// visitChunked sends content whose length is not known beforehand.
func visitChunked(t *testing.T, g *guest) {
	blocks := blocksOf(64, 2)
	begin := time.Now()
	response, text := g.send(t, g.request(t, "POST", "raw", newContent(blocks), "Content-Type", "application/octet-stream"))
	assert.Equal(t, "200 "+measure(t, newContent(blocks)), fmt.Sprint(response.StatusCode, " ", text))
	tellSpeed(t, blocks, begin)
}

// visitDownload gets what is long.
func visitDownload(t *testing.T, g *guest) {
	blocks := blocksOf(1024, 16)
	begin := time.Now()
	response, err := g.client.Do(g.request(t, "GET", fmt.Sprint("download?blocks=", blocks), nil))
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, 200, response.StatusCode)
	got := measure(t, response.Body)
	tellSpeed(t, blocks, begin)
	assert.Equal(t, measure(t, newContent(blocks)), got)
}
