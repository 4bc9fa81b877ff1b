package main

import (
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCodingWeights ensures how much a client likes gzip, and how much the
// content as it is (RFC 9110, 12.5.3).
func TestCodingWeights(t *testing.T) {
	tests := map[string][2]int{
		"":                                   {0, 1},
		"gzip":                               {1000, 1},
		"GZIP":                               {1000, 1},
		"x-gzip":                             {1000, 1},
		"deflate, br":                        {0, 1},
		"gzip, deflate, br, zstd":            {1000, 1},
		"gzip;q=0":                           {0, 1},
		"gzip;q=0.5":                         {500, 1},
		"gzip;q=0.5, identity":               {500, 1000},
		"gzip;q=0.5, identity;q=0.5":         {500, 500},
		"identity":                           {0, 1000},
		"identity;q=0":                       {0, 0},
		"identity;q=0, gzip":                 {1000, 0},
		"*":                                  {1000, 1000},
		"*;q=0":                              {0, 0},
		"gzip, *;q=0":                        {1000, 0},
		"identity, *;q=0":                    {0, 1000},
		"identity;q=0.5, *;q=0":              {0, 500},
		"*;q=0.3, gzip;q=0":                  {0, 300},
		"br, *;q=0.1":                        {100, 100},
		"gzip;q=1.0, identity; q=0.5, *;q=0": {1000, 500},
		"gzip;q=0.5, x-gzip":                 {500, 1},
		"gzip;q=nonsense":                    {0, 1},
	}
	for value, want := range tests {
		t.Run(value, func(t *testing.T) {
			gzip, identity := codingWeights(preferences([]string{value}))
			assert.Equal(t, want, [2]int{gzip, identity})
		})
	}
}

// TestIsText ensures what is worth the work.
func TestIsText(t *testing.T) {
	tests := map[string]bool{
		"text/html; charset=utf-8": true, "text/plain": true, "text/css": true, "application/json": true, "image/svg+xml": true,
		"application/xml": true, "application/wasm": true, "application/ld+json": true, "application/javascript": true,
		"image/png": false, "application/zip": false, "video/mp4": false, "font/woff2": false, "application/octet-stream": false,
		"application/pdf": false, "textual/html": false, "application/x; a=+xml": false, "": false,
	}
	for mediaType, want := range tests {
		assert.Equal(t, want, isText(mediaType), mediaType)
	}
}

// unzip returns what is in compressed content.
func unzip(t *testing.T, content string) string {
	r, err := gzip.NewReader(strings.NewReader(content))
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}

// TestEncoded ensures who gets a file compressed, and which.
func TestEncoded(t *testing.T) {
	s := newServer(t)
	sizes := map[string]int{"a.txt": gzipLeast, "a.html": 5000, "a.svg": 5000, "short.txt": gzipLeast - 1, "a.png": 5000, "empty.txt": 0,
		"most.txt": gzipMost, "long.txt": gzipMost + 1, "long.png": gzipMost + 1}
	for name, size := range sizes {
		writeSettled(t, s, name, strings.Repeat("a", size))
	}
	type row struct{ target, accept, more, want string }
	tests := map[string]row{
		"gzip":                          {"/a.txt", "gzip", "", "gzip"},
		"a page":                        {"/a.html", "gzip, deflate, br", "", "gzip"},
		"a drawing":                     {"/a.svg", "gzip", "", "gzip"},
		"as long as can be":             {"/most.txt", "gzip", "", "gzip"},
		"as good as any":                {"/a.txt", "*", "", "gzip"},
		"as good":                       {"/a.txt", "gzip;q=0.5, identity;q=0.5", "", "gzip"},
		"hardly":                        {"/a.txt", "gzip;q=0.001", "", "gzip"},
		"no word about it":              {"/a.txt", "", "", "identity"},
		"another coding":                {"/a.txt", "br", "", "identity"},
		"not that":                      {"/a.txt", "gzip;q=0", "", "identity"},
		"rather as it is":               {"/a.txt", "gzip;q=0.5, identity", "", "identity"},
		"too short":                     {"/short.txt", "gzip", "", "identity"},
		"too long":                      {"/long.txt", "gzip", "", "identity"},
		"compressed already":            {"/a.png", "gzip", "", "identity"},
		"not as it is, and short":       {"/short.txt", "gzip, identity;q=0", "", "gzip"},
		"not as it is, and empty":       {"/empty.txt", "gzip, identity;q=0", "", "gzip"},
		"not as it is, and no text":     {"/a.png", "gzip, *;q=0", "", "gzip"},
		"not as it is, and too long":    {"/long.txt", "gzip, identity;q=0", "", "406"},
		"not as it is, and not gzip":    {"/a.txt", "identity;q=0", "", "406"},
		"not at all":                    {"/a.txt", "*;q=0", "", "406"},
		"not at all, and long":          {"/long.png", "*;q=0", "", "406"},
		"a part":                        {"/a.txt", "gzip", "bytes=0-", "identity"},
		"a part, malformed":             {"/a.txt", "gzip", "bites=0-", "gzip"},
		"a part, but not as it is":      {"/a.txt", "gzip, identity;q=0", "bytes=0-", "gzip"},
		"something missing":             {"/missing.txt", "*;q=0", "", "404"},
		"a malformed word":              {"/a.txt", "gzip;q=x", "", "identity"},
		"gzip, which is called so, too": {"/a.txt", "x-gzip", "", "gzip"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var fields []Field
			if test.accept != "" {
				fields = append(fields, Field{"Accept-Encoding", test.accept})
			}
			if test.more != "" {
				fields = append(fields, Field{"Range", test.more})
			}
			response, content := ask(t, s, test.target, fields...)
			plain, _ := ask(t, s, test.target)
			switch test.want {
			case "gzip":
				assert.Equal(t, "gzip", valueOf(t, response, "Content-Encoding"))
				assert.Equal(t, strings.TrimSuffix(plain.Tag, `"`)+`-gzip"`, valueOf(t, response, "ETag"))
				assert.Equal(t, valueOf(t, plain, "Last-Modified"), valueOf(t, response, "Last-Modified"))
				assert.True(t, strings.Repeat("a", sizes[test.target[1:]]) == unzip(t, content))
			case "identity":
				assert.Empty(t, valueOf(t, response, "Content-Encoding"))
				assert.Equal(t, plain.Tag, response.Tag)
				assert.Equal(t, sizes[test.target[1:]], len(content))
			case "406":
				assert.Equal(t, 406, response.Status)
			default:
				assert.Equal(t, 404, response.Status)
				return
			}
			assert.Equal(t, vary, valueOf(t, response, "Vary"))
		})
	}
}

// TestEncodedFull ensures that no more compressed content is on its way at a time
// than there may be: who takes the content as it is gets that.
func TestEncodedFull(t *testing.T) {
	const length = 5000
	s := newServer(t)
	writeSettled(t, s, "a.txt", strings.Repeat("a", length))
	tests := map[string]struct {
		room   int64
		accept string
		status int
		want   string
	}{
		"there is room":                 {length, "gzip", 200, "gzip"},
		"there is not":                  {length - 1, "gzip", 200, ""},
		"there is, and not as it is":    {length, "gzip, identity;q=0", 200, "gzip"},
		"it is full, and not as it is":  {length - 1, "gzip, identity;q=0", 406, ""},
		"it is full, and as good":       {length - 1, "gzip;q=0.5, identity;q=0.5", 200, ""},
		"it is full, and no word of it": {length - 1, "br", 200, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s.memory.onTheirWay.Store(codedLimit - test.room)
			response, _ := ask(t, s, "/a.txt", Field{"Accept-Encoding", test.accept})
			assert.Equal(t, test.status, response.Status)
			assert.Equal(t, test.want, valueOf(t, response, "Content-Encoding"))
			assert.Equal(t, codedLimit-test.room, s.memory.onTheirWay.Load(), "it is given back")
		})
	}
}

// TestEncodedOnTheirWay ensures that compressed content counts, with its own
// length, for as long as it is on its way, whatever becomes of it.
func TestEncodedOnTheirWay(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", strings.Repeat("a", 5000))
	tests := map[string]struct {
		method string
		field  Field
		status int
	}{
		"all of it":         {"GET", Field{"A", "b"}, 200},
		"its head":          {"HEAD", Field{"A", "b"}, 200},
		"the client has it": {"GET", Field{"If-None-Match", "*"}, 304},
		"it is another one": {"GET", Field{"If-Match", `"x"`}, 412},
		"a part":            {"GET", Field{"Range", "bytes=0-1"}, 206},
		"two parts":         {"GET", Field{"Range", "bytes=0-1,4-5"}, 206},
		"no such part":      {"GET", Field{"Range", "bytes=5000-"}, 416},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fields := []Field{{"Accept-Encoding", "gzip, identity;q=0"}, test.field}
			response := s.respond(Request{Method: test.method, Target: "/a.txt", Version: "HTTP/1.1", Fields: fields}, nil)
			assert.Equal(t, test.status, response.Status)
			if test.status < 300 {
				kept, ok := s.memory.coded.get("a.txt " + strings.Replace(response.Tag, "-gzip", "", 1))
				assert.True(t, ok)
				assert.Equal(t, int64(len(kept)), s.memory.onTheirWay.Load())
				assert.LessOrEqual(t, cap(kept), len(kept)*9/8, "and takes hardly more")
			}
			response.write(s.newConnection(&fakeConn{}))
			assert.Zero(t, s.memory.onTheirWay.Load())
		})
	}
}

// TestEncodedRange ensures that a Range which is not followed changes nothing:
// who takes gzip gets it (RFC 9110, 14.2 and 13.1.5).
func TestEncodedRange(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", strings.Repeat("a", 5000))
	settled, _ := ask(t, s, "/a.txt")
	coded := strings.TrimSuffix(settled.Tag, `"`) + `-gzip"`
	part := Field{"Range", "bytes=0-1"}
	tests := map[string]struct {
		method string
		fields []Field
		status int
		coding string
	}{
		"a part":                     {"GET", []Field{part}, 206, ""},
		"of the same file":           {"GET", []Field{part, {"If-Range", settled.Tag}}, 206, ""},
		"of what is coded":           {"GET", []Field{part, {"If-Range", coded}}, 206, "gzip"},
		"no such part":               {"GET", []Field{{"Range", "bytes=5000-"}}, 416, ""},
		"no such part of the coded":  {"GET", []Field{{"Range", "bytes=4000-"}, {"If-Range", coded}}, 416, ""},
		"of another file":            {"GET", []Field{part, {"If-Range", `"x"`}}, 200, "gzip"},
		"no part of another file":    {"GET", []Field{{"Range", "bytes=5000-"}, {"If-Range", `"x"`}}, 200, "gzip"},
		"malformed":                  {"GET", []Field{{"Range", "bytes=5-2"}}, 200, "gzip"},
		"lines":                      {"GET", []Field{{"Range", "lines=0-1"}}, 200, "gzip"},
		"two fields":                 {"GET", []Field{part, part}, 200, "gzip"},
		"the head":                   {"HEAD", []Field{part}, 200, "gzip"},
		"the head, of the same file": {"HEAD", []Field{part, {"If-Range", settled.Tag}}, 200, "gzip"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fields := append(test.fields, Field{"Accept-Encoding", "gzip"})
			response := s.respond(Request{Method: test.method, Target: "/a.txt", Fields: fields}, nil)
			defer response.close()
			assert.Equal(t, test.status, response.Status)
			assert.Equal(t, test.coding, valueOf(t, response, "Content-Encoding"))
		})
	}
}

// TestEncodedListing ensures that a listing is compressed, too.
func TestEncodedListing(t *testing.T) {
	s := newServer(t)
	for _, letter := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		writeSettled(t, s, strings.Repeat(letter, 50)+".txt", "")
	}
	_, plain := ask(t, s, "/")
	require.Greater(t, len(plain), gzipLeast)
	response, content := ask(t, s, "/", Field{"Accept-Encoding", "gzip"})
	assert.Equal(t, plain, unzip(t, content))
	assert.Regexp(t, `-gzip"$`, response.Tag)
	again, _ := ask(t, s, "/", Field{"Accept-Encoding", "gzip"}, Field{"If-None-Match", response.Tag})
	assert.Equal(t, 304, again.Status)
}

// TestCompressOnce ensures that a file is compressed once, until it changes; and
// each time while it is fresh.
func TestCompressOnce(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", strings.Repeat("a", 5000))
	zip := Field{"Accept-Encoding", "gzip"}
	first, content := ask(t, s, "/a.txt", zip)
	key := "a.txt " + strings.Replace(first.Tag, "-gzip", "", 1)
	kept, ok := s.memory.coded.get(key)
	require.True(t, ok)
	assert.Equal(t, content, string(kept))
	s.memory.coded.put(key, []byte("from memory"), 11)
	_, content = ask(t, s, "/a.txt", zip)
	assert.Equal(t, "from memory", content)
	writeSettled(t, s, "a.txt", strings.Repeat("b", 5001))
	_, content = ask(t, s, "/a.txt", zip)
	assert.Equal(t, strings.Repeat("b", 5001), unzip(t, content))
	assert.Len(t, s.memory.coded.entries, 2)
	writeRecent(t, s, "fresh.txt", strings.Repeat("c", 5000))
	atRecent(t, func(t *testing.T) {
		fresh, content := ask(t, s, "/fresh.txt", zip)
		assert.Equal(t, strings.Repeat("c", 5000), unzip(t, content))
		assert.Regexp(t, `^W/".*-gzip"$`, fresh.Tag)
		assert.Len(t, s.memory.coded.entries, 2)
	})
}

// A countingReader counts the bytes that are read.
type countingReader struct {
	io.Reader
	read *atomic.Int64
}

// Read counts.
func (r countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.read.Add(int64(n))
	return n, err
}

// TestCompressTogether ensures that those who ask for the same at the same time
// share the work.
func TestCompressTogether(t *testing.T) {
	const length = 1 << 20
	s := newServer(t)
	var read atomic.Int64
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			content := countingReader{io.LimitReader(endlessZeros{}, length), &read}
			got, err := s.compress(&Response{Name: "a.txt", Tag: `"a"`, Content: content, Length: length})
			assert.NoError(t, err)
			assert.Less(t, len(got), length/100)
		})
	}
	running.Wait()
	assert.Equal(t, int64(length), read.Load())
	assert.Len(t, s.memory.coded.entries, 1)
}

// TestCompressFails ensures that a file which cannot be read to its end is a
// 500, is closed, and is not kept.
func TestCompressFails(t *testing.T) {
	for name, content := range map[string]io.ReadSeeker{"it fails": failing{}, "it has shrunk": strings.NewReader("a")} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			response := whole(`"x"`, old)
			counter := &closeCounter{ReadSeeker: content}
			response.Content, response.Length = counter, 5000
			_, err := s.gzipped(response)
			assert.Equal(t, 500, statusOf(err))
			assert.Equal(t, 1, counter.closed)
			assert.Empty(t, s.memory.coded.entries)
			assert.Equal(t, int64(-5000), s.memory.onTheirWay.Load(), "what was taken for it is given back")
		})
	}
}

// failing is content that cannot be read.
type failing struct{ io.ReadSeeker }

// Read fails.
func (failing) Read(p []byte) (int, error) {
	return iotest.ErrReader(errors.New("disk")).Read(p)
}

// TestEncodedCloses ensures that content which is not sent as it is is closed.
func TestEncodedCloses(t *testing.T) {
	for accept, want := range map[string]int{"gzip, identity;q=0": 1, "*;q=0": 1, "identity": 0} {
		response := whole(`"x"`, old)
		counter := &closeCounter{ReadSeeker: strings.NewReader("hello\n")}
		response.Content = counter
		newServer(t).encoded(Request{Fields: []Field{{"Accept-Encoding", accept}}}, response)
		assert.Equal(t, want, counter.closed, accept)
	}
}
