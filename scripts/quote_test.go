package scripts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuote ensures that what is quoted means the same bytes where it is pasted,
// in a line that is sent and in one that is wanted.
func TestQuote(t *testing.T) {
	for data, want := range map[string]string{
		"":                      `\`,
		"Host: localhost\r\n":   `Host: localhost\r\n`,
		"a\tb\\":                `a\tb\\\`,
		"ETag: <entity-tag>\n":  `ETag: \x3centity-tag>\n`,
		"<IMF-fixdate><i>\x00":  `\x3cIMF-fixdate><i>\x00\`,
		"gr\u00fcn\xff\u202e\n": `grün\xff\xe2\x80\xae\n`,
		"\x1b[31mred":           `\x1b[31mred\`,
	} {
		assert.Equal(t, want, QuoteLine([]byte(data)))
		checkQuoted(t, data)
	}
}

// checkQuoted ensures that a line that is pasted means what was quoted.
func checkQuoted(t *testing.T, data string) {
	for _, sign := range []string{"> ", "< "} {
		l := line{text: sign + QuoteLine([]byte(data))}
		require.NoError(t, l.parse(), "%q", data)
		require.Equal(t, data, string(l.bytes))
		for _, p := range l.pieces {
			require.Empty(t, p.placeholder, "%q", data)
		}
	}
}

// FuzzQuote ensures the same for whatever bytes there are.
func FuzzQuote(f *testing.F) {
	f.Add("a <boundary>\\\r")
	f.Add("<<1*DIGIT>>\xc3\n")
	f.Fuzz(func(t *testing.T, data string) {
		checkQuoted(t, strings.TrimRight(strings.ReplaceAll(data, "\n", ""), " "))
		checkQuoted(t, strings.ReplaceAll(data, "\n", "")+"\n")
	})
}

// TestStandsFor ensures that a placeholder stands for a whole value, or not at
// all.
func TestStandsFor(t *testing.T) {
	assert.True(t, StandsFor("<IMF-fixdate>", "Sun, 06 Nov 1994 08:49:37 GMT"))
	assert.False(t, StandsFor("<IMF-fixdate>", "Sun, 06 Nov 1994 08:49:37 GMT, or so"))
	assert.False(t, StandsFor("<IMF-fixdate>", ""))
	assert.True(t, StandsFor("<entity-tag>", `W/"a"`))
	assert.False(t, StandsFor("<no-such-thing>", "a"))
}
