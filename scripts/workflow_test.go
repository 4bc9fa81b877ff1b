package scripts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// A workflow is what a service that hosts the workbook does when somebody
// pushes.
type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Jobs        map[string]struct {
		Strategy struct {
			FailFast bool `yaml:"fail-fast"`
			Matrix   struct{ System string }
		}
		Timeout int `yaml:"timeout-minutes"`
		Steps   []workflowStep
	}
}

// A workflowStep is an action, by its name and hash, or a command.
type workflowStep struct {
	Uses, If, Run string
	With          map[string]string
}

// readWorkflow returns the workflow and its steps.
func readWorkflow(t *testing.T) (workflow, []workflowStep) {
	data, err := os.ReadFile(filepath.Join(top, ".github", "workflows", "check.yml"))
	require.NoError(t, err)
	var w workflow
	require.NoError(t, yaml.Unmarshal(data, &w))
	require.Contains(t, w.Jobs, "check")
	return w, w.Jobs["check"].Steps
}

// TestWorkflow ensures that each push is checked on the three systems, by a
// workflow that may only read, and that ends.
func TestWorkflow(t *testing.T) {
	w, steps := readWorkflow(t)
	assert.Contains(t, w.On, "push")
	assert.Contains(t, w.On, "pull_request")
	assert.Equal(t, map[string]string{"contents": "read"}, w.Permissions)
	job := w.Jobs["check"]
	assert.False(t, job.Strategy.FailFast, "one system that fails must not end the others")
	assert.Contains(t, job.Strategy.Matrix.System, `'["ubuntu-latest", "macos-latest", "windows-latest"]'`)
	assert.Positive(t, job.Timeout)
	for _, step := range steps {
		if step.Uses != "" {
			assert.Regexp(t, `^[\w-]+/[\w-]+@[0-9a-f]{40}$`, step.Uses)
		}
		if file, ok := step.With["go-version-file"]; ok {
			assert.FileExists(t, filepath.Join(top, file))
		}
	}
}

// intoSummary is the end of a command whose output becomes the summary of a push.
var intoSummary = regexp.MustCompile(` >> "\$GITHUB_STEP_SUMMARY"$`)

// TestWorkflowCommands ensures that the workflow runs what a reader runs, and the
// board whatever came of it; and that the page for tutors says the same.
func TestWorkflowCommands(t *testing.T) {
	_, steps := readWorkflow(t)
	var commands []string
	for _, step := range steps {
		if step.Run == "" {
			continue
		}
		command := intoSummary.ReplaceAllString(step.Run, "")
		commands = append(commands, command)
		words := strings.Fields(command)
		switch {
		case strings.HasPrefix(command, "go test "):
			assert.NoError(t, checkTestCommand(words[2:]))
		case assert.Equal(t, []string{"go", "run", "./scripts/workbook"}, words[:3]):
			assert.NoError(t, checkDeskCommand(words[3:]))
			assert.Contains(t, step.If, "!cancelled()")
			assert.NotEqual(t, command, step.Run, "nobody would see the board")
		}
	}
	shown := "```console\n$ " + strings.Join(commands, "\n$ ") + "\n```"
	assert.Len(t, commands, 2)
	for file, want := range map[string]string{"README.md": "$ " + commands[0] + "\n", "scripts/book/classroom.md": shown} {
		page, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(file)))
		require.NoError(t, err)
		assert.Contains(t, strings.ReplaceAll(string(page), "\r\n", "\n"), want, file)
	}
}
