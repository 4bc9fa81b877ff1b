package main

import (
	"strings"
)

// vary names the fields of a request without which a response could have been
// another one. Who keeps a response may give it only to those who say the same
// in them (RFC 9110, 12.5.5).
const vary = "Accept, Accept-Encoding"

// cacheControl returns for how long a client may use what it has without asking
// whether it has changed. For a page, it is no time at all. What pages are made
// up of changes less often, and there is more of it: for a minute, nobody asks.
//
//	Cache-Control = #cache-directive (RFC 9111, 5.2)
func cacheControl(mediaType string) string {
	name, _, _ := strings.Cut(mediaType, ";")
	group, _, _ := strings.Cut(name, "/")
	switch {
	case group == "image", group == "font", group == "audio", group == "video",
		name == "text/css", name == "text/javascript":
		return "max-age=60"
	}
	return "no-cache"
}
