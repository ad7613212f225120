package imap

import (
	"net"
	"net/netip"
	"time"
)

// turnAwayTime bounds how long it may take to say that a connection is one too many.
const turnAwayTime = time.Second

// listener wraps what a real listener accepts, and turns away what is too much.
type listener struct {
	net.Listener
	server   *Server
	implicit bool
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c, refusal := l.server.admit(raw, l.implicit)
		if c != nil {
			return c, nil
		}
		_ = raw.SetWriteDeadline(time.Now().Add(turnAwayTime))
		if !l.implicit {
			_, _ = raw.Write([]byte("* BYE [UNAVAILABLE] " + refusal + "\r\n"))
		}
		_ = raw.Close()
	}
}

// admit enters a connection into the books, or says why not.
func (s *Server) admit(raw net.Conn, implicit bool) (*conn, string) {
	settings := s.Settings()
	if settings.MaxConnections <= 0 {
		settings.MaxConnections = defaultMaxConnections
	}
	if settings.PerIP <= 0 {
		settings.PerIP = defaultPerIP
	}
	ip := peerIP(raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopping:
		return nil, "Shutting down"
	case len(s.conns) >= settings.MaxConnections:
		s.Log.Warn("imap: connection refused: max_connections", "ip", ip, "open", len(s.conns))
		return nil, "Too many connections; please try again later"
	case !ip.IsLoopback() && s.perIP[ip] >= settings.PerIP:
		s.Log.Warn("imap: connection refused: connections_per_ip", "ip", ip)
		return nil, "Too many connections from your address"
	}
	c := newConn(s, raw, settings, ip, implicit)
	s.conns[c] = true
	s.perIP[ip]++
	return c, ""
}

// peerIP is the address of the other end; the zero Addr where it has none.
func peerIP(c net.Conn) netip.Addr {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}
