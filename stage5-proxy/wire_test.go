package main

import (
	"testing"

	"example.com/webserver/scripts"
)

// TestMain runs the tests; started as a server by one of them, it runs main.
func TestMain(m *testing.M) { scripts.Main(m, main) }

// TestWire plays the wire scripts of this stage and of all before it.
func TestWire(t *testing.T) { scripts.Run(t) }

// TestExercises checks what a learner has made of this stage's exercises.
func TestExercises(t *testing.T) { scripts.Exercises(t) }
