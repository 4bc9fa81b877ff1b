package main

import (
	"strconv"
	"strings"
)

// A preference is what a client says of some media types, or of a coding.
type preference struct {
	// name is what it is about: text/html, text/*, */*; or gzip, *.
	name string

	// parameters must stand with a media type, too.
	parameters []parameter

	// weight is how much the client likes it, from 1000 down to 0: not at all.
	weight int
}

// preferences reads the elements of a field such as Accept. What is malformed
// says nothing, and the others count.
//
//	Accept = #( media-range [ weight ] ) (RFC 9110, 12.5.1)
//	weight = OWS ";" OWS "q=" qvalue     (RFC 9110, 12.4.2)
func preferences(values []string) []preference {
	var found []preference
	for _, element := range elements(values) {
		name, parameters, ok := cutParameters(element)
		p := preference{name: strings.ToLower(name), weight: 1000}
		for _, parameter := range parameters {
			if parameter.name == "q" {
				p.weight, ok = qvalue(parameter.value)
				break // What follows the weight is not about the type any more.
			}
			p.parameters = append(p.parameters, parameter)
		}
		if ok {
			found = append(found, p)
		}
	}
	return found
}

// qvalue returns a weight in thousandths. It reports whether it is well formed.
//
//	qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) (RFC 9110, 12.4.2)
func qvalue(s string) (int, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if whole != "0" && whole != "1" || len(fraction) > 3 {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+(fraction + "000")[:3], 10, 16)
	return int(n), err == nil && n <= 1000
}

// weightOf returns how much a client likes a media type. The preference that
// says most about it decides: text/html;charset=utf-8 before text/html, then
// text/* and */* (RFC 9110, 12.5.1). A client that has none takes everything.
func weightOf(mediaType string, accepted []preference) int {
	weight, most, hasAny := 0, 0, false
	name, parameters, _ := cutParameters(mediaType)
	for _, p := range accepted {
		hasAny = hasAny || isMediaRange(p.name)
		if precision := p.precision(name, parameters); precision > most {
			weight, most = p.weight, precision
		}
	}
	if !hasAny {
		return 1000
	}
	return weight
}

// isMediaRange reports whether s can be a media type, or stand for several.
//
//	media-range = ( "*/*" / ( type "/" "*" ) / ( type "/" subtype ) ) parameters (RFC 9110, 12.5.1)
func isMediaRange(s string) bool {
	group, subtype, _ := strings.Cut(s, "/")
	return isToken(group) && isToken(subtype) && (group != "*" || subtype == "*")
}

// precision returns how much a preference says about a media type, 0 where it
// is about others.
func (p preference) precision(name string, parameters []parameter) int {
	group, _, _ := strings.Cut(name, "/")
	for _, parameter := range p.parameters {
		if !contains(parameters, parameter) {
			return 0
		}
	}
	switch p.name {
	case name:
		return 3 + len(p.parameters)
	case group + "/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}

// contains reports whether a parameter is among others, in whatever case.
func contains(parameters []parameter, wanted parameter) bool {
	for _, p := range parameters {
		if p.name == wanted.name && equalFold(p.value, wanted.value) {
			return true
		}
	}
	return false
}

// choose returns the position of the media type that a client likes best, the
// first of those it likes as much, or -1 where it takes none of them.
func choose(mediaTypes []string, accepted []preference) int {
	best, most := -1, 0
	for i, mediaType := range mediaTypes {
		if weight := weightOf(mediaType, accepted); weight > most {
			best, most = i, weight
		}
	}
	return best
}
