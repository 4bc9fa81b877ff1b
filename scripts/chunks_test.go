package scripts

import (
	"fmt"
	"strings"
	"testing"
	"testing/quick"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cutInto returns data in chunks of these sizes, and one for what is left.
func cutInto(data string, sizes []uint8) string {
	var chunks strings.Builder
	for _, size := range append(sizes, 255) {
		if n := min(int(size), len(data)); n > 0 {
			fmt.Fprintf(&chunks, "%X;a=b\r\n%s\r\n", n, data[:n])
			data = data[n:]
		}
	}
	return chunks.String()
}

// TestChunks ensures that content is the same wherever its chunks are cut, that
// it is not taken for complete before its end, and that what follows is left.
func TestChunks(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	wanted := wantedLines(t, strings.ReplaceAll(`HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|7|, world|0|A: b|`, "|", `\r\n|`)+`\r\n`)
	same := func(sizes []uint8) bool {
		got := head + cutInto("hello, world", sizes) + "0\r\nA: b\r\n\r\n"
		for n := range got {
			m := matcher{got: []byte(got[:n])}
			if v := m.match(wanted); v.differs == nil || !v.more {
				return false
			}
			m.ended = true
			m.at = 0
			if v := m.match(wanted); v.differs == nil || v.more {
				return false
			}
		}
		m := matcher{got: []byte(got + "HTTP")}
		v := m.match(wanted)
		return v.differs == nil && v.matched == len(got) && !m.chunks
	}
	require.NoError(t, quick.Check(same, &quick.Config{MaxCount: 50}))
	assert.True(t, same(nil))
	assert.True(t, same([]uint8{5}))
}

// TestChunksGoOn ensures that content can be wanted in parts, each as far as its
// chunks have come.
func TestChunksGoOn(t *testing.T) {
	m := matcher{got: []byte("3\r\nhel\r\n2\r\nlo\r\n1\r\n!\r\n0\r\n\r\n"), chunks: true}
	v := m.match(wantedLines(t, `5\r\n|hello\r\n`))
	require.Nil(t, v.differs)
	assert.Equal(t, len("3\r\nhel\r\n2\r\nlo\r\n"), v.matched)
	require.True(t, m.chunks)
	m = matcher{got: m.got[v.matched:], chunks: true}
	v = m.match(wantedLines(t, `...`))
	require.Nil(t, v.differs)
	assert.Equal(t, len(m.got), v.matched)
	m = matcher{got: []byte("3\r\nhel\r\n"), chunks: true}
	v = m.match(wantedLines(t, `2\r\n|he\r\n`))
	require.NotNil(t, v.differs, "a chunk goes on")
	assert.False(t, v.more)
	assert.Equal(t, len("3\r\nhe"), v.differs.at)
}

// TestChunksAsTheyAre ensures that what is no sequence of chunks in the script is
// compared to the byte.
func TestChunksAsTheyAre(t *testing.T) {
	m := matcher{got: []byte("5\r\nhel"), chunks: true}
	assert.Nil(t, m.match(wantedLines(t, `5\r\n|hel\`)).differs)
	assert.False(t, m.chunks, "what follows is compared to the byte, too")
	m = matcher{got: []byte("05\r\nhel"), chunks: true}
	assert.NotNil(t, m.match(wantedLines(t, `5\r\n|hel\`)).differs)
}
