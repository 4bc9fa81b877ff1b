package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestParseRanges ensures what a field Range asks for, of a content of so many
// bytes (RFC 9110, 14.1). In what is wanted, "ignored" is a field that does not
// count, and nothing is a range that lies outside.
func TestParseRanges(t *testing.T) {
	const huge = "99999999999999999999"
	tests := []struct {
		value string
		size  int64
		want  string
	}{
		{"bytes=0-0", 10, "0+1"},
		{"bytes=0-9", 10, "0+10"},
		{"bytes=0-", 10, "0+10"},
		{"bytes=9-", 10, "9+1"},
		{"bytes=9-9", 10, "9+1"},
		{"bytes=5-100", 10, "5+5"},
		{"bytes=-1", 10, "9+1"},
		{"bytes=-10", 10, "0+10"},
		{"bytes=-100", 10, "0+10"},
		{"bytes=007-0008", 10, "7+2"},
		{"Bytes=0-0", 10, "0+1"},
		{"BYTES=-1", 10, "9+1"},
		{"bytes=0-0,2-3", 10, "0+1 2+2"},
		{"bytes=2-3,0-0", 10, "2+2 0+1"},
		{"bytes=0-0, 2-3 ,\t-1", 10, "0+1 2+2 9+1"},
		{"bytes=,0-0,,2-3,", 10, "0+1 2+2"},
		{"bytes=0-4,5-9", 10, "0+5 5+5"},
		{"bytes=0-1,1-2", 10, "0+2 1+2"},
		{"bytes=0-0,20-", 10, "0+1"},
		{"bytes=10-", 10, ""},
		{"bytes=10-20", 10, ""},
		{"bytes=-0", 10, ""},
		{"bytes=10-,20-,-0", 10, ""},
		{"bytes=0-" + huge, 10, "0+10"},
		{"bytes=" + huge + "-", 10, ""},
		{"bytes=" + huge + "-" + huge, 10, ""},
		{"bytes=-" + huge, 10, "0+10"},
		{"bytes=0-9223372036854775807", math.MaxInt64, "0+9223372036854775807"},
		{"bytes=0-9223372036854775806,-1", math.MaxInt64, "ignored"},
		{"bytes=0-0", 1, "0+1"},
		{"bytes=0-4,4-9", 10, "ignored"},
		{"bytes=0-,0-", 10, "ignored"},
		{"bytes=-6,-6", 10, "ignored"},
		{"bytes=0-0," + strings.Repeat("1-1,", rangesLimit-1), 100, "0+1" + strings.Repeat(" 1+1", rangesLimit-1)},
		{"bytes=0-0," + strings.Repeat("1-1,", rangesLimit), 100, "ignored"},
		{"bytes=" + strings.Repeat("200-,", rangesLimit+1), 100, "ignored"},
		{"bytes=5-4", 10, "ignored"},
		{"bytes=0-0,5-4", 10, "ignored"},
		{"bytes=15-14", 10, "ignored"},
		{"bytes=-", 10, "ignored"},
		{"bytes=", 10, "ignored"},
		{"bytes=,", 10, "ignored"},
		{"bytes", 10, "ignored"},
		{"", 10, "ignored"},
		{"0-0", 10, "ignored"},
		{"=0-0", 10, "ignored"},
		{"bytes:0-0", 10, "ignored"},
		{"bytes 0-0", 10, "ignored"},
		{"bytes =0-0", 10, "ignored"},
		{"lines=0-0", 10, "ignored"},
		{"byte=0-0", 10, "ignored"},
		{"byte\u017f=0-0", 10, "ignored"},
		{"bytes=0", 10, "ignored"},
		{"bytes=0-0-0", 10, "ignored"},
		{"bytes=--1", 10, "ignored"},
		{"bytes=+0-0", 10, "ignored"},
		{"bytes=0-+1", 10, "ignored"},
		{"bytes=0x0-0x1", 10, "ignored"},
		{"bytes=0 - 1", 10, "ignored"},
		{"bytes=0- 1", 10, "ignored"},
		{"bytes=a-b", 10, "ignored"},
		{"bytes=0-0;1-1", 10, "ignored"},
		{"bytes=1_0-20", 100, "ignored"},
		{"bytes=٠-١", 10, "ignored"},
		{"bytes=0-0,x", 10, "ignored"},
		{"bytes=0-0,lines=1-1", 10, "ignored"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.value, " of ", test.size), func(t *testing.T) {
			ranges, ok := parseRanges(test.value, test.size)
			var got []string
			for _, r := range ranges {
				got = append(got, fmt.Sprintf("%d+%d", r.start, r.length))
			}
			if !ok {
				got = []string{"ignored"}
			}
			assert.Equal(t, test.want, strings.Join(got, " "))
		})
	}
}

// TestRanged ensures what becomes of a request for a part.
func TestRanged(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "0123456789")
	writeSettled(t, s, "empty.txt", "")
	writeSettled(t, s, "long.txt", "0123456789"+strings.Repeat("a", keptLimit))
	writeRecent(t, s, "fresh.txt", "0123456789")
	var settled, fresh *Response
	atRecent(t, func(t *testing.T) {
		settled, _ = ask(t, s, "/a.txt")
		fresh, _ = ask(t, s, "/fresh.txt")
	})
	part := Field{"Range", "bytes=2-4"}
	const date = "Fri, 02 Jan 2026 15:04:05 GMT"
	tests := map[string]struct {
		target string
		fields []Field
		status int
		want   string
	}{
		"a part":                        {"/a.txt", []Field{part}, 206, "234"},
		"a part of a long file":         {"/long.txt", []Field{part}, 206, "234"},
		"a part of a fresh file":        {"/fresh.txt", []Field{part}, 206, "234"},
		"all of it":                     {"/a.txt", []Field{{"Range", "bytes=0-"}}, 206, "0123456789"},
		"one of those that there are":   {"/a.txt", []Field{{"Range", "bytes=90-,2-4"}}, 206, "234"},
		"no such part":                  {"/a.txt", []Field{{"Range", "bytes=10-"}}, 416, ""},
		"malformed":                     {"/a.txt", []Field{{"Range", "bytes=4-2"}}, 200, "0123456789"},
		"twice":                         {"/a.txt", []Field{part, part}, 200, "0123456789"},
		"over two lines":                {"/a.txt", []Field{part, {"Range", "6-6"}}, 200, "0123456789"},
		"nothing of nothing":            {"/empty.txt", []Field{part}, 200, ""},
		"the end of nothing":            {"/empty.txt", []Field{{"Range", "bytes=-5"}}, 200, ""},
		"no such file":                  {"/missing.txt", []Field{part}, 404, ""},
		"the same, by its tag":          {"/a.txt", []Field{part, {"If-Range", settled.Tag}}, 206, "234"},
		"the same, by its date":         {"/a.txt", []Field{part, {"If-Range", date}}, 206, "234"},
		"by an older form of its date":  {"/a.txt", []Field{part, {"If-Range", "Fri Jan  2 15:04:05 2026"}}, 206, "234"},
		"another tag":                   {"/a.txt", []Field{part, {"If-Range", `"x"`}}, 200, "0123456789"},
		"a weak tag":                    {"/a.txt", []Field{part, {"If-Range", "W/" + settled.Tag}}, 200, "0123456789"},
		"two tags":                      {"/a.txt", []Field{part, {"If-Range", settled.Tag + `, "x"`}}, 200, "0123456789"},
		"any tag":                       {"/a.txt", []Field{part, {"If-Range", "*"}}, 200, "0123456789"},
		"an earlier date":               {"/a.txt", []Field{part, {"If-Range", "Fri, 02 Jan 2026 15:04:04 GMT"}}, 200, "0123456789"},
		"a later date":                  {"/a.txt", []Field{part, {"If-Range", "Fri, 02 Jan 2026 15:04:06 GMT"}}, 200, "0123456789"},
		"no date":                       {"/a.txt", []Field{part, {"If-Range", "now"}}, 200, "0123456789"},
		"the same, twice":               {"/a.txt", []Field{part, {"If-Range", settled.Tag}, {"If-Range", settled.Tag}}, 200, "0123456789"},
		"a fresh file, by its tag":      {"/fresh.txt", []Field{part, {"If-Range", fresh.Tag}}, 200, "0123456789"},
		"a fresh file, by its date":     {"/fresh.txt", []Field{part, {"If-Range", formatDate(fresh.Modified)}}, 200, "0123456789"},
		"another one, and no such part": {"/a.txt", []Field{{"Range", "bytes=10-"}, {"If-Range", `"x"`}}, 200, "0123456789"},
		"the client has it":             {"/a.txt", []Field{part, {"If-None-Match", settled.Tag}}, 304, ""},
		"it is another one":             {"/a.txt", []Field{part, {"If-Match", `"x"`}}, 412, ""},
		"not in this form":              {"/a.txt", []Field{part, {"Accept", "image/png"}}, 406, ""},
		"a tag without a part":          {"/a.txt", []Field{{"If-Range", settled.Tag}}, 200, "0123456789"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var response *Response
			var content string
			atRecent(t, func(t *testing.T) { response, content = ask(t, s, test.target, test.fields...) })
			assert.Equal(t, test.status, response.Status)
			if test.want != "" {
				assert.Equal(t, test.want, content)
				assert.Equal(t, "bytes", valueOf(t, response, "Accept-Ranges"))
			}
			switch test.status {
			case 206:
				start := strings.Index("0123456789", content)
				size := map[bool]int{true: 10, false: 10 + keptLimit}[test.target != "/long.txt"]
				assert.Equal(t, fmt.Sprintf("bytes %d-%d/%d", start, start+len(content)-1, size), valueOf(t, response, "Content-Range"))
				assert.NotEmpty(t, valueOf(t, response, "ETag"))
				assert.Equal(t, "text/plain; charset=utf-8", valueOf(t, response, "Content-Type"))
			case 416:
				assert.Equal(t, "bytes */10", valueOf(t, response, "Content-Range"))
			default:
				assert.Empty(t, valueOf(t, response, "Content-Range"))
			}
		})
	}
}

// TestRangedMethod ensures that only GET is for a part (RFC 9110, 14.2).
func TestRangedMethod(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "0123456789")
	for method, want := range map[string]int{"GET": 206, "HEAD": 200, "OPTIONS": 200} {
		response := s.respond(Request{Method: method, Target: "/a.txt", Fields: []Field{{"Range", "bytes=0-0"}}}, nil)
		assert.Equal(t, want, response.Status, method)
		assert.Equal(t, want == 206, valueOf(t, response, "Content-Range") != "")
		response.close()
	}
	page := pageResponse(200, "hello")
	page.Content = io.LimitReader(page.Content, 5)
	response, err := ranged(Request{Method: "GET", Fields: []Field{{"Range", "bytes=0-0"}}}, page)
	assert.NoError(t, err)
	assert.Equal(t, 200, response.Status, "what cannot be read in parts is sent whole")
}

// TestRangedListing ensures that there are parts of a listing, too.
func TestRangedListing(t *testing.T) {
	s := newServer(t)
	listing, content := ask(t, s, "/")
	response, part := ask(t, s, "/", Field{"Range", "bytes=2-9"}, Field{"If-Range", listing.Tag})
	assert.Equal(t, 206, response.Status)
	assert.Equal(t, content[2:10], part)
	response, _ = ask(t, s, "/", Field{"Range", "bytes=2-9"}, Field{"If-Range", "Fri, 02 Jan 2026 15:04:05 GMT"})
	assert.Equal(t, 200, response.Status, "it has no date")
}

// TestRangedCloses ensures that content of which no part is sent is closed.
func TestRangedCloses(t *testing.T) {
	for value, want := range map[string]int{"bytes=10-": 1, "bytes=0-0": 0, "bytes=4-2": 0, "bytes=1-1": 1} {
		content := &closeCounter{ReadSeeker: strings.NewReader("0123456789"), ReaderAt: strings.NewReader("0123456789")}
		if value == "bytes=1-1" {
			content.ReadSeeker = noSeeker{}
		}
		response := whole(`"x"`, old)
		response.Content, response.Length = content, 10
		_, err := ranged(Request{Method: "GET", Fields: []Field{{"Range", value}}}, response)
		assert.Equal(t, want, content.closed, value)
		assert.Equal(t, want == 1, err != nil, value)
	}
}

// noSeeker is content of which no part can be found.
type noSeeker struct{ io.ReadSeeker }

// Seek fails.
func (noSeeker) Seek(int64, int) (int64, error) { return 0, errors.New("disk") }

// TestIfRange ensures that a time without a file is no promise.
func TestIfRange(t *testing.T) {
	request := Request{Fields: []Field{{"If-Range", "Mon, 01 Jan 0001 00:00:00 GMT"}}}
	assert.True(t, ifRange(Request{}, whole(`"x"`, time.Time{})))
	assert.False(t, ifRange(request, whole(`"x"`, old)))
	assert.False(t, ifRange(request, whole(`"x"`, time.Time{})))
	assert.False(t, ifRange(Request{Fields: []Field{{"If-Range", ""}}}, whole(`"x"`, old)))
}

// FuzzParseRanges ensures that every range lies in the content, and that all
// together are never more than it.
func FuzzParseRanges(f *testing.F) {
	for _, value := range []string{"bytes=0-0", "bytes=-5", "bytes=5-", "bytes=0-0,2-3,-1", "bytes=4-2", "bytes=-0", "bytes=99999999999999999999-", "lines=0-1", "bytes=0-4, 5-9 ,,"} {
		f.Add(value, int64(10))
	}
	f.Fuzz(func(t *testing.T, value string, size int64) {
		if size <= 0 {
			return
		}
		ranges, ok := parseRanges(value, size)
		if !ok {
			return
		}
		assert.LessOrEqual(t, len(ranges), rangesLimit)
		var total int64
		for _, r := range ranges {
			assert.GreaterOrEqual(t, r.start, int64(0))
			assert.Positive(t, r.length)
			assert.LessOrEqual(t, r.length, size-r.start)
			assert.LessOrEqual(t, r.length, size-total)
			total += r.length
		}
	})
}
