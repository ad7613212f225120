package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"convene/list"
	"convene/list/web"
	"convene/mailer"
)

// newPages makes the pages of [http].
func (d *daemon) newPages(cfg *Config) *web.Server {
	return web.New(web.Options{Settings: d.pageSettings(cfg), Engine: d.engine, Health: serveHealth(d.health), Log: d.log, Now: time.Now})
}

// pageSettings are what of the pages a reload may change. On loopback there is a proxy in front, or nobody to hide from: TLS is for other
// listeners.
func (d *daemon) pageSettings(cfg *Config) web.Settings {
	s := web.Settings{BaseURL: cfg.HTTP.BaseURL, Hostname: cfg.Server.Hostname, TrustedProxies: cfg.HTTP.TrustedProxies}
	if host, _, err := net.SplitHostPort(cfg.HTTP.Listen); err == nil && !loopback(host) {
		s.TLS = d.pageTLS()
	}
	return s
}

func (d *daemon) pageTLS() *tls.Config {
	if certs := d.certs.Load(); certs != nil {
		return certs.TLSConfig()
	}
	return nil
}

// serveMetrics serves /metrics until ctx ends.
func (d *daemon) serveMetrics(ctx context.Context, l net.Listener) error {
	server := d.metrics.Server()
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("metrics.listen: %w", err)
	}
	return nil
}

// observer passes what happens to deliveries on to who counts it and who is told.
func (d *daemon) observer() mailer.Observer {
	return mailer.Observer{
		Settled: func(claim *list.Claim, results []list.Settled) { d.metrics.ObserveDeliveries(claim, results) },
		Tripped: func(out list.Outgoing, hop, status string) {
			if err := d.engine.TellTripped(out.Address, out.Post, hop, status, d.clock.Now()); err != nil {
				d.log.Error("the owners could not be told that a hop refuses a post", "list", out.Address, "post", out.Post, "error", err)
			}
		},
		Frozen: func(hop, status string) {
			if err := d.engine.TellFrozen(hop, status, d.clock.Now()); err != nil {
				d.log.Error("the admin could not be told that a hop refuses our credentials", "hop", hop, "error", err)
			}
		},
	}
}
