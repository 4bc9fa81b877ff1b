package scripts

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// curlReport is what curl prints after each request.
const curlReport = `%{http_code}\t%{exitcode}\t%{num_redirects}\t%{url_effective}\t%{size_download}\t%{errormsg}\n`

// askCurl asks with curl, in one go.
func askCurl(t *testing.T, address string, wishes []wish) []answer {
	directory := t.TempDir()
	var args []string
	for i, w := range wishes {
		if i > 0 {
			args = append(args, "--next")
		}
		args = append(args, "--silent", "--location", "--max-time", "20", "--output", filepath.Join(directory, fmt.Sprint(i)),
			"--write-out", curlReport)
		args = append(args, curlWish(w)...)
		args = append(args, "http://"+address+w.Target)
	}
	output, err := exec.CommandContext(t.Context(), "curl", args...).Output()
	if _, ended := err.(*exec.ExitError); !ended {
		require.NoError(t, err)
	}
	var answers []answer
	for i, line := range strings.Split(strings.Trim(string(output), "\r\n"), "\n") {
		answers = append(answers, curlAnswer(t, line, filepath.Join(directory, fmt.Sprint(i)), wishes[i]))
	}
	if len(answers) < len(wishes) { // There are errors after which it does not go on with the next.
		answers = append(answers, askCurl(t, address, wishes[len(answers):])...)
	}
	return answers
}

// curlWish returns what makes curl send a request.
func curlWish(w wish) (options []string) {
	switch {
	case w.Method == "HEAD":
		options = append(options, "--head")
	case w.Method != "GET" || w.Content != "":
		options = append(options, "--request", w.Method)
	}
	switch {
	case w.Field == "Accept-Encoding" && w.Value == "gzip":
		options = append(options, "--compressed")
	case w.Field != "":
		options = append(options, "--header", w.Field+": "+w.Value)
	}
	if w.Content != "" {
		options = append(options, "--data-raw", w.Content)
	}
	if w.Chunked {
		options = append(options, "--header", "Transfer-Encoding: chunked")
	}
	return options
}

// curlAnswer makes an answer of a report, and of the file with the content.
func curlAnswer(t *testing.T, report, file string, w wish) (a answer) {
	parts := strings.Split(strings.TrimSuffix(report, "\r"), "\t")
	require.Len(t, parts, 6, "%q", report)
	if parts[1] != "0" {
		return answer{Error: "curl: " + parts[5]}
	}
	var err error
	a.Status, err = strconv.Atoi(parts[0])
	require.NoError(t, err)
	if parts[2] != "0" {
		a.Moved = pathOf(t, parts[3])
	}
	if w.Method == "HEAD" {
		return a // In the file is the head.
	}
	content, err := os.ReadFile(file)
	if !os.IsNotExist(err) { // Without content, there is no file.
		require.NoError(t, err)
	}
	a.take(content)
	a.Unpacked = w.Value == "gzip" && parts[4] != strconv.Itoa(a.Length)
	return a
}

// pathOf returns the path of a URL.
func pathOf(t *testing.T, text string) string {
	parsed, err := url.Parse(text)
	require.NoError(t, err)
	return parsed.Path
}
