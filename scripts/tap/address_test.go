package tap

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTarget ensures how the address of a server may be written.
func TestTarget(t *testing.T) {
	for text, want := range map[string]string{
		"8080": "localhost:8080", "localhost:8080": "localhost:8080", ":8080": "localhost:8080", "127.0.0.1:1": "127.0.0.1:1", "[::1]:80": "[::1]:80",
		"http://localhost:8080/": "localhost:8080", "http://localhost:8080": "localhost:8080", "http://example.com/a?b": "example.com:80", "http://[::1]:8080/": "[::1]:8080",
		"": "", "localhost": "", "localhost:": "", "localhost:http": "", "0": "", "65536": "", "-1": "", "https://localhost:8443/": "", "http://local host/": "", "a:b:c": "",
	} {
		got, err := parseTarget(text)
		assert.Equal(t, want, got, text)
		if want == "" {
			wrong := (*UsageError)(nil)
			require.True(t, errors.As(err, &wrong), text)
			assert.Contains(t, err.Error(), "http://localhost:8080/")
		}
	}
}

// listenAt returns a tap that listens, for the length of a test.
func listenAt(t *testing.T, o Options) *Tap {
	o.Out = io.Discard
	tap, err := Listen(o)
	require.NoError(t, err)
	t.Cleanup(func() {
		tap.listener.Close()
		tap.page.Close()
		tap.terminal.close()
	})
	return tap
}

// twoPorts returns a port that is free, with the next one. They are below those that
// a system picks by itself, so that nobody else gets them soon.
func twoPorts(t *testing.T) (first, next string) {
	for range 100 {
		port := 10_000 + rand.IntN(20_000)
		first, next = strconv.Itoa(port), strconv.Itoa(port+1)
		one, err := net.Listen("tcp", "127.0.0.1:"+first)
		if err != nil {
			continue
		}
		two, err := net.Listen("tcp", "127.0.0.1:"+next)
		one.Close()
		if err == nil {
			two.Close()
			return first, next
		}
	}
	t.Fatal("no two free ports were found")
	return "", ""
}

// TestPagePort ensures where the page is.
func TestPagePort(t *testing.T) {
	first, next := twoPorts(t)
	tap := listenAt(t, Options{Port: first, Target: "1"})
	assert.Equal(t, "tapping localhost:1 on http://localhost:"+first+"/, shown on http://localhost:"+next+"/", tap.Says)

	first, next = twoPorts(t)
	busy, err := net.Listen("tcp", "127.0.0.1:"+next)
	require.NoError(t, err)
	defer busy.Close()
	tap = listenAt(t, Options{Port: first, Target: "1"})
	assert.NotEqual(t, "http://localhost:"+next+"/", tap.PageURL, "the next one is busy")
	_, err = Listen(Options{Port: "0", PagePort: next, Target: "1"})
	assert.ErrorContains(t, err, "is the port taken? Stop the program that has it, or choose another (0 picks a free one)")

	first, next = twoPorts(t)
	tap = listenAt(t, Options{Port: first, Target: next})
	assert.NotEqual(t, "http://localhost:"+next+"/", tap.PageURL, "the next one is that of the server")

	first, next = twoPorts(t)
	tap = listenAt(t, Options{Port: "127.0.0.1:" + first, PagePort: next, Target: "1"})
	assert.Equal(t, "http://127.0.0.1:"+next+"/", tap.PageURL, "the page is on the same host")
	assert.False(t, tap.open, "who writes the host has not opened the page to the network")
}

// TestOpen ensures which pages can be reached from other machines.
func TestOpen(t *testing.T) {
	for ip, want := range map[string]bool{"127.0.0.1": false, "127.9.9.9": false, "::1": false, "0.0.0.0": true, "::": true, "192.0.2.1": true} {
		assert.Equal(t, want, isOpen(&net.TCPAddr{IP: net.ParseIP(ip), Port: 8082}), ip)
	}
}

// TestListenFails ensures what is said where a tap cannot listen.
func TestListenFails(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	_, err = Listen(Options{Port: portOf(busy.Addr()), Target: "1"})
	assert.ErrorContains(t, err, "is the port taken?")
	wrong := (*UsageError)(nil)
	assert.False(t, errors.As(err, &wrong))
	_, err = Listen(Options{Port: "eighty", Target: "1"})
	assert.True(t, errors.As(err, &wrong))
	first, _ := twoPorts(t)
	_, err = Listen(Options{Port: first, Target: "localhost:" + first})
	assert.True(t, errors.As(err, &wrong), "it would pass everything on to itself")
	assert.ErrorContains(t, err, "choose another PORT")
}
