package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// understandsCodes asks a console to take control codes as such, and reports
// whether it does. The oldest ones show them.
func understandsCodes(console *os.File) bool {
	handle := windows.Handle(console.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(handle, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
