package web

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
)

// certificate is one for tests.
func certificate(t *testing.T) *tls.Config {
	t.Helper()
	borrowed := httptest.NewTLSServer(http.NotFoundHandler())
	defer borrowed.Close()
	return &tls.Config{Certificates: borrowed.TLS.Certificates, MinVersion: tls.VersionTLS12}
}

func TestTLS(t *testing.T) {
	config := certificate(t)
	synctest.Test(t, func(t *testing.T) {
		s := newSite(func(o *Options) { o.TLS = config })
		l := serve(t, s)
		for proto, from := range map[string]string{"HTTP/2.0": "192.0.2.1", "HTTP/1.1": "192.0.2.2"} {
			transport := &http.Transport{
				DialContext:       func(context.Context, string, string) (net.Conn, error) { return l.DialFrom(from) },
				TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
				ForceAttemptHTTP2: proto == "HTTP/2.0",
			}
			resp, err := (&http.Client{Transport: transport}).Post("https://x/u/"+token, urlencoded, strings.NewReader(oneClick))
			if err != nil {
				t.Fatal(err)
			}
			page := text(t, resp)
			if resp.Proto != proto || resp.StatusCode != 200 || resp.Header.Get("Strict-Transport-Security") == "" || !strings.Contains(page, "Peer Learning") {
				t.Errorf("%s: %s %d %v", proto, resp.Proto, resp.StatusCode, resp.Header)
			}
			transport.CloseIdleConnections()
		}
		if s.engine.gone() != "one-click one-click" {
			t.Errorf("left %q", s.engine.gone())
		}
		if got := answers(t, dial(t, l, "192.0.2.3")); got != "" {
			t.Errorf("silence at the handshake: %q", got)
		}
	})
}

func TestReloadSwapsTLS(t *testing.T) {
	config := certificate(t)
	synctest.Test(t, func(t *testing.T) {
		s := newSite()
		l := serve(t, s)
		plain, secure := get(l, "192.0.2.1", "http://x/"), get(l, "192.0.2.1", "https://x/")
		if plain != "200 HTTP/1.1" || !strings.Contains(secure, "server gave HTTP response to HTTPS client") {
			t.Errorf("without a certificate: %s, %s", plain, secure)
		}
		s.Configure(Settings{BaseURL: "https://lists.example.org", Hostname: "lists.example.org", TLS: config})
		plain, secure = get(l, "192.0.2.1", "http://x/"), get(l, "192.0.2.1", "https://x/")
		if plain != "400 HTTP/1.0" || secure != "200 HTTP/1.1" {
			t.Errorf("with a certificate: %s, %s", plain, secure)
		}
		if len(config.NextProtos) > 0 {
			t.Error("the caller's TLS config was changed")
		}
	})
}
