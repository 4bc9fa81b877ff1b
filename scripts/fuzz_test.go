package scripts

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzNotation ensures that whatever bytes a report shows, a script that says
// the same means the same bytes.
func FuzzNotation(f *testing.F) {
	for _, data := range []string{"", "GET / HTTP/1.1\r\n", "a\tb\\n\n", "\x00\xff\xc3", "grün\u202e\n", "a\r"} {
		f.Add([]byte(data), 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, mark int) {
		lines, _, _ := encode(data, mark)
		var back []byte
		for _, text := range lines {
			decoded, err := decode(text)
			require.NoError(t, err, "%q", text)
			back = append(back, decoded...)
		}
		assert.Equal(t, string(data), string(back))
	})
}

// FuzzMatch ensures that no script and no reply can make the comparison fail in
// a way of its own, and that its report can be written.
func FuzzMatch(f *testing.F) {
	f.Add("< HTTP/1.1 200 OK\\r\\n\n< A: <1*DIGIT>\\r\\n\n< ...\n< \\r\\n\n< hi\\n", "HTTP/1.1 200 OK\r\na: 1\r\nContent-Length: 3\r\n\r\nhi\n")
	f.Add("< HTTP/1.1 200 OK\\r\\n\n< ...", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")
	f.Add("< HTTP/1.1 200 OK\\r\\n\n< ...\n< \\r\\n\n< ...\n< b\\", "HTTP/1.1 200 OK\r\n\r\naaab")
	f.Add("< HTTP/1.1 206 Partial Content\\r\\n\n< Content-Type: a; boundary=<boundary>\\r\\n\n< \\r\\n\n< --<boundary>--\\r\\n", "HTTP/1.1 206 Partial Content\r\nContent-Type: a; boundary=b\r\n\r\n--b--\r\n")
	f.Fuzz(func(t *testing.T, script, got string) {
		lines, err := parseTranscript("fuzz", script)
		if err != nil {
			return
		}
		for _, l := range lines {
			if l.kind != '<' || l.repeated {
				return
			}
		}
		for _, ended := range []bool{false, true} {
			m := matcher{got: []byte(got), ended: ended}
			v := m.match(lines)
			if v.differs == nil {
				require.LessOrEqual(t, v.matched, len(got))
				continue
			}
			require.GreaterOrEqual(t, v.differs.at, 0)
			require.LessOrEqual(t, v.differs.at, len(got))
			require.False(t, ended && v.more, "more was wanted of a connection that had ended")
			failed := failure{wanted: lines, got: []byte(got), difference: v.differs, stopped: "the test wants it"}
			require.NotEmpty(t, failed.report())
		}
	})
}
