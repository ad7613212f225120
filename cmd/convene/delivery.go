package main

import (
	"crypto/rand"
	"fmt"
	"time"

	"convene/list"
	"convene/mailer"
)

// newCourier makes the courier that empties the outbox; Start of run sets it to work.
func (d *daemon) newCourier(cfg *Config) error {
	delivery, err := newDelivery(cfg, d.clock.Now)
	if err != nil {
		return err
	}
	d.courier = mailer.NewCourier(mailer.CourierOptions{Outbox: d.db, Source: d.engine, Log: d.log, Now: d.clock.Now, Timer: d.clock.timer}, delivery)
	return nil
}

func (d *daemon) reconfigureCourier(cfg *Config) error {
	delivery, err := newDelivery(cfg, d.clock.Now)
	if err != nil {
		return err
	}
	d.courier.Reconfigure(delivery)
	return nil
}

// newDelivery turns the [delivery] section into transports.
func newDelivery(cfg *Config, now func() time.Time) (mailer.Delivery, error) {
	c := &cfg.Delivery
	smtp := &mailer.SMTP{Hostname: cfg.Server.Hostname, Smarthost: c.Smarthost, Username: c.Username, TLS: mailer.TLSMode(c.TLS)}
	if c.PasswordFile != "" {
		password, err := c.Password()
		if err != nil {
			return mailer.Delivery{}, err
		}
		smtp.Password = password
	}
	var rest mailer.Transport = smtp
	if c.Transport == "maildir" {
		rest = &mailer.Maildir{Dir: c.Maildir, Hostname: cfg.Server.Hostname, Now: now}
	}
	d := mailer.Delivery{Transport: rest, Connections: c.Connections, PerHop: c.ConnectionsPerDomain, Recipients: c.RecipientsPerMessage,
		Rate: mailer.Rate{Recipients: c.Rate.Count, Per: c.Rate.Per}, Retry: c.Retry, RetryFor: c.RetryFor}
	if len(c.Routes) > 0 {
		d.Transport = &mailer.Routes{Next: c.Routes, SMTP: smtp, Rest: rest}
	}
	return d, nil
}

// newIDs makes the ids of messages that come in otherwise than by SMTP.
func newIDs(now func() time.Time) func() string {
	ids := mailer.NewIDs(now, rand.Reader)
	return func() string {
		id, err := ids.Next()
		if err != nil {
			// crypto/rand does not fail on Linux; an id without chance in it is still unique by its time.
			return fmt.Sprintf("%x", now().UnixNano())
		}
		return id
	}
}

// now is the time by the engine's clock.
func (h *house) now() time.Time { return h.engine.Now() }

// retry makes copies due at once, and has hops that are down tried again.
func (h *house) retry(ids []string) (int, error) {
	n, err := h.db.Retry(h.now(), ids)
	if err == nil && h.daemon != nil {
		err = h.daemon.reconfigureCourier(h.cfg)
	}
	return n, err
}

// queueLength is how many copies are still to be delivered: counted where there are few, and otherwise as the outbox knows it, members who
// will turn out to get nothing among them.
func (h *house) queueLength() (int, error) {
	const few = 1000
	if _, copies, _ := h.db.Pending(); copies > few {
		return int(copies), nil
	}
	n := 0
	err := h.db.Queue(func(list.QueueRow) error { n++; return nil })
	return n, err
}
