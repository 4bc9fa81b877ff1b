package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A choice is a value of a field, empty for none, and whether what it says is
// so: "yes", "no", or "" where it does not count.
type choice struct{ value, holds string }

// whole returns a response as it would be without conditions.
func whole(tag string, modified time.Time) *Response {
	response := &Response{Status: 200, Header: []Field{{"Content-Type", "image/png"}}, Content: strings.NewReader("hello\n"), Length: 6}
	response.validate(tag, modified)
	return response
}

// conditionalStatus returns the status code that conditions make of a response.
func conditionalStatus(response *Response, fields ...Field) int {
	response, err := conditional(Request{Method: "GET", Fields: fields}, response)
	if err != nil {
		return statusOf(err)
	}
	return response.Status
}

// TestConditionalEvery ensures the answer to every combination of conditions.
// What is wanted is the text of RFC 9110, 13.2.2, step by step.
func TestConditionalEvery(t *testing.T) {
	const before, same, after = "Fri, 02 Jan 2026 15:04:04 GMT", "Fri, 02 Jan 2026 15:04:05 GMT", "Fri, 02 Jan 2026 15:04:06 GMT"
	ifMatch := []choice{{"", ""}, {`"x"`, "yes"}, {"*", "yes"}, {`"y", "x"`, "yes"}, {`"y"`, "no"}, {`W/"x"`, "no"}, {"x", "no"}}
	ifUnmodified := []choice{{"", ""}, {same, "yes"}, {after, "yes"}, {before, "no"}, {"now", ""}}
	ifNoneMatch := []choice{{"", ""}, {`"x"`, "no"}, {"*", "no"}, {`W/"x"`, "no"}, {`"y","x"`, "no"}, {`"y"`, "yes"}, {"x", "yes"}}
	ifModified := []choice{{"", ""}, {same, "no"}, {after, "no"}, {before, "yes"}, {"now", ""}}
	for _, match := range ifMatch {
		for _, unmodified := range ifUnmodified {
			for _, noneMatch := range ifNoneMatch {
				for _, modified := range ifModified {
					fields := slices.DeleteFunc([]Field{
						{"If-Match", match.value}, {"If-Unmodified-Since", unmodified.value},
						{"If-None-Match", noneMatch.value}, {"If-Modified-Since", modified.value},
					}, func(field Field) bool { return field.Value == "" })
					want := decide(match, unmodified, noneMatch, modified)
					assert.Equal(t, want, conditionalStatus(whole(`"x"`, old), fields...), "%q", fields)
				}
			}
		}
	}
}

// decide is RFC 9110, 13.2.2, in the order of its steps, for GET.
func decide(match, unmodified, noneMatch, modified choice) int {
	// 1. When If-Match is present, evaluate it: if false, respond 412.
	if match.value != "" && match.holds == "no" {
		return 412
	}
	// 2. When If-Match is not present, and If-Unmodified-Since is present, ...
	if match.value == "" && unmodified.holds == "no" {
		return 412
	}
	// 3. When If-None-Match is present: if false for GET/HEAD, respond 304.
	if noneMatch.value != "" && noneMatch.holds == "no" {
		return 304
	}
	// 4. When If-None-Match is not present, and If-Modified-Since is present, ...
	if noneMatch.value == "" && modified.holds == "no" {
		return 304
	}
	return 200
}

// TestConditional ensures what else there is about conditions.
func TestConditional(t *testing.T) {
	const same = "Fri, 02 Jan 2026 15:04:05 GMT"
	listing := func() *Response { return whole(`"x"`, time.Time{}) }
	fresh := func() *Response { return whole(`W/"x"`, old) }
	settled := func() *Response { return whole(`"x"`, old) }
	tests := map[string]struct {
		response func() *Response
		fields   []Field
		want     int
	}{
		"a weak tag, asked for the meaning":  {fresh, []Field{{"If-None-Match", `W/"x"`}}, 304},
		"a weak tag, asked for as strong":    {fresh, []Field{{"If-None-Match", `"x"`}}, 304},
		"a weak tag, asked for the bytes":    {fresh, []Field{{"If-Match", `W/"x"`}}, 412},
		"a weak tag, and the bytes, again":   {fresh, []Field{{"If-Match", `"x"`}}, 412},
		"a weak tag, and any":                {fresh, []Field{{"If-Match", "*"}}, 200},
		"a listing has no date":              {listing, []Field{{"If-Modified-Since", same}}, 200},
		"nor has it for the other":           {listing, []Field{{"If-Unmodified-Since", "Fri, 02 Jan 1970 15:04:05 GMT"}}, 200},
		"a listing has a tag":                {listing, []Field{{"If-None-Match", `"x"`}}, 304},
		"an older form of a date":            {settled, []Field{{"If-Modified-Since", "Friday, 02-Jan-26 15:04:05 GMT"}}, 304},
		"the oldest form":                    {settled, []Field{{"If-Modified-Since", "Fri Jan  2 15:04:05 2026"}}, 304},
		"two dates":                          {settled, []Field{{"If-Modified-Since", same}, {"If-Modified-Since", same}}, 200},
		"two other dates":                    {settled, []Field{{"If-Unmodified-Since", "Fri, 02 Jan 1970 15:04:05 GMT"}, {"If-Unmodified-Since", same}}, 200},
		"a list over lines":                  {settled, []Field{{"If-None-Match", `"a", "b"`}, {"if-none-match", `"x"`}}, 304},
		"a list over lines, bytes":           {settled, []Field{{"If-Match", `"a", "b"`}, {"if-match", `"x"`}}, 200},
		"an empty list":                      {settled, []Field{{"If-None-Match", ""}}, 200},
		"an empty list for bytes":            {settled, []Field{{"If-Match", ""}}, 412},
		"an empty list beside a date":        {settled, []Field{{"If-None-Match", ""}, {"If-Modified-Since", same}}, 200},
		"the same in another case is not it": {settled, []Field{{"If-None-Match", `"X"`}}, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, conditionalStatus(test.response(), test.fields...))
		})
	}
}

// TestConditionalOther ensures that conditions are only about what would be sent
// (RFC 9110, 13.2.1).
func TestConditionalOther(t *testing.T) {
	for _, status := range []int{206, 301, 404} {
		response := whole(`"x"`, old)
		response.Status = status
		assert.Equal(t, status, conditionalStatus(response, Field{"If-None-Match", "*"}))
		assert.Equal(t, status, conditionalStatus(response, Field{"If-Match", `"y"`}))
	}
	page := pageResponse(200, "hello")
	assert.Equal(t, 200, conditionalStatus(page, Field{"If-None-Match", "*"}), "it has no tag")
}

// TestNotModified ensures what a 304 says and what it leaves out (RFC 9110,
// 15.4.5).
func TestNotModified(t *testing.T) {
	response := whole(`"x"`, old)
	response.Header = append(response.Header, Field{"Content-Location", "/a.html"}, Field{"Content-Encoding", "gzip"})
	got := notModified(response)
	got.Date = "now"
	assert.True(t, got.NoContent)
	assert.Equal(t, "HTTP/1.1 304 Not Modified\r\nDate: now\r\nServer: webserver\r\nETag: \"x\"\r\nCache-Control: max-age=60\r\n"+
		"Vary: Accept, Accept-Encoding\r\nContent-Location: /a.html\r\n\r\n", headOf(got))
}

// closeCounter is content that counts how often it is closed.
type closeCounter struct {
	io.ReadSeeker
	io.ReaderAt
	closed int
}

// Close counts.
func (c *closeCounter) Close() error {
	c.closed++
	return nil
}

// TestConditionalCloses ensures that content which is not sent is closed, and
// that which is sent is not.
func TestConditionalCloses(t *testing.T) {
	for field, want := range map[Field]int{{"If-None-Match", "*"}: 1, {"If-Match", `"y"`}: 1, {"If-Match", "*"}: 0} {
		response := whole(`"x"`, old)
		content := &closeCounter{}
		response.Content = content
		conditionalStatus(response, field)
		assert.Equal(t, want, content.closed, "%v", field)
	}
}

// TestMatchesAny ensures which tags are in a list (RFC 9110, 8.8.3.2).
func TestMatchesAny(t *testing.T) {
	tests := []struct {
		list, tag    string
		strong, weak bool
	}{
		{`"1"`, `"1"`, true, true},
		{`"1"`, `"2"`, false, false},
		{`W/"1"`, `W/"1"`, false, true},
		{`W/"1"`, `W/"2"`, false, false},
		{`W/"1"`, `"1"`, false, true},
		{`"1"`, `W/"1"`, false, true},
		{`"0", "1"`, `"1"`, true, true},
		{`"0","1"`, `"1"`, true, true},
		{`,, "0" ,	,"1",`, `"1"`, true, true},
		{`W/"0", "1"`, `"1"`, true, true},
		{`"1, 2"`, `"1"`, false, false},
		{`"1, 2"`, `"1, 2"`, true, true},
		{`"0\"1"`, `"1"`, false, false},
		{`"0\", "1"`, `"1"`, true, true},
		{`"*"`, `"1"`, false, false},
		{`*`, `"1"`, true, true},
		{" *\t", `W/"1"`, true, true},
		{`1`, `"1"`, false, false},
		{`w/"1"`, `"1"`, false, false},
		{`W/ "1"`, `"1"`, false, false},
		{`x, "1"`, `"1"`, false, false},
		{`"1`, `"1"`, false, false},
		{`1"`, `"1"`, false, false},
		{`""`, `""`, true, true},
		{``, `"1"`, false, false},
		{`"`, `"`, false, false},
		{`W/"`, `W/"`, false, false},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.list, " has ", test.tag), func(t *testing.T) {
			assert.Equal(t, test.strong, matchesAny([]string{test.list}, test.tag, strongMatch))
			assert.Equal(t, test.weak, matchesAny([]string{test.list}, test.tag, weakMatch))
		})
	}
}

// listForm is a list of entity tags, written as in the RFC.
var (
	tagForm  = regexp.MustCompile(`(?:W/)?"[^"]*"`)
	listForm = regexp.MustCompile(`^[ \t,]*(?:` + tagForm.String() + `[ \t,]*)*$`)
)

// FuzzMatchesAny ensures that a tag is found in a list of tags exactly if it is
// there, and that nothing is found that is not there at all.
func FuzzMatchesAny(f *testing.F) {
	for _, list := range []string{`"x"`, "*", `W/"x", "y"`, `"x`, `,,"x" , `, `"a\"x"`, "W/", `x"x"`, `"x""y"`, "\"\xff\""} {
		f.Add(list, "x")
	}
	f.Fuzz(func(t *testing.T, list, opaque string) {
		if strings.Contains(opaque, `"`) {
			return
		}
		for _, tag := range []string{`"` + opaque + `"`, `W/"` + opaque + `"`} {
			weak, strong := matchesAny([]string{list}, tag, weakMatch), matchesAny([]string{list}, tag, strongMatch)
			assert.True(t, weak || !strong, "what is the same to the byte means the same")
			if strings.Trim(list, " \t") == "*" {
				assert.True(t, strong)
				continue
			}
			assert.True(t, !weak || strings.Contains(list, `"`+opaque+`"`))
			if listForm.MatchString(list) {
				tags := tagForm.FindAllString(list, -1)
				assert.Equal(t, !isWeak(tag) && slices.Contains(tags, tag), strong)
				assert.Equal(t, slices.Contains(tags, `"`+opaque+`"`) || slices.Contains(tags, `W/"`+opaque+`"`), weak)
			}
		}
	})
}
