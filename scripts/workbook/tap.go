package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"example.com/webserver/scripts/tap"
)

// tap stands between clients and a server, and shows what passes, until it is
// interrupted.
func (d *desk) tap(args []string) error {
	flags := flag.NewFlagSet("tap", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	page := flags.String("page", "", "")
	if flags.Parse(args) != nil || flags.NArg() != 2 {
		return misused("tap needs two things, a port and a server, such as tap 8081 localhost:8080")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	t, err := tap.Listen(tap.Options{Port: flags.Arg(0), PagePort: *page, Target: flags.Arg(1), Out: d.out, Paint: d.out.paint})
	if wrong := (*tap.UsageError)(nil); errors.As(err, &wrong) {
		return misused(wrong.Error())
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, t.Says)
	defer context.AfterFunc(ctx, stop)() // A second Ctrl-C ends it at once.
	t.Serve(ctx)
	return nil
}
