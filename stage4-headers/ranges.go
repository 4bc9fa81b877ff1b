package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rangesLimit is how many ranges a request may have. Who wants a file in more
// pieces than that wants to make work, and gets it in one (RFC 9110, 17.15).
const rangesLimit = 32

// A byteRange is a part of a content: so many bytes, from the one at start.
type byteRange struct {
	start, length int64
}

// contentRange returns the value of the field that says which part of a content
// of so many bytes this is.
//
//	Content-Range = range-unit SP ( range-resp / unsatisfied-range ) (RFC 9110, 14.4)
func (r byteRange) contentRange(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", r.start, r.start+r.length-1, size)
}

// partsFor returns the parts of a content that a request is to get. It reports
// whether it is to get parts at all, even if there are none such: otherwise, it is
// answered as if there were no Range (RFC 9110, 14.2 and 13.1.5).
func partsFor(request Request, response *Response) ([]byteRange, bool) {
	value, ok := single(request.Fields, "Range")
	_, isSeekable := response.Content.(seekable)
	if !ok || !isSeekable || request.Method != "GET" || response.Status != 200 || response.Length == 0 || !ifRange(request, response) {
		return nil, false
	}
	return parseRanges(value, response.Length)
}

// ranged returns the response to a request that may want only a part of it: the
// part, if that is worth it, or else the whole. Where there is no such part, it
// is a 416 (RFC 9110, 14.2).
func ranged(request Request, response *Response) (*Response, error) {
	ranges, ok := partsFor(request, response)
	switch {
	case !ok:
		return response, nil
	case len(ranges) == 0:
		response.close()
		return nil, &statusError{
			status: 416,
			header: []Field{{"Content-Range", "bytes */" + strconv.FormatInt(response.Length, 10)}},
			cause:  fmt.Errorf("no such part: Range %q", values(request.Fields, "Range")),
		}
	case len(ranges) == 1:
		return onePart(response, response.Content.(seekable), ranges[0])
	}
	return manyParts(response, response.Content.(seekable), ranges), nil
}

// onePart makes the response that sends one part (RFC 9110, 15.3.7.1).
func onePart(response *Response, content seekable, part byteRange) (*Response, error) {
	if _, err := content.Seek(part.start, io.SeekStart); err != nil {
		response.close()
		return nil, refuse(500, "%w", err)
	}
	partial := *response
	partial.Status = 206
	partial.Header = append(slices.Clip(response.Header), Field{"Content-Range", part.contentRange(response.Length)})
	partial.Length = part.length
	return &partial, nil
}

// ifRange reports whether the part that a client wants fits to the one that it
// has, if it says what that is: by a tag that promises the same bytes, or by a
// date. If not, it must get the whole.
//
//	If-Range = entity-tag / HTTP-date (RFC 9110, 13.1.5)
func ifRange(request Request, response *Response) bool {
	found := values(request.Fields, "If-Range")
	if len(found) != 1 {
		return len(found) == 0
	}
	if strings.Contains(found[0], `"`) {
		return strongMatch(found[0], response.Tag)
	}
	date, ok := parseDate(found[0], time.Now())
	return ok && !isWeak(response.Tag) && !response.Modified.IsZero() && response.Modified.Equal(date)
}

// parseRanges returns the ranges that a field Range asks for, of a content of
// so many bytes; those that lie outside of it are left out. It reports whether
// the field is to be followed: it is not, where it is malformed, or where the
// parts together are more than the whole.
//
//	ranges-specifier = range-unit "=" range-set (RFC 9110, 14.1.1)
//	range-set        = 1#range-spec
func parseRanges(value string, size int64) ([]byteRange, bool) {
	unit, set, found := strings.Cut(value, "=")
	specs := elements([]string{set})
	if !found || !equalFold(unit, "bytes") || len(specs) == 0 || len(specs) > rangesLimit {
		return nil, false
	}
	var ranges []byteRange
	var total int64
	for _, spec := range specs {
		part, ok := parseRange(spec, size)
		if !ok || part.length > size-total {
			return nil, false
		}
		if part.length > 0 {
			ranges = append(ranges, part)
		}
		total += part.length
	}
	return ranges, true
}

// parseRange returns the range that is meant by a part of a field Range. Where
// it lies outside of the content, its length is 0.
//
//	range-spec   = int-range / suffix-range           (RFC 9110, 14.1.1)
//	int-range    = first-pos "-" [ last-pos ]         (RFC 9110, 14.1.2)
//	suffix-range = "-" suffix-length
func parseRange(spec string, size int64) (byteRange, bool) {
	first, last, found := strings.Cut(spec, "-")
	start, startFine := position(first)
	end, endFine := position(last)
	switch {
	case !found || !startFine || !endFine || first == "" && last == "":
		return byteRange{}, false
	case first == "":
		length := min(end, size)
		return byteRange{size - length, length}, true
	case last == "":
		end = size
	case end < start:
		return byteRange{}, false
	}
	start, end = min(start, size), min(end, size-1)
	return byteRange{start, end - start + 1}, true
}

// position reads a number of bytes; none at all is 0. It reports whether there
// are digits only. One that no file can have is a great number like any other.
func position(digits string) (int64, bool) {
	if digits == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	return int64(n), err == nil || errors.Is(err, strconv.ErrRange)
}
