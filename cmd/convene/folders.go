package main

import (
	"errors"
	"net"

	"convene/list/imap"
)

// portTLS is where TLS begins at once (RFC 8314 §7.3); elsewhere mail programs ask for it.
const portTLS = "993"

func tlsAtOnce(listen string) bool {
	_, port, err := net.SplitHostPort(listen)
	return err == nil && port == portTLS
}

// newFolders makes what mail programs read the archives from.
func (d *daemon) newFolders(cfg *Config) error {
	if cfg.IMAP.Listen == "" {
		return nil
	}
	if tlsAtOnce(cfg.IMAP.Listen) && d.certs.Load() == nil {
		return errors.New("imap.listen: port 993 needs a certificate in [tls]")
	}
	validity, err := d.db.UIDValidity()
	if err == nil {
		d.folders = imap.New(imap.Options{Settings: d.folderSettings, Rights: d.engine, Store: d.db, UIDValidity: validity, Log: d.log, Now: d.clock.Now})
	}
	return err
}

func (d *daemon) folderSettings() imap.Settings {
	cfg := d.cfg.Load()
	s := imap.Settings{Hostname: cfg.Server.Hostname, MaxConnections: cfg.SMTP.MaxConnections, PerIP: cfg.Limits.ConnectionsPerIP}
	if certs := d.certs.Load(); certs != nil {
		s.TLS = certs.TLSConfig()
	}
	return s
}
