package mailer

import (
	"context"
	"crypto/tls"
	"time"
)

// handshakeTime bounds a TLS handshake.
const handshakeTime = time.Minute

// starttls carries out STARTTLS (RFC 3207). What the peer sent behind the command in plain text is dropped, and so is all that it said before:
// neither may count once the peer believes itself alone with us.
func (f *filterConn) starttls(arg string) {
	switch {
	case arg != "":
		f.say(501, 5, 5, 4, "STARTTLS has no parameters")
		return
	case f.secure:
		f.say(503, 5, 5, 1, "TLS is on already")
		return
	case f.config.TLS == nil:
		f.say(454, 4, 7, 0, "TLS is not available")
		return
	}
	f.say(220, 2, 0, 0, "Go ahead")
	if f.out.Flush() != nil {
		f.closing = true
		return
	}
	ctx, cancel := context.WithTimeout(f.server.ctx, handshakeTime)
	defer cancel()
	_ = f.raw.SetDeadline(time.Now().Add(handshakeTime))
	secure := tls.Server(f.raw, f.config.TLS)
	if err := secure.HandshakeContext(ctx); err != nil {
		f.log.Info("TLS handshake failed", "error", err)
		f.closing = true
		return
	}
	f.stream, f.secure, f.helo = secure, true, ""
	f.in.Reset(socketReader{f})
	f.out.Reset(socketWriter{f})
	f.endTransaction()
	f.pass("RSET", f.swallow)
}
