package scripts

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// visitEcho opens a WebSocket. What is said in it comes back, message by
// message: a hundred of them, a long one, and a good-bye.
func visitEcho(t *testing.T, g *guest) {
	ctx, cancel := context.WithTimeout(t.Context(), clientLimit)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, g.url+"echo", nil)
	require.NoError(t, err)
	defer conn.CloseNow()
	assert.Equal(t, 101, response.StatusCode)
	conn.SetReadLimit(-1)
	for n := range 100 {
		message := fmt.Appendf(nil, "message %d", n)
		assertEcho(t, ctx, conn, websocket.MessageText, message)
	}
	assertEcho(t, ctx, conn, websocket.MessageBinary, bytes.Repeat([]byte("long"), 200_000))
	assert.NoError(t, conn.Close(websocket.StatusNormalClosure, "good-bye"), "the other end says good-bye, too")
}

// assertEcho ensures that a message comes back as it was sent.
func assertEcho(t *testing.T, ctx context.Context, conn *websocket.Conn, kind websocket.MessageType, message []byte) {
	require.NoError(t, conn.Write(ctx, kind, message))
	gotKind, got, err := conn.Read(ctx)
	require.NoError(t, err)
	assert.Equal(t, kind, gotKind)
	assert.True(t, bytes.Equal(message, got), "%d bytes came, not the %d that were sent", len(got), len(message))
}
