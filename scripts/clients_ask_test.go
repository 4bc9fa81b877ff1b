package scripts

import (
	"context"
	"encoding/json"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/chromium"
)

// clientLimit is how long a client may take for what it is asked to do.
const clientLimit = 30 * time.Second

// A wish is one request that a client is asked to make.
type wish struct {
	Method, Target string

	// Field is one more field of the request, with its value.
	Field, Value string

	// Content is sent with the request, if it is not empty: in chunks, or with
	// its length.
	Content string
	Chunked bool

	// Fresh asks for another connection, because the last may have been left in
	// disorder. Most clients see that by themselves.
	Fresh bool
}

// An answer is what a client makes of a response.
type answer struct {
	Status int

	// Length is how many bytes of content there are, and Start the first of them,
	// each as one character.
	Length int
	Start  string

	// Unpacked tells that the content came in the coding gzip, and has been
	// decoded.
	Unpacked bool

	// Moved is the path where a redirection has led to; empty without any.
	Moved string

	// Error says why the client did not take the response; empty where it did.
	Error string
}

// startSize is how many bytes of content an answer shows.
const startSize = 100

// take notes content.
func (a *answer) take(content []byte) {
	a.Length = len(content)
	start := make([]rune, 0, startSize)
	for _, b := range content[:min(len(content), startSize)] {
		start = append(start, rune(b))
	}
	a.Start = string(start)
}

// A client is a program that speaks HTTP and that no one here wrote.
type client struct {
	// name is what the tables of the page call it.
	name string

	// open makes the client ready, for the length of a test, and returns its
	// version. Without the program, the test is skipped.
	open func(t *testing.T) (version string, ask asker)

	// alone tells that it takes another connection for each request.
	alone bool
}

// An asker makes requests of the server at an address, one after another, on one
// connection where server and client can, and returns what became of each.
type asker func(t *testing.T, address string, wishes []wish) []answer

// knownClients are those that the tests know, as the page has them.
var knownClients = []client{
	{name: "curl", open: openProgram(askCurl, "curl", "--version")},
	{name: "wget", open: openProgram(askWget, "wget", "--version"), alone: true},
	{name: "Go", open: openGo},
	{name: "Python", open: openProgram(askPython, "python3", "--version")},
	{name: "Node", open: openProgram(askNode, "node", "--version")},
	{name: "Chromium", open: openChromium},
}

// versionNumber is the first number in what a program says of itself.
var versionNumber = regexp.MustCompile(`\d+(\.\d+)+`)

// openProgram opens a client that is a program, which says its version when it
// is called in the way that is named.
func openProgram(ask asker, command ...string) func(*testing.T) (string, asker) {
	return func(t *testing.T) (string, asker) {
		said, err := exec.CommandContext(t.Context(), command[0], command[1:]...).Output()
		if err != nil { // Where there is no Python, the python3 of Windows opens a shop.
			t.Skip("needs " + command[0])
		}
		return versionNumber.FindString(string(said)), ask
	}
}

// openGo opens the client that Go brings.
func openGo(*testing.T) (string, asker) { return versionNumber.FindString(runtime.Version()), askGo }

// openChromium opens a browser. Each call of its asker does so in a tab of its
// own, from a script in a page of the server: /hello.txt, which must be there.
func openChromium(t *testing.T) (string, asker) {
	ctx := chromium.New(t)
	agent := see(t, ctx, chromedp.Evaluate[string]("navigator.userAgent"))
	_, version, _ := strings.Cut(agent, "Chrome/")
	return versionNumber.FindString(version), func(t *testing.T, address string, wishes []wish) []answer {
		tab, closeTab := chromedp.NewContext(ctx)
		defer closeTab()
		tab, cancel := context.WithTimeout(tab, 2*clientLimit)
		defer cancel()
		do(t, tab, chromedp.Navigate("http://"+address+"/hello.txt"))
		script := "(async () => {" + fetchScript + "return JSON.stringify(await ask('', " + asJSON(t, wishes) + ", s => s)) })()"
		return answersOf(t, []byte(see(t, tab, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))))
	}
}

// asJSON returns wishes as a client in another language gets them.
func asJSON(t *testing.T, wishes []wish) string {
	text, err := json.Marshal(wishes)
	require.NoError(t, err)
	return string(text)
}

// answersOf returns what a client in another language gives back.
func answersOf(t *testing.T, text []byte) []answer {
	var answers []answer
	require.NoError(t, json.Unmarshal(text, &answers), "%s", text)
	return answers
}

// run runs a program that gets wishes on its standard input and prints answers.
func run(t *testing.T, wishes []wish, command ...string) []answer {
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Stdin = strings.NewReader(asJSON(t, wishes))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	output, err := cmd.Output()
	require.NoError(t, err, "%s", &complaints)
	return answersOf(t, output)
}
