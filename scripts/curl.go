package scripts

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// wholeRequest takes apart a request that curl can send: a head and content.
var wholeRequest = regexp.MustCompile(`^(?s)([A-Z]+) (/[!-~]*) HTTP/1\.([01])\r\n((?:[!#$%&'*+.^_` + "`" + `|~0-9A-Za-z-]+: [!-~](?:[ -~]*[!-~])?\r\n)*)\r\n([ -~\n]*)$`)

// curlLimit is how long a command may be that a person is shown.
const curlLimit = 400

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
	if parts == nil || bytes.Contains(parts[5], []byte("HTTP/1.")) || len(parts[5]) > 200 {
		return ""
	}
	method, target, content := string(parts[1]), string(parts[2]), string(parts[5])
	fields, ok := curlFields(string(parts[4]), len(content))
	// curl keeps the fragment of a URL to itself, and a HEAD has no content.
	if !ok || strings.Contains(target, "#") || method == "HEAD" && content != "" {
		return ""
	}
	words := []string{"curl -i"}
	if string(parts[3]) == "0" {
		words = append(words, "--http1.0")
	}
	words = append(words, curlTarget(target)...)
	switch {
	case method == "HEAD":
		words = append(words, "--head")
	case method != "GET" || content != "":
		words = append(words, "-X "+method)
	}
	words = append(words, fields...)
	if content != "" {
		words = append(words, "--data-raw "+quote(content))
	}
	command := strings.Join(words, " ") + " " + quoteIfNeeded("http://localhost:8080"+target)
	if len(command) > curlLimit {
		return ""
	}
	return command
}

// curlTarget returns the options without which curl would change a target.
func curlTarget(target string) []string {
	var options []string
	if strings.Contains(target, "..") || strings.Contains(target, "/.") || strings.Contains(strings.ToLower(target), "%2e") {
		options = append(options, "--path-as-is")
	}
	if strings.ContainsAny(target, "[]{}") {
		options = append(options, "--globoff")
	}
	return options
}

// curlFields returns the options for field lines that curl does not send by
// itself. It is not ok where curl would send others: it does the framing
// itself, and sends one Host.
func curlFields(fields string, length int) (options []string, ok bool) {
	hosts, framed := 0, length == 0
	for field := range strings.SplitSeq(strings.TrimSuffix(fields, "\r\n"), "\r\n") {
		name, value, _ := strings.Cut(field, ": ")
		switch strings.ToLower(name) {
		case "transfer-encoding":
			return nil, false
		case "content-length":
			if framed = value == strconv.Itoa(length); !framed {
				return nil, false
			}
			continue
		case "host":
			hosts++
			if value == "localhost" {
				continue
			}
		case "":
			continue
		}
		options = append(options, "-H "+quote(field))
	}
	if hosts == 0 {
		options = append(options, "-H "+quote("Host:"))
	}
	return options, framed && hosts <= 1
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
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(word) + `"`
}
