package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// errSilent is a server that did not answer in time.
var errSilent = errors.New("mailer: the IMAP server does not answer")

// pickupSession is one connection to the mailbox, selected.
type pickupSession struct {
	*Pickup
	log     *slog.Logger
	raw     net.Conn // under TLS: closing it wakes everybody who waits
	client  *imapclient.Client
	arrived chan struct{} // one slot: EXISTS came
	state   pickupState
	dirty   bool // the state is further than what is stored
	strict  bool // the mailbox cannot be marked
}

// session watches the mailbox over one connection. looked says that it came as far as having nothing further to fetch.
func (p *Pickup) session(ctx context.Context, log *slog.Logger) (looked bool, err error) {
	s := &pickupSession{Pickup: p, log: log, arrived: make(chan struct{}, 1)}
	defer func() {
		if s.raw != nil {
			s.raw.Close()
		}
	}()
	if err := s.connect(ctx); err != nil {
		return false, err
	}
	defer context.AfterFunc(ctx, func() { s.raw.Close() })()
	if err := s.open(ctx); err != nil {
		return false, err
	}
	for again := 0; ; again++ {
		if err := s.pass(ctx); err != nil {
			return looked, err
		}
		looked = true
		now := p.Now()
		p.note(func(st *PickupStatus) {
			st.Connected, st.Looked, st.Problem, st.Waiting = true, now, "", len(s.state.Later)
		})
		told, err := s.wait(ctx, again)
		if err != nil {
			return looked, err
		}
		if told {
			again = -1
		}
	}
}

// connect dials, begins TLS, and reads the greeting.
func (s *pickupSession) connect(ctx context.Context) error {
	u, err := url.Parse(s.Server)
	if err != nil {
		return fmt.Errorf("mailer: pickup: %w", err)
	}
	port := u.Port()
	if port == "" {
		if port = "143"; u.Scheme == "imaps" {
			port = "993"
		}
	}
	if s.raw, err = s.Dial(ctx, net.JoinHostPort(u.Hostname(), port)); err != nil {
		return err
	}
	config := &tls.Config{}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	options := &imapclient.Options{TLSConfig: config, UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: s.changed}}
	return s.within(ctx, func() error {
		switch {
		case u.Scheme == "imaps":
			config.NextProtos = []string{"imap"}
			conn := tls.Client(s.raw, config)
			if err := conn.HandshakeContext(ctx); err != nil {
				return err
			}
			s.client = imapclient.New(conn, options)
		case onThisMachine(u.Hostname()):
			s.client = imapclient.New(s.raw, options)
		default:
			if s.client, err = imapclient.NewStartTLS(s.raw, options); err != nil {
				return fmt.Errorf("STARTTLS: %w", err)
			}
		}
		return s.client.WaitGreeting()
	})
}

// onThisMachine reports whether what is said to a host stays on this machine.
func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// changed hears what the server says of the mailbox without being asked.
func (s *pickupSession) changed(d *imapclient.UnilateralDataMailbox) {
	if d.NumMessages != nil {
		select {
		case s.arrived <- struct{}{}:
		default:
		}
	}
}

// open logs in, selects the mailbox, and reads how far it was read.
func (s *pickupSession) open(ctx context.Context) error {
	if s.client.State() != imap.ConnStateAuthenticated { // by PREAUTH
		password, err := s.Password()
		if err != nil {
			return err
		}
		if err := s.within(ctx, func() error { return s.client.Login(s.Username, password).Wait() }); err != nil {
			return fmt.Errorf("the login was refused: %w", err)
		}
	}
	var data *imap.SelectData
	err := s.within(ctx, func() (err error) { data, err = s.client.Select(s.Mailbox, nil).Wait(); return err })
	if err != nil {
		return fmt.Errorf("mailbox %s: %w", s.Mailbox, err)
	}
	if s.state, err = s.readState(); err != nil {
		return err
	}
	if s.state.Validity != data.UIDValidity || data.UIDValidity == 0 {
		if s.state.Validity != 0 {
			s.log.Warn("mailbox numbered anew", "was", s.state.Validity, "is", data.UIDValidity, "hint", "it is read again from the beginning; what was taken before is known")
		}
		s.state = pickupState{Validity: data.UIDValidity, Since: s.state.Since, Until: math.MaxUint32}
		if data.UIDNext > 0 {
			s.state.Until = uint32(data.UIDNext - 1)
		}
	}
	if s.state.Since.IsZero() {
		s.state.Since = s.Now()
	}
	s.log.Info("mailbox opened", "messages", data.NumMessages, "read_up_to", s.state.Last, "idle", s.client.Caps().Has(imap.CapIdle))
	return s.mark(ctx)
}

// within does something that waits for the server, for no longer than answerWithin.
func (s *pickupSession) within(ctx context.Context, f func() error) error {
	late := false
	ctx, done := context.WithTimeout(ctx, answerWithin)
	defer done()
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		late = true
		s.raw.Close()
		close(over)
	})
	err := f()
	if !stop() {
		<-over
	}
	if late {
		return errors.Join(errSilent, err)
	}
	return err
}

// soon is after how long it is looked again when messages were announced, and at the beginning: a server may say that one is there before it can be
// fetched, and some do not say in IDLE what came just before it.
var soon = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second}

// wait returns when it is worth looking again; told says that the server spoke of messages. again counts the looks since it last did.
func (s *pickupSession) wait(ctx context.Context, again int) (told bool, err error) {
	select {
	case <-s.arrived:
		return true, nil
	default:
	}
	idles := s.client.Caps().Has(imap.CapIdle)
	patience := idleFor
	if !idles {
		patience = pollEvery
	}
	if again < len(soon) {
		patience = soon[again]
	}
	var idle *imapclient.IdleCommand
	if idles {
		err := s.within(ctx, func() (err error) { idle, err = s.client.Idle(); return err })
		if err != nil {
			return false, fmt.Errorf("IDLE: %w", err)
		}
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-s.arrived:
		told = true
	case <-t.C:
	case <-s.client.Closed():
		return false, errors.New("mailer: the IMAP server closed the connection")
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return told, s.within(ctx, func() error {
		if idle == nil {
			return s.client.Noop().Wait()
		}
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}
