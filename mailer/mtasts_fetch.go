package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"time"
)

// The bounds of a fetch.
const (
	stsPolicyBytes = 64 << 10 // RFC 8461 §3.3 suggests no more
	stsFetchFor    = time.Minute
	stsConnectFor  = 10 * time.Second
	stsAddresses   = 4
)

// fetch gets a domain's policy from its web server (RFC 8461 §3.3). The certificate is checked for the name mta-sts.domain by package tls.
func (s *MTASTS) fetch(ctx context.Context, domain string) (*stsPolicy, error) {
	ctx, cancel := context.WithTimeout(ctx, stsFetchFor)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://mta-sts."+domain+"/.well-known/mta-sts.txt", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "convene")
	carrier := s.HTTP
	if carrier == nil {
		own := s.carrier()
		defer own.CloseIdleConnections()
		carrier = own
	}
	// A round trip is one request: no redirects, no cookies, no cache, no proxy from the environment.
	resp, err := carrier.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the web server says %d", resp.StatusCode)
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || kind != "text/plain" {
		// Where users may put pictures or pages, they must not be able to put a policy (RFC 8461 §3.2).
		return nil, fmt.Errorf("Content-Type %q, not text/plain", resp.Header.Get("Content-Type"))
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, stsPolicyBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > stsPolicyBytes {
		return nil, fmt.Errorf("more than %d octets", stsPolicyBytes)
	}
	return parseSTSPolicy(string(text))
}

// carrier makes a transport for one request.
func (s *MTASTS) carrier() *http.Transport {
	return &http.Transport{
		DialContext:            s.connect,
		TLSClientConfig:        &tls.Config{RootCAs: s.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    stsConnectFor,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: stsPolicyBytes,
	}
}

// connect reaches a web server by our own resolver. What is no public host of anybody, as this machine's own services, is left out: the name
// is a stranger's choice.
func (s *MTASTS) connect(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs, err := addressesOf(ctx, s.Resolver, host)
	if err != nil {
		return nil, err
	}
	last := errors.New("no public address")
	d := net.Dialer{Timeout: stsConnectFor}
	for _, addr := range addrs[:min(len(addrs), stsAddresses)] {
		if !addr.IsGlobalUnicast() || addr.IsPrivate() {
			continue
		}
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(addr.String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}
