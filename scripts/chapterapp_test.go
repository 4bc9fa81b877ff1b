package scripts

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// companions are what a page starts besides the servers of the stages: the
// small application of scripts/app, in several places.
type companions struct {
	running []*process

	// places are where they really are, by what the page calls that.
	places map[string]string
}

// applicationFolder is the folder of the application.
const applicationFolder = "./scripts/app"

// applicationLine is what the application prints once it listens.
var applicationLine = regexp.MustCompile(`(?m)^serving the application on \w+://(localhost:\d+)/?\r?$`)

// goRunApplication starts the application as the reader does, on a free port,
// and compares what it prints.
func (c *chapter) goRunApplication(t *testing.T, words []string, want string) error {
	program := buildApp(t, c.builds)
	port := words[len(words)-1]
	p, err := start(top, os.Environ(), slices.Concat([]string{program}, words[:len(words)-1], []string{"0"})...)
	if err != nil {
		return err
	}
	c.running = append(c.running, p)
	if !p.log.wait(applicationLine.MatchString, p.exited, startLimit) {
		return fmt.Errorf("the application printed\n%s", indent(p.log.String()))
	}
	c.setPlace("localhost:"+port, applicationLine.FindStringSubmatch(p.log.String())[1])
	return compareText(want, c.shown(p.log.String()))
}

// goBuildApplication makes a CGI script of the application, in a folder that is
// not the one that the page names.
func (c *chapter) goBuildApplication(t *testing.T, words []string) error {
	if len(words) != 3 || words[0] != "-o" || words[2] != applicationFolder {
		return fmt.Errorf("a page builds with: go build -o FOLDER/ %s", applicationFolder)
	}
	folder := strings.TrimSuffix(words[1], "/")
	place, err := os.MkdirTemp(c.builds.directory, "cgi")
	if err != nil {
		return err
	}
	c.setPlace("cgi:"+folder, "cgi:"+place)
	program, err := os.ReadFile(buildApp(t, c.builds))
	if err != nil {
		return err
	}
	name := "app"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return os.WriteFile(filepath.Join(place, name), program, 0o777)
}

// setPlace remembers where something really is.
func (c *chapter) setPlace(shown, real string) {
	if c.places == nil {
		c.places = map[string]string{}
	}
	c.places[shown] = real
}

// real returns an argument with the places that are.
func (c *companions) real(argument string) string {
	for _, shown := range slices.Sorted(maps.Keys(c.places)) {
		argument = strings.ReplaceAll(argument, shown, c.places[shown])
	}
	return argument
}

// asShown returns a text with the places that the page knows.
func (c *companions) asShown(text string) string {
	for shown, real := range c.places {
		text = strings.ReplaceAll(text, real, shown)
	}
	return text
}

// end ends the applications.
func (c *companions) end() {
	for _, p := range c.running {
		p.stop()
	}
	c.running, c.places = nil, nil
}
