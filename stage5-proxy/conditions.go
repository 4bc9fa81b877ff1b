package main

import (
	"slices"
	"strings"
	"time"
)

// unknownLength, as the Length of a response, leaves Content-Length out.
const unknownLength = -1

// conditional returns the response to a request that may have conditions: the
// one that was made, or the news that the client has it already. A condition
// that does not hold is a 412. The order is that of RFC 9110, 13.2.2.
func conditional(request Request, response *Response) (*Response, error) {
	if response.Status != 200 || response.Tag == "" {
		return response, nil
	}
	matches := values(request.Fields, "If-Match")
	switch since, ok := dateOf(request, "If-Unmodified-Since", response); {
	case matches != nil && !matchesAny(matches, response.Tag, strongMatch),
		matches == nil && ok && response.Modified.After(since):
		response.close()
		return nil, refuse(412, "the file is another one: %s", response.Tag)
	}
	noneMatches := values(request.Fields, "If-None-Match")
	switch since, ok := dateOf(request, "If-Modified-Since", response); {
	case noneMatches != nil && matchesAny(noneMatches, response.Tag, weakMatch),
		noneMatches == nil && ok && !response.Modified.After(since):
		response.close()
		return notModified(response), nil
	}
	return response, nil
}

// dateOf returns the date in a field of a request, with which that of a response
// is to be compared. It reports whether there are both: what is no date does not
// count (RFC 9110, 13.1.3).
func dateOf(request Request, name string, response *Response) (time.Time, bool) {
	value, ok := single(request.Fields, name)
	if !ok || response.Modified.IsZero() {
		return time.Time{}, false
	}
	return parseDate(value, time.Now())
}

// keptFields are the fields of a response that a 304 repeats. A client keeps
// them together with the content; about that, it knows the rest already
// (RFC 9110, 15.4.5).
var keptFields = []string{"Cache-Control", "Content-Location", "ETag", "Vary"}

// notModified makes the response that says: what you have is still right (RFC
// 9110, 15.4.5).
func notModified(response *Response) *Response {
	kept := &Response{Status: 304, NoContent: true, Length: unknownLength, Header: make([]Field, 0, len(keptFields))}
	for _, field := range response.Header {
		if slices.Contains(keptFields, field.Name) {
			kept.Header = append(kept.Header, field)
		}
	}
	return kept
}

// matchesAny reports whether a tag is among those in a field, which can also be
// "*": any.
//
//	If-Match = "*" / #entity-tag (RFC 9110, 13.1.1)
func matchesAny(values []string, tag string, match func(a, b string) bool) bool {
	for _, rest := range values {
		if strings.Trim(rest, " \t") == "*" {
			return true
		}
		for rest != "" {
			var candidate string
			if candidate, rest = cutTag(rest); match(candidate, tag) {
				return true
			}
		}
	}
	return false
}

// strongMatch reports whether two tags promise the same bytes, and weakMatch
// whether they promise the same meaning (RFC 9110, 8.8.3.2).
func strongMatch(a, b string) bool { return a == b && !isWeak(a) }

// weakMatch is told about at strongMatch.
func weakMatch(a, b string) bool { return strings.TrimPrefix(a, "W/") == strings.TrimPrefix(b, "W/") }

// cutTag takes the first entity tag off a list. Where none stands, the tag is
// empty and so is the rest: after what cannot be understood, nothing is.
func cutTag(list string) (tag, rest string) {
	list = strings.TrimLeft(list, " \t,")
	start := strings.IndexByte(list, '"')
	if start != 0 && !strings.HasPrefix(list, `W/"`) {
		return "", ""
	}
	length := strings.IndexByte(list[start+1:], '"')
	if length < 0 {
		return "", ""
	}
	end := start + 1 + length + 1
	return list[:end], list[end:]
}
