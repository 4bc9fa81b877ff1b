package scripts

import "testing"

// witnessed plays a script once, with the pretender as the stage.
func witnessed(t *testing.T, p play, text string) Outcome {
	t.Helper()
	if p.patience == nil {
		p.patience = newPatience()
	}
	p.takes = takes(p.stage)
	p.file = writeScript(t, text)
	return p.try()
}
