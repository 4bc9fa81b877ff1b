package main

import (
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settleTime is how long a file must have been left alone before its times can
// be trusted. Clocks of file systems are coarse: what is written twice in the
// same tick has the same time twice. Two seconds is the coarsest one in use.
const settleTime = 2 * time.Second

// isSettled reports whether the times of a file tell apart what it holds now
// from what it will hold after the next change.
func isSettled(info fs.FileInfo) bool { return time.Since(info.ModTime()) >= settleTime }

// unchanged reports whether nothing about a file is another than it was: it is
// the same file, and nobody has written to it. It cannot see all that a program
// writes to a file that it has mapped into its memory: the system changes the
// times at the first byte, and then not for a while.
func unchanged(before, now fs.FileInfo) bool {
	return before.Size() == now.Size() && before.ModTime().Equal(now.ModTime()) && before.Mode() == now.Mode() &&
		changeTime(before) == changeTime(now) && os.SameFile(before, now)
}

// entityTag returns the validator of the content of a file: another one whenever
// the content may be another. It is made of the length and of two times: when
// the content was last written, and when anything about the file last changed.
// The first can be set to any time by any program, the second cannot. A number
// tells the file from another that took its place in the same tick. The tag of a
// file that is not settled is a weak one, which promises less.
//
//	entity-tag = [ weak ] opaque-tag  (RFC 9110, 8.8.3)
//	weak       = %s"W/"
//	opaque-tag = DQUOTE *etagc DQUOTE
func entityTag(info fs.FileInfo) string {
	numbers := []int64{info.Size(), info.ModTime().UnixNano(), changeTime(info), fileNumber(info)}
	var parts []string
	for _, number := range numbers {
		parts = append(parts, strconv.FormatInt(number, 36))
	}
	tag := `"` + strings.Join(parts, "-") + `"`
	if !isSettled(info) {
		return "W/" + tag
	}
	return tag
}

// isWeak reports whether a tag says only that two contents mean the same (RFC
// 9110, 8.8.1).
func isWeak(tag string) bool { return strings.HasPrefix(tag, "W/") }

// validate adds the fields by which a client can ask, later, whether what it has
// is still right: a tag and, unless it is zero, a time. And it says for how long
// the client need not ask.
func (r *Response) validate(tag string, modified time.Time) {
	r.Tag = tag
	r.Header = append(r.Header, Field{"ETag", tag})
	if !modified.IsZero() {
		// A date counts seconds. One in the future would be none (RFC 9110, 8.8.2.1).
		if now := time.Now(); modified.After(now) {
			modified = now
		}
		r.Modified = modified.Truncate(time.Second)
		r.Header = append(r.Header, Field{"Last-Modified", formatDate(r.Modified)})
	}
	r.Header = append(r.Header,
		Field{"Cache-Control", cacheControl(values(r.Header, "Content-Type")[0])},
		Field{"Vary", vary},
		Field{"Accept-Ranges", "bytes"},
	)
}

// distinguish returns the response with another tag: one with a word in it, by
// which it differs from other representations of the same thing.
func (r *Response) distinguish(word string) *Response {
	other := *r
	other.Tag = strings.TrimSuffix(r.Tag, `"`) + "-" + word + `"`
	other.Header = slices.Clone(r.Header)
	for i, field := range other.Header {
		if field.Name == "ETag" {
			other.Header[i].Value = other.Tag
		}
	}
	return &other
}
