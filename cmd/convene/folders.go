package main

import (
	"net"
	"strconv"
	"time"

	"convene/list"
	"convene/list/imap"
)

// portTLS is where TLS begins at once (RFC 8314 §7.3); elsewhere mail programs ask for it.
const portTLS = "993"

func tlsAtOnce(listen string) bool {
	_, port, err := net.SplitHostPort(listen)
	return err == nil && port == portTLS
}

// mailboxPlace is what people type into a mail program; nil: there is nothing to be read so.
func (c *Config) mailboxPlace() *list.MailboxPlace {
	host, port, err := net.SplitHostPort(c.IMAP.Listen)
	number, bad := strconv.Atoi(port)
	if err != nil || bad != nil {
		return nil
	}
	place := &list.MailboxPlace{Host: c.Server.Hostname, Port: number, Security: "starttls"}
	switch {
	case port == portTLS:
		place.Security = "tls"
	case loopback(host):
		place.Host, place.Security = host, "none"
	}
	return place
}

// newFolders makes what mail programs read the archives from.
func (d *daemon) newFolders(cfg *Config) error {
	if cfg.IMAP.Listen == "" {
		return nil
	}
	validity, err := d.db.UIDValidity()
	if err != nil {
		return err
	}
	o := imap.Options{Settings: d.folderSettings, Rights: d.engine, Store: d.db, UIDValidity: validity, Log: d.log, Now: time.Now}
	if d.archive != nil {
		o.Cards = d.archive
	}
	d.folders = imap.New(o)
	return nil
}

func (d *daemon) folderSettings() imap.Settings {
	cfg := d.cfg.Load()
	s := imap.Settings{Hostname: cfg.Server.Hostname, MaxConnections: cfg.SMTP.MaxConnections, PerIP: cfg.Limits.ConnectionsPerIP}
	if certs := d.certs.Load(); certs != nil {
		s.TLS = certs.TLSConfig()
	}
	return s
}

// reading is how many mail programs are connected.
func (d *daemon) reading() int {
	if d.folders == nil {
		return 0
	}
	return d.folders.Open()
}
