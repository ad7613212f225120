package mailer

import (
	"fmt"
	"net"
	"net/netip"
	"time"
)

// turnAwayTime bounds how long saying 421 to a connection that is one too many may take. Its socket's buffer is empty, so it takes no time.
const turnAwayTime = time.Second

// listener wraps what a real listener accepts in a filter, and turns away what is too much.
type listener struct {
	net.Listener
	server *Server
	lmtp   bool
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		f, refusal := l.server.admit(raw, l.lmtp)
		if f != nil {
			return f, nil
		}
		_ = raw.SetWriteDeadline(time.Now().Add(turnAwayTime))
		_, _ = raw.Write([]byte(refusal.line()))
		raw.Close()
	}
}

// admit enters a connection into the books and gives it its filter, or says why not.
func (s *Server) admit(raw net.Conn, lmtp bool) (*filterConn, reply) {
	config := s.config().withDefaults()
	ip := peerIP(raw)
	relay := !ip.IsValid() || config.trusts(ip)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopping:
		return nil, reply{421, [3]int{4, 3, 2}, config.Hostname + " is shutting down"}
	case len(s.sessions) >= config.MaxConnections:
		s.log.Warn("connection refused: max_connections", "ip", ip, "open", len(s.sessions))
		return nil, reply{421, [3]int{4, 3, 2}, config.Hostname + " has too many connections; please try again later"}
	case !relay && s.perIP[ip] >= config.Limits.ConnectionsPerIP:
		s.log.Warn("connection refused: connections_per_ip", "ip", ip)
		return nil, reply{421, [3]int{4, 7, 0}, fmt.Sprintf("%s takes %d connections at once from one address", config.Hostname, config.Limits.ConnectionsPerIP)}
	}
	f := newFilterConn(s, raw, config, ip, relay, lmtp)
	s.sessions[f] = true
	s.perIP[ip]++
	return f, reply{}
}

// leave takes a session that is over out of the books.
func (s *Server) leave(f *filterConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.sessions[f] {
		return
	}
	delete(s.sessions, f)
	if s.perIP[f.ip]--; s.perIP[f.ip] == 0 {
		delete(s.perIP, f.ip)
	}
	if s.stopping && len(s.sessions) == 0 {
		close(s.quiet)
	}
}

// peerIP is the address of the other end; the zero Addr for a Unix socket.
func peerIP(c net.Conn) netip.Addr {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}
