package scripts

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// wholeRequest takes apart a request that curl can send: a head and content.
var wholeRequest = regexp.MustCompile(`^(?s)([A-Z]+) (/[!-~]*) HTTP/1\.[01]\r\n((?:[!#$%&'*+.^_` + "`" + `|~0-9A-Za-z-]+: [ -~]*\r\n)*)\r\n(.*)$`)

// curl returns the command that sends the same request, or "" where curl would
// not: it sends no request that is malformed, and none in pieces.
func curl(sent []line) string {
	var all []byte
	for _, l := range sent {
		if l.kind == '*' {
			return ""
		}
		all = append(all, l.bytes...)
	}
	parts := wholeRequest.FindSubmatch(all)
	if parts == nil || bytes.Contains(parts[4], []byte("HTTP/1.")) || len(parts[4]) > 200 {
		return ""
	}
	method, target, fields, content := string(parts[1]), string(parts[2]), string(parts[3]), string(parts[4])
	words := []string{"curl -i"}
	if strings.Contains(target, "..") || strings.Contains(target, "/.") {
		words = append(words, "--path-as-is")
	}
	switch {
	case method == "HEAD":
		words = append(words, "--head")
	case method != "GET":
		words = append(words, "-X "+method)
	}
	for _, field := range strings.Split(strings.TrimSuffix(fields, "\r\n"), "\r\n") {
		name, _, _ := strings.Cut(field, ":")
		if field != "" && field != "Host: localhost" && !strings.EqualFold(name, "Content-Length") {
			words = append(words, "-H "+quote(field))
		}
	}
	if content != "" {
		words = append(words, "--data-binary "+quote(content))
	}
	return fmt.Sprintf("%s %s", strings.Join(words, " "), quoteIfNeeded("http://localhost:8080"+target))
}

// quoteIfNeeded quotes what a shell would take apart.
func quoteIfNeeded(word string) string {
	if strings.ContainsAny(word, " ?&;*()[]{}<>|$!#~'\"\\`") {
		return quote(word)
	}
	return word
}

// quote puts a word in quotes: single ones, in which neither a Unix shell nor
// PowerShell expands anything, where the word has none itself.
func quote(word string) string {
	if !strings.Contains(word, "'") {
		return "'" + word + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
}
