package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"example.com/webserver/scripts/watch"
)

// watch runs the checks of what is saved, until it is interrupted.
func (d *desk) watch(args []string) error {
	poll, args, err := option("poll", args)
	if err != nil || len(args) > 1 {
		return misused("watch takes the name of one exercise or one stage, or none")
	}
	o := watch.Options{Top: d.top, Poll: poll, Screen: watch.Screen{Writer: d.out, Paint: d.out.paint}}
	if len(args) == 1 {
		o.Name = args[0]
	}
	o.Screen.Clears = term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("TERM") != "dumb" && understandsCodes(os.Stdout)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	return watch.Run(ctx, o)
}
