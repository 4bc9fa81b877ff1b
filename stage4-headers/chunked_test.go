package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

// readChunks returns what a chunkedReader makes of the bytes that r brings, and
// what it has left of them.
func readChunks(r io.Reader, buffer int) (content, rest string, err error) {
	in := bufio.NewReaderSize(r, buffer)
	got, err := io.ReadAll(&chunkedReader{in: in})
	left, _ := io.ReadAll(in)
	return string(got), string(left), err
}

// TestCheckCodings ensures which transfer codings are read, which a server may
// not know, and which hide where the content ends (RFC 9112, 6.1 and 6.3).
func TestCheckCodings(t *testing.T) {
	tests := map[string]int{
		"chunked": 200, "CHUNKED": 200, ", chunked ,": 200,
		"gzip, chunked": 501, "gzip, deflate, chunked": 501, "identity, chunked": 501, "Gzip,Chunked": 501,
		"": 400, ",": 400, "gzip": 400, "identity": 400, "chunked, gzip": 400, "chunked, identity": 400, "chunked, chunked": 400,
		"chunked, gzip, chunked": 400, "chunkedx": 400, "xchunked": 400, "chunked;a=b": 400, `"chunked"`: 400, "chunked chunked": 400,
		"\vchunked": 400, "chunked\u00a0": 400, "chun\u212aed": 400,
	}
	for codings, want := range tests {
		t.Run(codings, func(t *testing.T) {
			assert.Equal(t, want, statusOf(checkCodings(elements([]string{codings}))))
		})
	}
}

// TestChunkSize ensures how long a chunk is, or what is wrong with that (RFC
// 9112, 7.1).
func TestChunkSize(t *testing.T) {
	tests := map[string]int64{
		"0": 0, "000": 0, "a": 10, "A": 10, "fF": 255, "00001f": 31, "7fffffffffffffff": 1<<63 - 1,
		"3;": 3, "3;a": 3, "3;a=b": 3, "3 ;a=b": 3, "3\t; a = b": 3, `3;a="b;c"`: 3, "3;;;": 3,
		"": -1, ";a=b": -1, " 3": -1, "3 ": -1, "3 4": -1, "-3": -1, "+3": -1, "0x3": -1, "3h": -1, "1_0": -1, "3,": -1, "3\t": -1,
		"8000000000000000": -1, "ffffffffffffffffff": -1, "3 a=b": -1, "３": -1, "3\v;": -1,
	}
	for line, want := range tests {
		t.Run(line, func(t *testing.T) {
			got, err := chunkSize(line)
			if want < 0 {
				assert.Equal(t, 400, statusOf(err), "%v", err)
			} else {
				assert.NoError(t, err)
				assert.Equal(t, want, got)
			}
		})
	}
}

// wholeChunks is content with all that there can be around it, and "hello, ä\n"
// inside.
const wholeChunks = "5;a=b\r\nhello\r\n02 ; c=\"d\"\r\n, \r\n3\r\n\xc3\xa4\n\r\n000;e\r\nA: b\r\nC:\r\n\r\n"

// TestChunked ensures the content that comes in chunks, in whatever pieces, and
// that what comes after is left for the next request.
func TestChunked(t *testing.T) {
	tests := map[string]struct{ sent, want string }{
		"nothing":                 {"0\r\n\r\n", ""},
		"one chunk":               {"5\r\nhello\r\n0\r\n\r\n", "hello"},
		"several":                 {"1\r\nh\r\n4\r\nello\r\n0\r\n\r\n", "hello"},
		"with all around":         {wholeChunks, "hello, ä\n"},
		"the end of a line in it": {"6\r\na\r\n\r\nb\r\n0\r\n\r\n", "a\r\n\r\nb"},
		"chunks in chunks":        {"5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n"},
		"a longer one":            {"3e8\r\n" + strings.Repeat("a", 1000) + "\r\n0\r\n\r\n", strings.Repeat("a", 1000)},
	}
	pieces := map[string]func(io.Reader) io.Reader{
		"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader,
		"in halves": iotest.HalfReader, "end with data": iotest.DataErrReader,
	}
	for name, test := range tests {
		for way, cut := range pieces {
			for _, buffer := range []int{16, 17, 64, lineLimit} {
				t.Run(fmt.Sprint(name, ", ", way, ", ", buffer), func(t *testing.T) {
					const next = "GET / HTTP/1.1\r\n"
					got, rest, err := readChunks(cut(strings.NewReader(test.sent+next)), buffer)
					assert.NoError(t, err)
					assert.Equal(t, test.want, got)
					assert.Equal(t, next, rest)
				})
			}
		}
	}
}

// TestChunkedCutShort ensures that content which ends too early is no content:
// one, cut shorter byte by byte.
func TestChunkedCutShort(t *testing.T) {
	for n := range len(wholeChunks) {
		t.Run(strconv.Quote(wholeChunks[:n]), func(t *testing.T) {
			got, _, err := readChunks(strings.NewReader(wholeChunks[:n]), lineLimit)
			assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
			assert.True(t, strings.HasPrefix("hello, ä\n", got), "%q", got)
		})
	}
}

// TestChunkedMalformed ensures that whoever writes chunks in another way is
// refused. Each row breaks one rule of RFC 9112, whose section is in its name,
// and would be right without that.
func TestChunkedMalformed(t *testing.T) {
	trailers := func(n int) string { return "0\r\n" + strings.Repeat("A: b\r\n", n) + "\r\n" }
	_, _, err := readChunks(strings.NewReader(trailers(fieldsLimit)), lineLimit)
	assert.NoError(t, err)
	tests := map[string]struct {
		sent string
		want int
	}{
		"7.1 LF after a size":           {"3\nabc\r\n0\r\n\r\n", 400},
		"7.1 LF after data":             {"3\r\nabc\n0\r\n\r\n", 400},
		"7.1 LF after the last size":    {"3\r\nabc\r\n0\n\r\n", 400},
		"7.1 LF at the end":             {"3\r\nabc\r\n0\r\n\n", 400},
		"7.1 CR after a size":           {"3\rabc\r\n0\r\n\r\n", 400},
		"7.1 two CR after a size":       {"3\r\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 no size":                   {"\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 a space before a size":     {" 3\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 a space after a size":      {"3 \r\nabc\r\n0\r\n\r\n", 400},
		"7.1 a sign":                    {"+3\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 a minus sign":              {"-3\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 a prefix":                  {"0x3\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 no hexadecimal digit":      {"g\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 a size beyond 63 bits":     {"ffffffffffffffff3\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 more data than its size":   {"3\r\nabcd\r\n0\r\n\r\n", 400},
		"7.1 less data than its size":   {"4\r\nabc\r\n0\r\n\r\n", 400},
		"7.1 no end after data":         {"3\r\nabc0\r\n\r\n", 400},
		"7.1 an empty line too many":    {"3\r\nabc\r\n\r\n0\r\n\r\n", 400},
		"7.1 the data of the last one":  {"0\r\nabc\r\n\r\n", 400},
		"7.1.1 a NUL in an extension":   {"3;a=\x00\r\nabc\r\n0\r\n\r\n", 400},
		"7.1.1 a CR in an extension":    {"3;a=\r3\r\nabc\r\n0\r\n\r\n", 400},
		"7.1.1 LF after an extension":   {"3;a\nabc\r\n0\r\n\r\n", 400},
		"7.1.1 an extension, no colon":  {"3 a=b\r\nabc\r\n0\r\n\r\n", 400},
		"7.1.1 an endless extension":    {"3;" + strings.Repeat("a", lineLimit) + "\r\nabc\r\n0\r\n\r\n", 431},
		"7.1.2 no trailer field":        {"0\r\nabc\r\n\r\n", 400},
		"7.1.2 a space before a colon":  {"0\r\nA : b\r\n\r\n", 400},
		"7.1.2 a folded trailer field":  {"0\r\nA: b\r\n c\r\n\r\n", 400},
		"7.1.2 LF after a trailer":      {"0\r\nA: b\n\r\n", 400},
		"7.1.2 a NUL in a trailer":      {"0\r\nA: \x00\r\n\r\n", 400},
		"7.1.2 trailers, one too many":  {trailers(fieldsLimit + 1), 431},
		"7.1.2 trailers without end":    {trailers(100 * fieldsLimit), 431},
		"7.1.2 a trailer without end":   {"0\r\nA: " + strings.Repeat("a", lineLimit) + "\r\n\r\n", 431},
		"7.1 a size without end":        {strings.Repeat("0", lineLimit) + "\r\n\r\n", 431},
		"7.1 a size of many zeros, lie": {strings.Repeat("0", 100) + "3\r\nab\r\n0\r\n\r\n", 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := readChunks(strings.NewReader(test.sent), lineLimit)
			assert.Equal(t, test.want, statusOf(err), "%v", err)
		})
	}
}

// TestChunkedEnds ensures that nothing is read after the end, or after an error.
func TestChunkedEnds(t *testing.T) {
	for sent, want := range map[string]int{"0\r\n\r\n0\r\n\r\n": 0, "x\r\n3\r\nabc\r\n": 400} {
		r := &chunkedReader{in: bufio.NewReader(strings.NewReader(sent))}
		for range 3 {
			n, err := r.Read(make([]byte, 10))
			assert.Zero(t, n)
			assert.Equal(t, want, statusOf(err))
			assert.Equal(t, want == 0, err == io.EOF)
		}
	}
	broken := errors.New("broken")
	_, _, err := readChunks(io.MultiReader(strings.NewReader("5\r\nhel"), iotest.ErrReader(broken)), lineLimit)
	assert.ErrorIs(t, err, broken)
}

// These say in another way what a line with a size is, and a field line.
var (
	sizeForm    = regexp.MustCompile(`^([0-9A-Fa-f]+)([ \t]*;.*)?$`)
	trailerForm = regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+:")
	controlForm = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)
)

// cutChunkLine cuts s after its first line, as strictly as can be.
func cutChunkLine(s string) (line, rest string, ok bool) {
	line, rest, found := strings.Cut(s, "\n")
	text, ended := strings.CutSuffix(line, "\r")
	return text, rest, found && ended && !controlForm.MatchString(text)
}

// plainChunks is a chunkedReader that knows all bytes beforehand, and does one
// thing after another. It reports whether s begins with content in chunks.
func plainChunks(s string) (content, rest string, ok bool) {
	for {
		line, after, ok := cutChunkLine(s)
		form := sizeForm.FindStringSubmatch(line)
		if !ok || form == nil {
			return "", "", false
		}
		digits := strings.TrimLeft(form[1], "0")
		if s = after; digits == "" {
			rest, ok = plainTrailers(s)
			return content, rest, ok
		}
		size, err := strconv.ParseInt(digits, 16, 64)
		if err != nil || size > int64(len(s)) {
			return "", "", false
		}
		content += s[:size]
		if s, ok = strings.CutPrefix(s[size:], "\r\n"); !ok {
			return "", "", false
		}
	}
}

// plainTrailers cuts a trailer section off s.
func plainTrailers(s string) (rest string, ok bool) {
	for range fieldsLimit + 1 {
		line, after, ok := cutChunkLine(s)
		if !ok || line == "" {
			return after, ok
		}
		if s = after; !trailerForm.MatchString(line) {
			return "", false
		}
	}
	return "", false
}

// FuzzChunked ensures that whatever is sent, the reader takes it exactly if its
// plain brother does, and finds the same in it.
func FuzzChunked(f *testing.F) {
	for _, sent := range []string{
		wholeChunks, "0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\nGET", "3\nabc\r\n0\r\n\r\n", "3;\r\nabc\r\n0\r\nA:b\r\n\r\n", "-1\r\n", "0x1\r\na\r\n0\r\n\r\n",
		"ffffffffffffffff\r\n", "3\r\nabcd\r\n0\r\n\r\n", "0\r\nA : b\r\n\r\n", "1 ;\r\na\r\n00;b\r\n\r\n", "1\r\na\r\n", "0\r\n\n", "1\r\n\r\r\n0\r\n\r\n",
	} {
		f.Add(sent, uint8(0))
	}
	f.Fuzz(func(t *testing.T, sent string, way uint8) {
		if len(sent) >= fieldLimit {
			return
		}
		r := io.Reader(strings.NewReader(sent))
		switch way % 3 {
		case 1:
			r = iotest.OneByteReader(r)
		case 2:
			r = iotest.HalfReader(r)
		}
		content, rest, ok := plainChunks(sent)
		got, left, err := readChunks(r, lineLimit)
		assert.LessOrEqual(t, len(got), len(sent))
		assert.Equal(t, ok, err == nil, "%v", err)
		if ok && err == nil {
			assert.Equal(t, content, got)
			assert.Equal(t, rest, left)
		}
	})
}

// FuzzChunkedContent ensures that any content, in chunks of any sizes, is read
// as it was.
func FuzzChunkedContent(f *testing.F) {
	f.Add("hello\n", uint64(1))
	f.Add("", uint64(2))
	f.Add("0\r\n\r\n5\r\n", uint64(3))
	f.Fuzz(func(t *testing.T, content string, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 0))
		var sent strings.Builder
		for rest := content; rest != ""; {
			n := 1 + random.IntN(len(rest))
			form := []string{"%x\r\n%s\r\n", "%X;a=b\r\n%s\r\n", "0%x ;a\r\n%s\r\n"}[random.IntN(3)]
			fmt.Fprintf(&sent, form, n, rest[:n])
			rest = rest[n:]
		}
		sent.WriteString("0\r\n" + strings.Repeat("A: b\r\n", random.IntN(3)) + "\r\n")
		got, rest, err := readChunks(iotest.HalfReader(strings.NewReader(sent.String()+"GET")), 16+random.IntN(100))
		assert.NoError(t, err)
		assert.Equal(t, content, got)
		assert.Equal(t, "GET", rest)
	})
}
