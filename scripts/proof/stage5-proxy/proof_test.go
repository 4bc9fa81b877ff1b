// Package stage5_test proves what belongs to stage 5.
package stage5_test

import (
	"testing"

	"example.com/webserver/scripts/proof"
)

func TestMain(m *testing.M) { proof.Main(m) }

// TestExercises proves the exercises.
func TestExercises(t *testing.T) { proof.Exercises(t) }

// TestZoo ensures that the wrong servers are caught.
func TestZoo(t *testing.T) { proof.Zoo(t) }
