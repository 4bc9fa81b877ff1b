package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wgetStatus is a status line in what wget prints, and wgetMoved a redirection.
var (
	wgetStatus = regexp.MustCompile(`(?m)^  HTTP/\S+ (\d+)`)
	wgetMoved  = regexp.MustCompile(`(?m)^  Location: (\S+)`)
)

// askWget asks with wget, each time anew: it makes the same request of all URLs
// that it is given.
func askWget(t *testing.T, address string, wishes []wish) []answer {
	var answers []answer
	for _, w := range wishes {
		answers = append(answers, askWgetOnce(t, address, w))
	}
	return answers
}

// askWgetOnce makes one request.
func askWgetOnce(t *testing.T, address string, w wish) answer {
	file := filepath.Join(t.TempDir(), "content")
	args := []string{"--no-config", "--no-verbose", "--server-response", "--tries=1", "--timeout=20", "--output-document=" + file}
	args = append(append(args, wgetWish(w)...), "http://"+address+w.Target)
	cmd := exec.CommandContext(t.Context(), "wget", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C") // What it prints is read here.
	said, err := cmd.CombinedOutput()
	return wgetAnswer(t, string(said), err, file, w)
}

// wgetWish returns what makes wget send a request, and keep the page of an
// error. With that option it waits for the content of a 304, too, which has none.
func wgetWish(w wish) []string {
	options := []string{"--method=" + w.Method}
	if w.Field != "If-None-Match" {
		options = append(options, "--content-on-error")
	}
	switch {
	case w.Field == "Accept-Encoding" && w.Value == "gzip":
		options = append(options, "--compression=gzip")
	case w.Field != "":
		options = append(options, "--header="+w.Field+": "+w.Value)
	}
	if w.Content != "" {
		options = append(options, "--body-data="+w.Content)
	}
	return options
}

// wgetRefused is the exit status of wget when a server answered with an error:
// that is an answer, too.
const wgetRefused = 8

// wgetAnswer makes an answer of what wget printed, of how it ended, and of the
// file with the content.
func wgetAnswer(t *testing.T, said string, ended error, file string, w wish) answer {
	exit, isExit := ended.(*exec.ExitError)
	statuses := wgetStatus.FindAllStringSubmatch(said, -1)
	if isExit && exit.ExitCode() != wgetRefused || len(statuses) == 0 && ended != nil {
		return answer{Error: strings.TrimSpace(said)}
	}
	var a answer
	if len(statuses) > 0 {
		a.Status, _ = strconv.Atoi(statuses[len(statuses)-1][1])
	}
	if parts := wgetMoved.FindStringSubmatch(said); parts != nil {
		a.Moved = pathOf(t, parts[1])
	}
	content, err := os.ReadFile(file)
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	a.take(content)
	a.Unpacked = w.Value == "gzip" && strings.Contains(said, "Content-Encoding: gzip")
	return a
}
