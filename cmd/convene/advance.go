package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// holdFor is how long a delivery or a session may hold up a virtual clock, in real time.
const holdFor = 30 * time.Second

// advance moves the virtual clock, doing on the way everything that falls due, in order of time. It returns when nothing is due, no
// session is in the middle of a message, and no delivery is in flight.
func (d *daemon) advance(ctx context.Context, by time.Duration) (time.Time, error) {
	if !d.clock.virtual {
		return time.Time{}, errors.New("the clock is the real one; serve --virtual-clock starts one that can be moved")
	}
	d.advancing.Lock()
	defer d.advancing.Unlock()
	now := d.clock.Now()
	target := now.Add(by)
	d.tick(ctx, now) // what fell due while nothing ran
	for {
		if err := d.settle(ctx); err != nil {
			return d.clock.Now(), err
		}
		next, ok := d.nextDue()
		if !ok || next.After(target) {
			break
		}
		d.moveTo(ctx, next)
	}
	d.moveTo(ctx, target)
	err := d.settle(ctx)
	d.followed(ctx)
	return target, err
}

func (d *daemon) moveTo(ctx context.Context, t time.Time) {
	d.clock.set(t)
	d.tick(ctx, d.clock.Now())
	d.courier.Kick()
}

// nextDue is the next moment at which anything is to be done, after now.
func (d *daemon) nextDue() (time.Time, bool) {
	now := d.clock.Now()
	var first time.Time
	for _, due := range []func() (time.Time, bool){d.engine.NextDue, d.editor.NextDue, d.courier.NextDue} {
		if t, ok := due(); ok && t.After(now) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first, !first.IsZero()
}

// settle waits until nothing moves, and no notice is owed. A delivery that does not end becomes a temporary failure; a session that does not is an
// error, since only its peer can end it.
func (d *daemon) settle(ctx context.Context) error {
	for {
		if err := d.rest(ctx); err != nil {
			return err
		}
		// What was delivered, or was not, may have been a reason for another notice.
		if err := d.db.Fold(); err != nil {
			return err
		}
		if sent, err := d.engine.SendNotes(ctx); err != nil || sent == 0 {
			return err
		}
	}
}

// rest waits until no session and no delivery moves.
func (d *daemon) rest(ctx context.Context) error {
	held, cancel := context.WithTimeout(ctx, holdFor)
	defer cancel()
	for d.server.Busy() > 0 {
		select {
		case <-held.Done():
			return errors.New("a session is in the middle of a message and holds the clock")
		case <-time.After(time.Millisecond):
		}
	}
	err := d.courier.Quiesce(held, d.clock.Now())
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		d.courier.Interrupt()
		after, cancel := context.WithTimeout(ctx, holdFor)
		defer cancel()
		err = d.courier.Quiesce(after, d.clock.Now())
	}
	if err != nil {
		return fmt.Errorf("deliveries hold the clock: %w", err)
	}
	return nil
}

// loopbackOnly refuses a config that would send mail off this machine under a clock that is not the real one.
func loopbackOnly(cfg *Config) error {
	hops := map[string]string{}
	if cfg.Delivery.Transport == "mx" {
		return errors.New(`delivery.transport = "mx": a virtual clock delivers to this machine only, by maildir, smarthost or routes`)
	}
	if cfg.Delivery.Transport == "smarthost" {
		hops["delivery.smarthost"] = cfg.Delivery.Smarthost
	}
	for domain, hop := range cfg.Delivery.Routes {
		hops["delivery.routes."+domain] = hop
	}
	for i, in := range cfg.Intake {
		if u, err := url.Parse(in.IMAP); err == nil {
			hops[fmt.Sprintf("intake[%d].imap", i)] = net.JoinHostPort(u.Hostname(), "0")
		}
	}
	for key, hop := range hops {
		if hop = strings.TrimPrefix(hop, "lmtp:"); strings.HasPrefix(hop, "/") {
			continue
		}
		host, _, err := net.SplitHostPort(hop)
		if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return fmt.Errorf("%s = %q: a virtual clock delivers to this machine only (127.0.0.0/8, ::1, localhost)", key, hop)
		}
	}
	return nil
}
