// Package stage2_test proves what belongs to stage 2.
package stage2_test

import (
	"testing"

	"example.com/webserver/scripts/proof"
)

func TestMain(m *testing.M) { proof.Main(m) }

// TestExercises proves the exercises.
func TestExercises(t *testing.T) { proof.Exercises(t) }

// TestZoo ensures that the wrong servers are caught.
func TestZoo(t *testing.T) { proof.Zoo(t) }

// TestScriptsBite ensures that the scripts of the next stage fail on this one.
func TestScriptsBite(t *testing.T) { proof.ScriptsBite(t) }
