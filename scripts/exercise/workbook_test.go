package exercise

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestStageNumber ensures that only the name of a stage's folder has a number.
func TestStageNumber(t *testing.T) {
	tests := []struct {
		folder string
		want   int
	}{
		{"stage1-hello", 1},
		{"stage5-proxy", 5},
		{"stage12-many", 0},
		{"stage-hello", 0},
		{"stage1", 0},
		{"my-stage1-hello", 0},
		{"scripts", 0},
		{"", 0},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, StageNumber(test.folder), test.folder)
	}
}
