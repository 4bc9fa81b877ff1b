package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"

	"example.com/webserver/scripts/exercise"
)

// renew makes the patches of exercises anew. It is for those who change a stage.
// Where the folder of an exercise holds code, the patch becomes what makes the
// stage that code. Otherwise the change that the patch has been making is merged
// with the stage as it is now; what cannot be merged is put into the folder, to
// be mended there by hand. Without names, it renews all that do not apply to
// their stage any more, those of the zoo included.
func (d *desk) renew(args []string) error {
	patches, err := d.patches(args)
	if err != nil {
		return err
	}
	renewed := 0
	var failed []error
	for _, p := range patches {
		changed, err := d.renewOne(p, len(args) > 0)
		if err != nil {
			failed = append(failed, err)
		} else if changed {
			fmt.Fprintln(d.out, "renewed", p.name)
			renewed++
		}
	}
	fmt.Fprintf(d.out, "%d of %d patches were renewed; go test ./scripts/proof/... proves them\n", renewed, len(patches))
	return errors.Join(failed...)
}

// A patch is one that makes a stage another server.
type patch struct {
	// name is what it belongs to, and stage the folder that it changes.
	name, stage string

	// work is the folder in which it can be mended by hand.
	work string

	text string
	save func(text string) error
}

// patches returns the patches of the exercises that are named, or all patches
// there are.
func (d *desk) patches(names []string) ([]patch, error) {
	exercises, err := exercise.All(d.top)
	if err != nil {
		return nil, err
	}
	var found []patch
	if len(names) > 0 {
		exercises = nil
		for _, name := range names {
			e, err := exercise.Find(d.top, name)
			if err != nil {
				return nil, err
			}
			exercises = append(exercises, e)
		}
	} else if found, err = d.zoo(); err != nil {
		return nil, err
	}
	for _, e := range exercises {
		file := e.File(exercise.SolutionFile)
		if e.IsCatch() {
			file = e.File(exercise.WrongFile)
		}
		text, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) { // A new exercise has none yet.
			return nil, err
		}
		found = append(found, patch{name: e.String(), stage: e.Stage, work: e.Folder(), text: string(text),
			save: func(text string) error { return os.WriteFile(file, []byte(text), 0o666) }})
	}
	return found, nil
}

// zoo returns the patches of the wrong servers in scripts/zoo.
func (d *desk) zoo() ([]patch, error) {
	files, err := filepath.Glob(filepath.Join(d.top, "scripts", "zoo", "*.txtar"))
	if err != nil {
		return nil, err
	}
	var found []patch
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return nil, err
		}
		_, stage, _ := strings.Cut("\n"+string(archive.Comment), "\nwrong ")
		stage, _, _ = strings.Cut(stage, "\n")
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for i, f := range archive.Files {
			if f.Name == exercise.WrongFile {
				found = append(found, patch{name: "zoo/" + name, stage: stage, text: string(f.Data),
					work: filepath.Join(filepath.Dir(file), "_"+name),
					save: func(text string) error {
						archive.Files[i].Data = []byte(text)
						return os.WriteFile(file, txtar.Format(archive), 0o666)
					}})
			}
		}
	}
	return found, nil
}

// renewOne makes one patch anew, and reports whether it has changed. A patch
// that still applies stays as it is, unless it is asked for by its name.
func (d *desk) renewOne(p patch, named bool) (bool, error) {
	now, err := exercise.Read(filepath.Join(d.top, p.stage))
	if err != nil {
		return false, err
	}
	after, err := exercise.Read(p.work)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, err
	}
	if len(after) == 0 {
		after, err = exercise.Apply(p.text, now)
		if err == nil && !named {
			return false, nil
		}
		if err != nil {
			after, err = d.merge(p, now)
		}
	}
	if err != nil {
		return false, err
	}
	text := exercise.MakePatch(now, after)
	if strings.Contains(text, "\n+<<<<<<< ") {
		return false, fmt.Errorf("%s: the code in %s still holds <<<<<<< and >>>>>>>; mend what stands between them", p.name, p.work)
	}
	if text == "" {
		return false, fmt.Errorf("%s: the code is that of %s, so a patch would change nothing", p.name, p.stage)
	}
	if text == p.text {
		return false, nil
	}
	return true, p.save(text)
}

// merge returns what the patch would make of the stage as it is now. The stage
// to which the patch applies is the one that was committed last.
func (d *desk) merge(p patch, now exercise.Files) (exercise.Files, error) {
	before := exercise.Files{}
	for name := range now {
		text, err := d.git("show", "HEAD:"+p.stage+"/"+name)
		if err == nil {
			before[name] = text
		}
	}
	theirs, err := exercise.Apply(p.text, before)
	if err != nil {
		return nil, fmt.Errorf("%s: the patch applies neither to %s as it is, nor as it was committed last: %w\n"+
			"Start the exercise, write the code anew, and renew it then", p.name, p.stage, err)
	}
	merged, conflict := exercise.Files{}, false
	for name, text := range theirs {
		if text == before[name] {
			text = now[name]
		} else if old, ok := before[name]; ok {
			var clean bool
			if text, clean, err = d.mergeFile(now[name], old, text); err != nil {
				return nil, err
			}
			conflict = conflict || !clean
		}
		merged[name] = text
	}
	if !conflict {
		return merged, nil
	}
	if err := os.MkdirAll(p.work, 0o777); err != nil {
		return nil, err
	}
	for name, text := range merged {
		if err := os.WriteFile(filepath.Join(p.work, name), []byte(text), 0o666); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: stage and patch change the same lines. Both are in %s, between <<<<<<< and >>>>>>>.\n"+
		"Mend them there, run the same command again, and then remove the Go files there", p.name, p.work)
}

// mergeFile merges two changes of a text with git, and reports whether they were
// about different lines.
func (d *desk) mergeFile(ours, base, theirs string) (merged string, clean bool, err error) {
	folder, err := os.MkdirTemp("", "renew")
	if err != nil {
		return "", false, err
	}
	defer os.RemoveAll(folder)
	for name, text := range map[string]string{"stage": ours, "before": base, "patch": theirs} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			return "", false, err
		}
	}
	cmd := exec.Command("git", "merge-file", "-p", "stage", "before", "patch")
	cmd.Dir = folder
	output, err := cmd.Output()
	if ended := (*exec.ExitError)(nil); errors.As(err, &ended) && ended.ExitCode() > 0 && ended.ExitCode() < 128 {
		return string(output), false, nil // The status is the number of conflicts.
	}
	return string(output), true, err
}

// git returns what a git command prints.
func (d *desk) git(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = d.top
	output, err := cmd.Output()
	return strings.ReplaceAll(string(output), "\r\n", "\n"), err
}
