package main

import (
	"errors"
	"strconv"
)

// contentLimit is how many bytes of content a request may bring. There is no
// use for any here, so it is a small number.
const contentLimit = 1 << 20

// contentLength returns how many bytes of content follow a head, 0 where it
// does not say. Where two fields could disagree, the next reader of the same
// bytes might believe the other one; so there must be no two (RFC 9112, 6.3).
// The error is a 400, a 413 or a 501.
//
//	Content-Length = 1*DIGIT (RFC 9110, 8.6)
func contentLength(fields []Field) (int64, error) {
	codings, lengths := values(fields, "Transfer-Encoding"), values(fields, "Content-Length")
	switch {
	case len(codings) > 0 && len(lengths) > 0:
		return 0, refuse(400, "Transfer-Encoding %q and Content-Length %q", codings, lengths)
	case len(codings) > 0:
		return 0, refuse(501, "Transfer-Encoding %q", codings)
	case len(lengths) == 0:
		return 0, nil
	case len(lengths) > 1:
		return 0, refuse(400, "Content-Length %q", lengths)
	}
	// ParseUint takes digits and nothing else: no sign, and no space.
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	if errors.Is(err, strconv.ErrRange) {
		return 0, refuse(413, "Content-Length %q", lengths[0])
	}
	if err != nil {
		return 0, refuse(400, "Content-Length %q", lengths[0])
	}
	return int64(n), nil
}
