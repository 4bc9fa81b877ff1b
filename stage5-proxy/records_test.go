package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// record returns a record as an application would write it.
func record(kind byte, content string, padding int) string {
	header := []byte{1, kind, 0, 1, byte(len(content) >> 8), byte(len(content)), byte(padding), 0}
	return string(header) + content + strings.Repeat("\xff", padding)
}

// ended is the record that ends a request well, whatever the status of the
// application.
var ended = record(endRequest, "\x00\x00\x00\x07\x00\x00\x00\x00", 0)

// TestWriteRecord ensures how records are written, to the byte, and that long
// content becomes several.
func TestWriteRecord(t *testing.T) {
	long := strings.Repeat("a", recordLimit)
	tests := map[string]struct{ content, want string }{
		"nothing":             {"", record(stdin, "", 0)},
		"short":               {"hello", record(stdin, "hello", 0)},
		"as long as may be":   {long, record(stdin, long, 0)},
		"longer":              {long + "b", record(stdin, long, 0) + record(stdin, "b", 0)},
		"three times as long": {long + long + long, strings.Repeat(record(stdin, long, 0), 3)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			out := bufio.NewWriter(&got)
			assert.NoError(t, writeRecord(out, stdin, []byte(test.content)))
			out.Flush()
			assert.True(t, test.want == got.String())
		})
	}
	assert.ErrorIs(t, writeRecord(bufio.NewWriterSize(brokenWriter{}, 16), stdin, make([]byte, 100)), errBroken)
}

// TestEncodePairs ensures how names and values are written (FastCGI 1.0, 3.4).
func TestEncodePairs(t *testing.T) {
	at127, at128 := strings.Repeat("a", 127), strings.Repeat("b", 128)
	tests := map[string]struct {
		pairs []Field
		want  string
	}{
		"none":         {nil, ""},
		"short":        {[]Field{{"AB", "c"}}, "\x02\x01ABc"},
		"empty":        {[]Field{{"A", ""}, {"", ""}}, "\x01\x00A\x00\x00"},
		"a byte":       {[]Field{{"A", at127}}, "\x01\x7fA" + at127},
		"four bytes":   {[]Field{{"A", at128}}, "\x01\x80\x00\x00\x80A" + at128},
		"a long name":  {[]Field{{at128, "c"}}, "\x80\x00\x00\x80\x01" + at128 + "c"},
		"a large size": {[]Field{{"", strings.Repeat("c", 70000)}}, "\x00\x80\x01\x11\x70" + strings.Repeat("c", 70000)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { assert.True(t, test.want == string(encodePairs(test.pairs))) })
	}
}

// FuzzEncodePairs ensures that names and values are read as they were written.
func FuzzEncodePairs(f *testing.F) {
	f.Add("A", "b", "", strings.Repeat("c", 200))
	f.Fuzz(func(t *testing.T, n1, v1, n2, v2 string) {
		rest := encodePairs([]Field{{n1, v1}, {n2, v2}})
		for _, want := range []string{n1 + v1, n2 + v2} {
			var lengths [2]int
			for i := range lengths {
				lengths[i] = int(rest[0])
				if rest = rest[1:]; lengths[i] >= 128 {
					lengths[i] = (lengths[i]-128)<<24 | int(rest[0])<<16 | int(rest[1])<<8 | int(rest[2])
					rest = rest[3:]
				}
			}
			n := lengths[0] + lengths[1]
			assert.Equal(t, want, string(rest[:n]))
			rest = rest[n:]
		}
		assert.Empty(t, rest)
	})
}

// TestRecordReader ensures what an application says to the client, what to the
// log, and how its request ends.
func TestRecordReader(t *testing.T) {
	tests := map[string]struct{ sent, content, errors string }{
		"nothing":          {ended, "", ""},
		"content":          {record(stdout, "hello", 0) + ended, "hello", ""},
		"in pieces":        {record(stdout, "he", 6) + record(stdout, "llo", 0) + record(stdout, "", 0) + ended, "hello", ""},
		"padding":          {record(stdout, "hello", 255) + record(stdout, "", 8) + record(endRequest, "\x00\x00\x00\x00\x00\x00\x00\x00", 3), "hello", ""},
		"errors":           {record(stderr, "oh\n", 5) + record(stdout, "a", 0) + record(stderr, "no\n", 0) + record(stderr, "", 0) + ended, "a", "oh\nno\n"},
		"more than enough": {record(stdout, "hello", 0) + ended + "rest", "hello", ""},
		"much":             {record(stdout, strings.Repeat("a", 65535), 1) + ended, strings.Repeat("a", 65535), ""},
	}
	for name, test := range tests {
		for way, cut := range map[string]func(io.Reader) io.Reader{"byte by byte": iotest.OneByteReader, "in halves": iotest.HalfReader, "at once": iotest.DataErrReader} {
			t.Run(name+", "+way, func(t *testing.T) {
				var errors strings.Builder
				l := legFrom(cut(strings.NewReader(test.sent)))
				r := &recordReader{leg: l, errors: &errors}
				content, err := io.ReadAll(r)
				require.NoError(t, err)
				assert.True(t, test.content == string(content))
				assert.Equal(t, test.errors, errors.String())
				assert.True(t, r.ended)
				n, err := r.Read(make([]byte, 10))
				assert.Zero(t, n)
				assert.Equal(t, io.EOF, err)
				rest, _ := io.ReadAll(l.in)
				assert.Equal(t, strings.TrimSuffix(test.sent, string(rest))+string(rest), test.sent)
				assert.Equal(t, name == "more than enough", string(rest) == "rest")
			})
		}
	}
}

// TestRecordReaderErrors ensures which records mean nothing good, and that an end
// in the middle is no end.
func TestRecordReaderErrors(t *testing.T) {
	end := func(status byte) string {
		return record(endRequest, "\x00\x00\x00\x00"+string([]byte{status})+"\x00\x00\x00", 0)
	}
	tests := map[string]struct {
		sent string
		want int
	}{
		"one at a time only":  {end(1), 500},
		"overloaded":          {end(2), 503},
		"no such role":        {end(3), 500},
		"an unknown status":   {end(200), 500},
		"a short end":         {record(endRequest, "\x00\x00\x00\x00", 0), 500},
		"a long end":          {record(endRequest, "\x00\x00\x00\x00\x00\x00\x00\x00\x00", 0), 500},
		"another version":     {"\x02" + ended[1:], 500},
		"another request":     {strings.Replace(record(stdout, "a", 0), "\x00\x01", "\x00\x02", 1) + ended, 500},
		"a higher request":    {"\x01\x06\x01\x01\x00\x01\x00\x00a" + ended, 500},
		"no record for us":    {record(stdin, "a", 0) + ended, 500},
		"an unknown type":     {record(11, "", 0) + ended, 500},
		"a management record": {"\x01\x0a\x00\x00\x00\x00\x00\x00", 500},
		"HTTP":                {"HTTP/1.1 200 OK\r\n\r\n", 500},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := &recordReader{leg: legFrom(strings.NewReader(test.sent)), errors: io.Discard}
			_, err := io.ReadAll(r)
			assert.Error(t, err)
			assert.Equal(t, test.want, statusOfError(err))
			assert.False(t, r.ended)
		})
	}
	whole := record(stdout, "hello", 3) + record(stderr, "oh", 2) + record(endRequest, "\x00\x00\x00\x00\x00\x00\x00\x00", 1)
	for n := range len(whole) {
		r := &recordReader{leg: legFrom(strings.NewReader(whole[:n])), errors: io.Discard}
		_, err := io.ReadAll(r)
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF, n)
	}
}

// plainRecords is a recordReader that knows all bytes beforehand. It reports
// whether they are a whole request.
func plainRecords(sent string) (content, errors string, ok bool) {
	for len(sent) >= 8 {
		length, padding := int(binary.BigEndian.Uint16([]byte(sent[4:6]))), int(sent[6])
		if sent[0] != 1 || sent[2:4] != "\x00\x01" || len(sent) < 8+length+padding {
			return "", "", false
		}
		body := sent[8 : 8+length]
		switch sent[1] {
		case 3:
			return content, errors, length == 8 && body[4] == 0
		case 6:
			content += body
		case 7:
			errors += body
		default:
			return "", "", false
		}
		sent = sent[8+length+padding:]
	}
	return "", "", false
}

// FuzzRecordReader ensures that whatever an application sends, the reader takes it
// exactly if its plain brother does, and finds the same in it.
func FuzzRecordReader(f *testing.F) {
	for _, sent := range []string{ended, record(stdout, "hello", 3) + ended, record(stderr, "oh", 2) + ended, record(stdout, "a", 0), record(5, "", 0), ended[:10]} {
		f.Add(sent, true)
	}
	f.Fuzz(func(t *testing.T, sent string, bytewise bool) {
		in := io.Reader(strings.NewReader(sent))
		if bytewise {
			in = iotest.OneByteReader(in)
		}
		var errors strings.Builder
		got, err := io.ReadAll(&recordReader{leg: legFrom(in), errors: &errors})
		content, said, ok := plainRecords(sent)
		assert.Equal(t, ok, err == nil, "%v", err)
		if ok {
			assert.Equal(t, content, string(got))
			assert.Equal(t, said, errors.String())
		}
	})
}
