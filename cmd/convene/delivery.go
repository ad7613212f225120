package main

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"time"

	"convene/list"
	"convene/mailer"
)

// newCourier makes the courier that empties the outbox; Start of run sets it to work.
func (d *daemon) newCourier(cfg *Config) error {
	delivery, err := d.newDelivery(cfg)
	if err != nil {
		return err
	}
	d.courier = mailer.NewCourier(mailer.CourierOptions{Outbox: d.db, Source: d.engine, Log: d.log, Now: d.clock.Now, Timer: d.clock.timer,
		Observer: d.observer()}, delivery)
	return nil
}

func (d *daemon) reconfigureCourier(cfg *Config) error {
	delivery, err := d.newDelivery(cfg)
	if err != nil {
		return err
	}
	d.courier.Reconfigure(delivery)
	return nil
}

// newDelivery turns the [delivery] section, and the keys of [[dkim]], into transports and a signer.
func (d *daemon) newDelivery(cfg *Config) (mailer.Delivery, error) {
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
	var err error
	switch c.Transport {
	case "maildir":
		rest = &mailer.Maildir{Dir: c.Maildir, Hostname: cfg.Server.Hostname, Now: d.clock.Now}
	case "mx":
		rest, err = d.newMX(cfg, smtp)
	}
	if err != nil {
		return mailer.Delivery{}, err
	}
	signer, err := newSigner(cfg.DKIM)
	if err != nil {
		return mailer.Delivery{}, err
	}
	d.signer = signer.After(d.signer)
	delivery := mailer.Delivery{Transport: rest, Connections: c.Connections, PerHop: c.ConnectionsPerDomain, Recipients: c.RecipientsPerMessage,
		Signer: d.signer, Hostname: cfg.Server.Hostname, Rate: mailer.Rate{Recipients: c.Rate.Count, Per: c.Rate.Per}, Retry: c.Retry, RetryFor: c.RetryFor}
	if len(c.Routes) > 0 {
		delivery.Transport = &mailer.Routes{Next: c.Routes, SMTP: smtp, Rest: rest}
	}
	return delivery, nil
}

// newMX makes the transport that goes straight to recipients' servers. It speaks as smtp does.
func (d *daemon) newMX(cfg *Config, smtp *mailer.SMTP) (*mailer.MX, error) {
	resolver := mailer.NewResolver(cfg.DNS.Resolver)
	m := &mailer.MX{Hostname: smtp.Hostname, Resolver: resolver, TLS: smtp.TLS, Now: time.Now, Log: d.log,
		STS: &mailer.MTASTS{Resolver: resolver, Dir: filepath.Join(cfg.Server.DataDir, "mta-sts"), Now: time.Now, Log: d.log}}
	var err error
	if cfg.Delivery.DANE {
		m.Validator, err = mailer.NewValidator(cfg.DNS.Resolver)
	}
	return m, err
}

func newSigner(keys []DKIMConfig) (*mailer.Signer, error) {
	all, err := signingKeys(keys)
	if err != nil {
		return nil, err
	}
	return mailer.NewSigner(all), nil
}

// signingKeys reads the keys of [[dkim]].
func signingKeys(keys []DKIMConfig) (all []mailer.SigningKey, err error) {
	for _, k := range keys {
		key, err := mailer.LoadSigningKey(k.Domain, k.Selector, k.KeyFile)
		if err != nil {
			return nil, err
		}
		all = append(all, key)
	}
	return all, nil
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

// retry makes copies due at once, all of them where none is named, and has hops that are down tried again.
func (h *house) retry(ids []string) (int, error) {
	var waiting int
	if len(ids) == 0 {
		// Those that wait for a hop that is down are tried, too, and the outbox does not count them: their time had come.
		var err error
		if waiting, err = h.queueLength(); err != nil {
			return 0, err
		}
		ids = nil
	}
	n, err := h.db.Retry(h.now(), ids)
	n = max(n, waiting)
	if err == nil && h.daemon != nil {
		h.daemon.courier.Revive()
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
