package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestElements ensures the elements of a list, however it is written (RFC 9110,
// 5.6.1).
func TestElements(t *testing.T) {
	tests := map[string]struct {
		values []string
		want   []string
	}{
		"no field":                  {nil, nil},
		"nothing":                   {[]string{""}, nil},
		"only commas":               {[]string{", ,\t,,"}, nil},
		"one":                       {[]string{"a"}, []string{"a"}},
		"three":                     {[]string{"a, b ,c"}, []string{"a", "b", "c"}},
		"over two lines":            {[]string{"a, b", "c"}, []string{"a", "b", "c"}},
		"over lines, some empty":    {[]string{"", "a,", ",b", ""}, []string{"a", "b"}},
		"empty ones between":        {[]string{"a,, ,b,"}, []string{"a", "b"}},
		"tabs around":               {[]string{"\ta\t,\tb\t"}, []string{"a", "b"}},
		"spaces inside":             {[]string{"a b, c"}, []string{"a b", "c"}},
		"a comma in quotes":         {[]string{`a="b,c", d`}, []string{`a="b,c"`, "d"}},
		"a quote in quotes":         {[]string{`a="b\",c", d`}, []string{`a="b\",c"`, "d"}},
		"a backslash in quotes":     {[]string{`a="b\\", d`}, []string{`a="b\\"`, "d"}},
		"a backslash, no quotes":    {[]string{`a\, b`}, []string{`a\`, "b"}},
		"quotes that do not end":    {[]string{`a="b, c`, "d"}, []string{`a="b, c`, "d"}},
		"a backslash at the end":    {[]string{`"a\`, "b"}, []string{`"a\`, "b"}},
		"two strings, and between":  {[]string{`"a,b","c,d"`}, []string{`"a,b"`, `"c,d"`}},
		"no other space is trimmed": {[]string{"\va\u00a0, b"}, []string{"\va\u00a0", "b"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, elements(test.values))
		})
	}
}

// TestCutParameters ensures the parameters of a value, and which are none
// (RFC 9110, 5.6.6).
func TestCutParameters(t *testing.T) {
	tests := map[string]struct {
		value string
		found []parameter
		ok    bool
	}{
		"":                          {"", nil, true},
		"text/html":                 {"text/html", nil, true},
		" text/html\t":              {"text/html", nil, true},
		"text/html;level=1":         {"text/html", []parameter{{"level", "1"}}, true},
		"text/html \t; \tlevel=1\t": {"text/html", []parameter{{"level", "1"}}, true},
		"text/html;LEVEL=A":         {"text/html", []parameter{{"level", "A"}}, true},
		"a;b=1;c=2":                 {"a", []parameter{{"b", "1"}, {"c", "2"}}, true},
		"a;b=1;b=2":                 {"a", []parameter{{"b", "1"}, {"b", "2"}}, true},
		"a;;b=1; ;":                 {"a", []parameter{{"b", "1"}}, true},
		`a;b="c"`:                   {"a", []parameter{{"b", "c"}}, true},
		`a;b="c;d";e=f`:             {"a", []parameter{{"b", "c;d"}, {"e", "f"}}, true},
		`a;b="c\"\\\d"`:             {"a", []parameter{{"b", `c"\d`}}, true},
		`a;b=""`:                    {"a", []parameter{{"b", ""}}, true},
		`a;b="="`:                   {"a", []parameter{{"b", "="}}, true},
		"a;b":                       {"", nil, false},
		"a;b=":                      {"", nil, false},
		"a;=c":                      {"", nil, false},
		"a;b =c":                    {"", nil, false},
		"a;b= c":                    {"", nil, false},
		"a;b=c d":                   {"", nil, false},
		"a;b=c=d":                   {"", nil, false},
		`a;b="c`:                    {"", nil, false},
		`a;b="c"d`:                  {"", nil, false},
		`a;b="c\`:                   {"", nil, false},
		`a;b="c\"`:                  {"", nil, false},
		`a;b=c"d"`:                  {"", nil, false},
		"a;b=ü":                     {"", nil, false},
	}
	for s, test := range tests {
		t.Run(s, func(t *testing.T) {
			value, found, ok := cutParameters(s)
			assert.Equal(t, test.ok, ok)
			assert.Equal(t, test.value, value)
			assert.Equal(t, test.found, found)
		})
	}
}

// TestUnquote ensures what a token or a quoted string says (RFC 9110, 5.6.4).
func TestUnquote(t *testing.T) {
	tests := map[string]struct {
		want string
		ok   bool
	}{
		"a": {"a", true}, `"a"`: {"a", true}, `""`: {"", true}, `"\""`: {`"`, true}, `"\\"`: {`\`, true}, `"a, b"`: {"a, b", true},
		"": {"", false}, `"`: {"", false}, `"a`: {"", false}, `"a\`: {"", false}, `"\"`: {"", false}, `"a"b"`: {"a", false}, "a b": {"a b", false},
	}
	for s, test := range tests {
		t.Run(s, func(t *testing.T) {
			got, ok := unquote(s)
			assert.Equal(t, test.ok, ok)
			assert.True(t, !ok || got == test.want, "%q", got)
		})
	}
}

// quote returns a quoted string that says s.
func quote(s string) string {
	return `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(s) + `"`
}

// FuzzElements ensures that no element is empty or has a space around it, that
// nothing gets lost, and that a list made of the elements has the same.
func FuzzElements(f *testing.F) {
	for _, list := range []string{"", "a, b", `"a,b", c`, `"a\",b`, `\"a,b"`, ",,", "\t,a ", `a"b"c,d`, `"\`, `" , "`} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		found := elements([]string{list})
		for _, element := range found {
			assert.NotEmpty(t, element)
			assert.Equal(t, strings.Trim(element, " \t"), element)
			assert.Contains(t, list, element)
		}
		assert.Equal(t, found, elements([]string{strings.Join(found, " ,")}))
		// A list without quotes is what is between the commas, and nothing else.
		if !strings.Contains(list, `"`) {
			without := strings.NewReplacer(",", "", " ", "", "\t", "")
			assert.Equal(t, without.Replace(list), without.Replace(strings.Join(found, "")))
		}
	})
}

// FuzzCutParameters ensures that parameters, written and read again, are the
// same, and that whatever is quoted says what it said.
func FuzzCutParameters(f *testing.F) {
	for _, s := range []string{"a", "a;b=c", `a;b="c;d"; e=f`, `a;b="\"`, ";=", `"a;b";c=d`, "a;B=c;b=C", `a;b="\c"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, ok := unquote(quote(s))
		assert.True(t, ok)
		assert.Equal(t, s, text)
		value, parameters, ok := cutParameters(s)
		if !ok {
			return
		}
		written := value
		for _, p := range parameters {
			assert.True(t, isToken(p.name))
			written += " ; " + strings.ToUpper(p.name) + "=" + quote(p.value)
		}
		again, same, ok := cutParameters(written)
		assert.True(t, ok)
		assert.Equal(t, value, again)
		assert.Equal(t, parameters, same)
	})
}
