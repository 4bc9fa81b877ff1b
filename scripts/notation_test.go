package scripts

import (
	"bytes"
	"strings"
	"testing"
	"testing/quick"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parseOne parses a transcript of one line.
func parseOne(t *testing.T, text string) line {
	t.Helper()
	lines, err := parseTranscript("talk", text)
	require.NoError(t, err)
	require.Len(t, lines, 1)
	return lines[0]
}

// TestLineBytes ensures that every legal ending, escape and count stands for
// the bytes that it should.
func TestLineBytes(t *testing.T) {
	tests := []struct{ text, want string }{
		{`> GET / HTTP/1.1\r\n`, "GET / HTTP/1.1\r\n"},
		{`> \r\n`, "\r\n"},
		{`> a\n`, "a\n"},
		{`> a\r\n\`, "a\r\n"},
		{`> a\`, "a"},
		{`> \`, ""},
		{`> a\x0a`, "a\n"},
		{`>  two spaces \`, " two spaces "},
		{`> a\\\`, `a\`},
		{`> a\\\n`, "a\\\n"},
		{`> a\\\\\`, `a\\`},
		{`> \t\\\x00\x7f\xff\`, "\t\\\x00\x7f\xff"},
		{`> \a\b\f\v\101\`, "\a\b\f\vA"},
		{`> é\u00e9\xe9\`, "\u00e9\u00e9\xe9"},
		{`> "quotes" 'too'\`, `"quotes" 'too'`},
		{`> \x3centity-tag>\`, `<entity-tag>`},
		{`> <unknown>\`, `<unknown>`},
		{`> ...\n`, "...\n"},
		{`>x3 a\`, "aaa"},
		{`>x2 ab\r\n`, "ab\r\nab\r\n"},
		{`>x0 a\`, ""},
		{`>x1 \`, ""},
		{`< a\r\n`, "a\r\n"},
		{`<x3 a\`, "aaa"},
		{`< ...\n`, "...\n"},
	}
	for _, test := range tests {
		l := parseOne(t, test.text)
		assert.Equal(t, test.want, string(l.bytes), test.text)
		assert.Equal(t, test.text[0], l.kind, test.text)
		assert.Equal(t, test.text[1] == 'x', l.repeated, test.text)
		assert.False(t, l.any, test.text)
	}
}

// TestTranscriptLines ensures that remarks and empty lines are left out, that
// the numbers of the others still count them, and that the line ends of a
// Windows checkout mean nothing.
func TestTranscriptLines(t *testing.T) {
	text := "# a remark\n> a\\r\\n\n\n#another\n< ...\n* half-close\n* pause  50ms\n"
	for _, written := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), strings.TrimSuffix(text, "\n")} {
		lines, err := parseTranscript("talk", written)
		require.NoError(t, err)
		require.Len(t, lines, 4)
		assert.Equal(t, line{number: 2, kind: '>', text: `> a\r\n`, bytes: []byte("a\r\n")}, lines[0])
		assert.Equal(t, line{number: 5, kind: '<', text: `< ...`, any: true}, lines[1])
		assert.Equal(t, line{number: 6, kind: '*', text: `* half-close`, words: []string{"half-close"}}, lines[2])
		assert.Equal(t, []string{"pause", "50ms"}, lines[3].words)
	}
}

// TestUpstreamLines ensures that the name of an upstream can stand before a line
// of any kind, and that the line is the same in all else.
func TestUpstreamLines(t *testing.T) {
	for _, text := range []string{"> a\\r\\n", ">x3 a\\", "< a\\r\\n", "< <1*DIGIT>\\", "< ...", "* pause 50ms", "* closed"} {
		plain, named := parseOne(t, text), parseOne(t, "app2"+text)
		assert.Equal(t, "app2", named.of)
		assert.Empty(t, plain.of)
		named.of, named.text = "", plain.text
		assert.Equal(t, plain, named)
	}
}

// transcriptErrors are transcripts that are none, and what is said of them.
var transcriptErrors = []struct{ text, says string }{
	{"* leave\n> a\\\n", "there is no connection after"},
	{"* reset\n* closed\n", "there is no connection after"},
	{"* half-close\n> a\\\n", "nothing can be sent after"},
	{"app* half-close\napp> a\\\n", "nothing can be sent after"},
	{"app* half-close\nweb* connection\napp> a\\\n", "nothing can be sent after"},
	{"", `talk is empty: write what is sent in lines that begin with >`},
	{"# nothing but a remark\n\n", `talk is empty`},
	{`GET / HTTP/1.1\r\n`, `a line begins with > (sent), < (wanted), * (the connection) or # (a remark), and a space`},
	{`>GET / HTTP/1.1\r\n`, `and a space`},
	{` > a\r\n`, `a line begins with >`},
	{`>x a\r\n`, `a line begins with >`},
	{`> a`, `add \r\n, or \n, or a lone \ for nothing`},
	{`>`, `add \r\n, or \n, or a lone \ for nothing`},
	{`> a\r`, `add \r\n`},
	{`> a\\`, `add \r\n`},
	{`> a\\n`, `add \r\n`},
	{`> a\r\\n`, `add \r\n`},
	{`< a`, `add \r\n`},
	{`> a\r\n `, `there is white space after the end of this line; take it away`},
	{"> a\\n\t", `take it away`},
	{`> a\ `, `take it away`},
	{`> \q\r\n`, `\q is not an escape; they are \r \n \t \\ and \x00 to \xff, and \\ stands for a backslash`},
	{`> C:\windows\r\n`, `\w is not an escape`},
	{`> \xg0\r\n`, `\x is not an escape`},
	{`> \"\r\n`, `\" is not an escape`},
	{"> caf\xe9\\r\\n", `this line is not UTF-8; write bytes that are no character as \x80 to \xff`},
	{`>x268435457 a\`, `x268435457 is too often: a line may stand for 268435456 bytes at most`},
	{`>x9223372036854775807 ab\`, `is too often`},
	{`>x99999999999999999999 a\`, `is too often`},
	{`<x2 ...`, `a count such as x2 stands only before bytes`},
	{`> If-Modified-Since: <IMF-fixdate>\r\n`, `what came for <IMF-fixdate> cannot be sent back, only what came for <entity-tag> or <opaque-tag>; to send these very characters, write \x3c for the <`},
	{`> <entity-tag> <1*DIGIT>\`, `what came for <1*DIGIT> cannot be sent back`},
	{`> <boundary>\`, `what came for <boundary> cannot be sent back`},
	{`*x2 closed`, `a count such as x2 stands only before bytes`},
	{`*`, "this is not known; write one of\n\t* closed: "},
	{`* close`, "* half-close: we send nothing more"},
	{`app* leave`, "app* close: the upstream closes the connection"},
	{`app* patience 1s`, "this is not known; write one of\n\tapp* connection: "},
	{`app* pause 2s`, "2s is not a time between 1ms and 1s"},
	{`* connection`, "this is not known"},
	{`* none`, "this is not known"},
	{`App< a\n`, `the name of an upstream may stand before it, as in app<`},
	{`app < a\n`, `the name of an upstream may stand before it, as in app<`},
	{`app< a`, `add \r\n, or \n, or a lone \ for nothing`},
	{`* closed now`, "this is not known"},
	{`* pause`, "* pause 50ms: "},
	{`* pause soon`, "soon is not a time between 1ms and 1s"},
	{`* pause 0s`, "0s is not a time between 1ms and 1s"},
	{`* pause 2s`, "2s is not a time between 1ms and 1s"},
	{`* patience`, "* patience 15s: "},
	{`* patience soon`, "soon is not a time between 1ms and 40s"},
	{`* patience 1m`, "1m is not a time between 1ms and 40s"},
}

// TestTranscriptsGoOn ensures that lines can stand after those with which another
// connection has ended, or one side of an upstream's.
func TestTranscriptsGoOn(t *testing.T) {
	for _, text := range []string{"* leave\napp* closed\n", "app* close\n> a\\\n", "app* close\napp> a\\\n", "app* half-close\n> a\\\nweb> a\\\n", "app* half-close\napp* connection\napp> a\\\n", "app* half-close\napp* closed\napp> a\\\n"} {
		_, err := parseTranscript("talk", text)
		assert.NoError(t, err, text)
	}
}

// TestTranscriptErrors ensures that an error names the line, and says what to
// write instead.
func TestTranscriptErrors(t *testing.T) {
	for _, test := range transcriptErrors {
		lines, err := parseTranscript("talk", test.text)
		assert.Nil(t, lines, test.text)
		assert.ErrorContains(t, err, test.says, test.text)
	}
	_, err := parseTranscript("talk", "> a\\r\\n\n< b\n")
	assert.ErrorContains(t, err, "talk, line 2: < b\n\tthis line")
}

// TestEncode ensures how bytes are written, and where the marked one stands.
func TestEncode(t *testing.T) {
	tests := []struct {
		data        string
		mark        int
		want        string
		row, column int
	}{
		{"", 0, ``, 0, 0},
		{"a\r\nb\n", 0, `a\r\n|b\n`, 0, 0},
		{"a\r\nb\n", 1, `a\r\n|b\n`, 0, 1},
		{"a\r\nb\n", 2, `a\r\n|b\n`, 0, 3},
		{"a\r\nb\n", 3, `a\r\n|b\n`, 1, 0},
		{"a\r\nb\n", 5, `a\r\n|b\n`, 2, 0},
		{"ab", 2, `ab\`, 0, 2},
		{"\t\\x", 2, `\t\\x\`, 0, 4},
		{"\x00\x7f\xffz", 3, `\x00\x7f\xffz\`, 0, 12},
		{"\u00e9\u20acz", 5, `é€z\`, 0, 2},
		{"\u00e9z", 1, `\xc3\xa9z\`, 0, 4},
		{"\u20ac", 1, `\xe2\x82\xac\`, 0, 4},
		{"\u00a0\u2028z", 5, `\xc2\xa0\xe2\x80\xa8z\`, 0, 20},
		{"\ufffdz", 3, "\ufffd" + `z\`, 0, 1},
	}
	for _, test := range tests {
		lines, row, column := encode([]byte(test.data), test.mark)
		assert.Equal(t, test.want, strings.Join(lines, "|"), "%q", test.data)
		assert.Equal(t, []int{test.row, test.column}, []int{row, column}, "%q at %d", test.data, test.mark)
	}
}

// TestEncodeRoundTrip ensures, for many byte strings, that what a report shows
// can be pasted into a transcript and stands for the same bytes, wherever the
// mark is, and that the mark stands before exactly the bytes that precede it.
func TestEncodeRoundTrip(t *testing.T) {
	same := func(data []byte, mark uint8) bool {
		at := min(int(mark), len(data))
		lines, row, column := encode(data, at)
		var back, before []byte
		for i, text := range lines {
			decoded := parseOne(t, "< "+text).bytes
			back = append(back, decoded...)
			if i < row {
				before = append(before, decoded...)
			} else if i == row {
				part, err := unescape(string([]rune(text)[:column]))
				require.NoError(t, err)
				before = append(before, part...)
			}
		}
		return bytes.Equal(data, back) && bytes.Equal(data[:at], before)
	}
	fragments := []string{"\r\n", "\n", "\\", "\\n", "\\\\", "\u00e9", "\u20ac", "\xe2\x82", "\x80", " ", "\t", "...", "\"", "\u00a0"}
	fromFragments := func(picks []uint8, mark uint8) bool {
		var data []byte
		for _, pick := range picks {
			data = append(data, fragments[int(pick)%len(fragments)]...)
		}
		return same(data, mark)
	}
	require.NoError(t, quick.Check(same, &quick.Config{MaxCount: 500}))
	require.NoError(t, quick.Check(fromFragments, &quick.Config{MaxCount: 500}))
}
