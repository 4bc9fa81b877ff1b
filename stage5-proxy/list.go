package main

import (
	"strings"
)

// elements returns the elements of a list that may be spread over several field
// lines. Empty ones do not count.
//
//	#element => [ element ] *( OWS "," OWS [ element ] ) (RFC 9110, 5.6.1)
func elements(values []string) []string {
	var found []string
	for _, rest := range values {
		for rest != "" {
			var element string
			element, rest = cutUnquoted(rest, ',')
			if element = strings.Trim(element, " \t"); element != "" {
				found = append(found, element)
			}
		}
	}
	return found
}

// cutUnquoted cuts s at the first separator that does not stand in a quoted
// string, and returns what is before and after it.
//
//	quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE (RFC 9110, 5.6.4)
//	quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
func cutUnquoted(s string, separator byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// A parameter is what can follow a value: its name in lower case, its value
// without quotes.
type parameter struct {
	name, value string
}

// cutParameters takes the parameters off a value. It reports whether they are
// well formed.
//
//	parameters = *( OWS ";" OWS [ parameter ] )                    (RFC 9110, 5.6.6)
//	parameter  = parameter-name "=" ( token / quoted-string )
func cutParameters(s string) (value string, parameters []parameter, ok bool) {
	value, rest := cutUnquoted(s, ';')
	for rest != "" {
		var part string
		part, rest = cutUnquoted(rest, ';')
		if part = strings.Trim(part, " \t"); part == "" {
			continue
		}
		name, quoted, _ := strings.Cut(part, "=")
		text, fine := unquote(quoted)
		if !isToken(name) || !fine {
			return "", nil, false
		}
		parameters = append(parameters, parameter{strings.ToLower(name), text})
	}
	return strings.Trim(value, " \t"), parameters, true
}

// unquote returns what a token or a quoted string says. It reports whether it
// is one of them.
func unquote(s string) (string, bool) {
	inner, found := strings.CutPrefix(s, `"`)
	if !found {
		return s, isToken(s)
	}
	var text strings.Builder
	for i := 0; i < len(inner); i++ {
		if inner[i] == '"' {
			return text.String(), i == len(inner)-1
		}
		if inner[i] == '\\' {
			i++
		}
		if i < len(inner) {
			text.WriteByte(inner[i])
		}
	}
	return "", false
}
