package exercise

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"

	"golang.org/x/mod/modfile"
)

// stageName is the name of a stage's folder.
var stageName = regexp.MustCompile(`^stage(\d)-\w+$`)

// StageNumber returns the number in the name of a stage's folder, 0 for any
// other folder.
func StageNumber(folder string) int {
	parts := stageName.FindStringSubmatch(folder)
	if parts == nil {
		return 0
	}
	n, _ := strconv.Atoi(parts[1])
	return n
}

// wrongForm is the line in a file of the zoo that says what the wrong server was
// made of.
var wrongForm = regexp.MustCompile(`(?m)^wrong (\S+)\r?$`)

// WrongOf returns what a wrong server of the zoo was made of, in the words of its
// file: a stage, such as stage1-hello, or an exercise whose wrong server it is,
// such as stage1-hello/catch-reset. It returns "" where the file does not say.
func WrongOf(file []byte) string {
	parts := wrongForm.FindSubmatch(file)
	if parts == nil {
		return ""
	}
	return string(parts[1])
}

// Top returns the top folder of the workbook, which is the nearest one with a
// go.work on the way up from a folder.
func Top(from string) (string, error) {
	folder, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.work")); err == nil {
			return folder, nil
		}
		up := filepath.Dir(folder)
		if up == folder {
			return "", errors.New("this is not a folder of the workbook: neither it nor a folder above has a go.work")
		}
		folder = up
	}
}

// Stages returns the names of the stages' folders, in order, as go.work names
// them.
func Stages(top string) ([]string, error) {
	file := filepath.Join(top, "go.work")
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, use := range work.Use {
		switch folder := path.Base(use.Path); {
		case use.Path == ".":
		case StageNumber(folder) == 0:
			return nil, fmt.Errorf("go.work uses %s, which is not the folder of a stage", use.Path)
		default:
			folders = append(folders, folder)
		}
	}
	if len(folders) == 0 {
		return nil, errors.New("go.work uses no folder of a stage")
	}
	return folders, nil
}
