package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"convene/digest"
	"convene/list"
	"convene/list/archive"
	"convene/list/imap"
	"convene/list/web"
	"convene/mailer"
	"convene/store"
)

// daemon is a running convene: everything that serve starts, and that demo and the end-to-end tests start in the same way.
type daemon struct {
	log     *slog.Logger
	clock   *clock
	started time.Time
	cfg     atomic.Pointer[Config]
	path    string // of the config

	db      *store.DB
	engine  *list.Engine
	editor  *digest.Editor
	server  *mailer.Server
	courier *mailer.Courier
	signer  *mailer.Signer // guarded by reloading, once the daemon runs
	pages   *web.Server
	folders *imap.Server // nil: nobody reads by IMAP
	metrics *metrics
	archive *archive.File // nil: it could not be opened
	pickups *pickups
	certs   atomic.Pointer[mailer.Certificates]
	auth    atomic.Pointer[mailer.Authenticator]

	reloading sync.Mutex
	advancing sync.Mutex
}

// stopWithin is how long a stop may take before sockets are closed under their sessions.
const stopWithin = 8 * time.Second

// assemble opens the store and puts the parts together. Nothing listens yet and nothing is sent.
func assemble(cfg *Config, c *clock, existing bool, log *slog.Logger) (*daemon, error) {
	d := &daemon{log: log, clock: c, started: c.Now()}
	d.cfg.Store(cfg)
	if err := d.loadCertificates(cfg); err != nil {
		return nil, err
	}
	db, err := openStore(cfg, existing, log)
	if err != nil {
		return nil, err
	}
	d.db = db
	newID := newIDs(c.Now)
	if d.engine, err = list.NewEngine(db, cfg.Site(), c.Now, newID, log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	d.openArchive(cfg)
	d.editor = digest.NewEditor(d.engine, cfg.Programme(), log)
	d.engine.Bounces = list.BounceReading{Read: mailer.ReadBounce, Classify: mailer.ClassifyBounce}
	d.auth.Store(newAuthenticator(cfg))
	d.pickups = &pickups{daemon: d}
	d.metrics = newMetrics(metricsSources{DB: db, Now: c.Now, Sessions: func() int { return d.server.Open() }, Reading: d.reading, Mailboxes: d.pickups.Status,
		HopsDown: func() int { return d.courier.HopsDown() }, Health: d.health, Behind: d.behind, Log: log})
	d.server = mailer.NewServer(d.metrics.Receiver(d.engine), d.serverConfig, log, c.Now, rand.Reader)
	d.pages = d.newPages(cfg)
	if err := errors.Join(d.newFolders(cfg), d.newCourier(cfg)); err != nil {
		return nil, errors.Join(err, d.closeStores())
	}
	return d, nil
}

// loadCertificates reads the certificate of a config; without one STARTTLS is not offered.
func (d *daemon) loadCertificates(cfg *Config) error {
	if cfg.TLS.Cert == "" {
		d.certs.Store(nil)
		return nil
	}
	certs, err := mailer.LoadCertificates(cfg.TLS.Cert, cfg.TLS.Key, d.log)
	if err == nil {
		d.certs.Store(certs)
	}
	return err
}

// openStore opens the store of a config. An index that was not closed cleanly is checked in a process of its own: a damaged one can take
// down whoever reads it.
func openStore(cfg *Config, existing bool, log *slog.Logger) (*store.DB, error) {
	return store.Open(cfg.Server.DataDir, store.Options{Existing: existing, Log: log, Check: checkIndexApart})
}

func newAuthenticator(cfg *Config) *mailer.Authenticator {
	return &mailer.Authenticator{Resolver: mailer.NewResolver(cfg.DNS.Resolver), Hostname: cfg.Server.Hostname, AuthservID: cfg.SMTP.AuthservID,
		Budget: cfg.Limits.DNSBudget, Now: time.Now, ARC: len(cfg.Site().Sealing) > 0}
}

func (d *daemon) serverConfig() mailer.ServerConfig {
	cfg := d.cfg.Load()
	c := mailer.ServerConfig{Hostname: cfg.Server.Hostname, MaxMessage: cfg.SMTP.MaxMessage, MaxConnections: cfg.SMTP.MaxConnections,
		Limits: cfg.Site().Limits, TrustedRelays: cfg.SMTP.TrustedRelays, Auth: d.auth.Load()}
	if certs := d.certs.Load(); certs != nil {
		c.TLS = certs.TLSConfig()
	}
	return c
}

// house is what commands that come in through the control socket act on.
func (d *daemon) house() *house {
	return &house{cfg: d.cfg.Load(), db: d.db, engine: d.engine, editor: d.editor, daemon: d}
}

// listeners are the sockets of a config.
type listeners struct {
	smtp, lmtp, http, imap, metrics, control net.Listener
}

func (d *daemon) listen() (l listeners, err error) {
	cfg := d.cfg.Load()
	if l.control, err = listenControl(cfg.Server.DataDir); err != nil {
		return l, err
	}
	for _, s := range []struct {
		key, at string
		into    *net.Listener
	}{{"smtp.listen", cfg.SMTP.Listen, &l.smtp}, {"http.listen", cfg.HTTP.Listen, &l.http}, {"imap.listen", cfg.IMAP.Listen, &l.imap}, {"metrics.listen", cfg.Metrics.Listen, &l.metrics}} {
		if s.at == "" {
			continue
		}
		if *s.into, err = net.Listen("tcp", s.at); err != nil {
			return l, fmt.Errorf("%s: %w", s.key, err)
		}
	}
	if a := cfg.SMTP.LMTP; strings.HasPrefix(a, "/") {
		l.lmtp, err = listenUnix(a)
	} else if a != "" {
		l.lmtp, err = net.Listen("tcp", a)
	}
	if err != nil {
		err = fmt.Errorf("smtp.lmtp: %w", err)
	}
	return l, err
}

// listenUnix makes a Unix socket that the mail server's group may use. A file that is no socket is never removed.
func listenUnix(path string) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil {
		if info.Mode()&fs.ModeSocket == 0 {
			return nil, fmt.Errorf("%s is there and is not a socket", path)
		}
		if conn, err := net.Dial("unix", path); err == nil {
			conn.Close()
			return nil, fmt.Errorf("%s is in use by another process", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o660)
}

func (l listeners) close() {
	for _, one := range []net.Listener{l.smtp, l.lmtp, l.http, l.imap, l.metrics, l.control} {
		if one != nil {
			one.Close()
		}
	}
}

// run serves until ctx ends or the store fails; ready is called once the listeners are there. It stops in order: no new sessions, those in
// the middle of a message finish, couriers finish what they hold, the store is closed.
func (d *daemon) run(ctx context.Context, ready func(listeners)) error {
	l, err := d.listen()
	if err != nil {
		l.close()
		return errors.Join(err, d.closeStores())
	}
	d.editor.WarnStranded()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := d.courier.Run(); err != nil {
			cancel(fmt.Errorf("deliveries stopped: %w", err))
		}
	})
	for _, s := range []struct {
		net.Listener
		lmtp bool
	}{{l.smtp, false}, {l.lmtp, true}} {
		if s.Listener != nil {
			wg.Go(func() {
				if err := d.server.Serve(s.Listener, s.lmtp); err != nil {
					cancel(err)
				}
			})
		}
	}
	if l.http != nil {
		wg.Go(func() {
			if err := d.pages.Serve(l.http); err != nil {
				cancel(err)
			}
		})
	}
	if l.imap != nil {
		wg.Go(func() {
			if err := d.folders.Serve(l.imap, tlsAtOnce(d.cfg.Load().IMAP.Listen)); err != nil {
				cancel(err)
			}
		})
	}
	commands, stopCommands := context.WithCancel(context.WithoutCancel(ctx))
	wg.Go(func() { d.serveControl(commands, l.control) })
	wg.Go(func() { d.keepHouse(ctx) })
	wg.Go(func() { d.sendNotes(ctx) })
	wg.Go(func() { d.follow(commands) })
	wg.Go(func() { d.pickups.Run(ctx) })
	if l.metrics != nil {
		wg.Go(func() {
			if err := d.serveMetrics(commands, l.metrics); err != nil {
				cancel(err)
			}
		})
	}
	d.log.Info("serving", "smtp", address(l.smtp), "lmtp", address(l.lmtp), "http", address(l.http), "imap", address(l.imap), "metrics", address(l.metrics), "lists", len(d.cfg.Load().Lists), "version", version)
	ready(l)

	select {
	case <-ctx.Done():
	case <-d.db.Broken():
		cancel(errors.New("the store failed; see the log, check the disk, and start again"))
	}
	d.log.Info("stopping")
	d.drain(ctx)
	l.close()
	stopCommands()
	wg.Wait()
	os.Remove(filepath.Join(d.cfg.Load().Server.DataDir, controlName))
	err = d.closeStores()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	d.log.Info("stopped")
	return err
}

// drain lets what has begun come to its end, for as long as stopWithin.
func (d *daemon) drain(ctx context.Context) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer done()
	if err := d.server.Shutdown(ctx); err != nil {
		d.log.Warn("sessions were closed before they ended", "error", err)
	}
	if d.folders != nil {
		if err := d.folders.Shutdown(ctx); err != nil {
			d.log.Warn("mail programs were cut off", "error", err)
		}
	}
	if err := d.pages.Shutdown(ctx); err != nil {
		d.log.Warn("requests were cut off", "error", err)
	}
	if err := d.courier.Stop(ctx); err != nil {
		d.log.Warn("deliveries were cut off; their copies go out at the next start", "error", err)
	}
}

func address(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

// houseEvery is how often it is looked for what is due at least, and houseAfter how soon again at most.
const (
	houseEvery = 15 * time.Minute
	houseAfter = 5 * time.Second
)

// keepHouse does what is due: posts that were held too long, what owners are told, what was settled long ago. Under a virtual clock advance does it.
func (d *daemon) keepHouse(ctx context.Context) {
	if d.clock.virtual {
		return
	}
	for {
		d.tick(ctx, d.clock.Now())
		wait := houseEvery
		for _, next := range []func() (time.Time, bool){d.engine.NextDue, d.editor.NextDue} {
			if due, ok := next(); ok {
				wait = min(wait, max(due.Sub(d.clock.Now()), houseAfter))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-d.editor.Changed(): // a plan that was changed by mail may be due sooner
		case <-time.After(wait):
		}
	}
}

// sendNotes sends notices as soon as they are owed, and at the start those that were left. What the store does not take now is tried again when
// the house is kept. While a virtual clock moves it waits: advance sends them itself, so as to know when there are no more.
func (d *daemon) sendNotes(ctx context.Context) {
	for {
		d.advancing.Lock()
		_, err := d.engine.SendNotes(ctx)
		d.advancing.Unlock()
		if err != nil && ctx.Err() == nil {
			d.log.Error("notices wait", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.db.Noted():
		}
	}
}

func (d *daemon) tick(ctx context.Context, now time.Time) {
	if err := errors.Join(d.engine.Tick(ctx, now), d.editor.Tick(ctx, now), d.db.Prune(now), d.db.Erase()); err != nil && ctx.Err() == nil {
		d.log.Error("housekeeping", "error", err)
	}
}
