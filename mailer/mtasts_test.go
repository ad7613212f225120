package mailer

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

// web is an http.RoundTripper that serves policies: by domain, a status and a body. It counts requests.
type web struct {
	bodies map[string]string
	status int    // zero: 200
	kind   string // Content-Type; empty: text/plain
	asked  int
}

func (w *web) RoundTrip(req *http.Request) (*http.Response, error) {
	w.asked++
	body, ok := w.bodies[req.URL.String()]
	if !ok {
		return nil, errors.New("no such server")
	}
	resp := &http.Response{StatusCode: w.status, Header: http.Header{"Content-Type": {w.kind}}, Body: io.NopCloser(strings.NewReader(body)), Request: req}
	if w.status == 0 {
		resp.StatusCode = 200
	}
	if w.kind == "" {
		resp.Header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	if w.status == 301 {
		resp.Header.Set("Location", "https://a.example/policy.txt")
	}
	return resp, nil
}

const stsURL = "https://mta-sts.a.example/.well-known/mta-sts.txt"

func stsText(mode string, mx ...string) string {
	return "version: STSv1\nmode: " + mode + "\nmx: " + strings.Join(mx, "\nmx: ") + "\nmax_age: 604800\n"
}

// TestSTS is C41 on the wire: what of a policy, a host and its certificate lets mail through.
func TestSTS(t *testing.T) {
	good, pool := certificate(t, "mail.a.example")
	other, _ := certificate(t, "mail.a.example") // of an authority that nobody trusts
	const keyword, sealed, plain = "STARTTLS", "sealed", "plain"
	for name, c := range map[string]struct {
		policy string
		host   string // empty: mail.a.example
		tls    *tls.Config
		offers []string
		mode   TLSMode
		want   string // sealed, plain, or what the error says
		log    string
	}{
		"enforce and all is well":                   {policy: stsText("enforce", "mail.a.example"), tls: good, offers: []string{keyword}, want: sealed},
		"enforce and a pattern":                     {policy: stsText("enforce", "*.a.example"), tls: good, offers: []string{keyword}, want: sealed},
		"enforce and another host":                  {policy: stsText("enforce", "mail.a.example"), host: "evil.example", tls: good, offers: []string{keyword}, want: "evil.example: 4.7.5 the domain's MTA-STS policy does not name this host", log: "mx host not used"},
		"enforce and no TLS":                        {policy: stsText("enforce", "mail.a.example"), want: "4.7.5 TLS is required by the domain's MTA-STS policy and not offered", log: "mx host not used"},
		"enforce and a handshake that fails":        {policy: stsText("enforce", "mail.a.example"), offers: []string{keyword}, want: "4.7.5 TLS handshake: "},
		"enforce and a certificate of nobody":       {policy: stsText("enforce", "mail.a.example"), tls: other, offers: []string{keyword}, want: "4.7.5 TLS handshake: "},
		"enforce and a certificate of another":      {policy: stsText("enforce", "*.a.example"), host: "other.a.example", tls: good, offers: []string{keyword}, want: "4.7.5 TLS handshake: "},
		"enforce, and the configuration has no TLS": {policy: stsText("enforce", "mail.a.example"), mode: TLSNone, tls: good, offers: []string{keyword}, want: plain},
		"testing and all is well":                   {policy: stsText("testing", "mail.a.example"), tls: good, offers: []string{keyword}, want: sealed},
		"testing and another host":                  {policy: stsText("testing", "mail.a.example"), host: "evil.example", tls: good, offers: []string{keyword}, want: sealed, log: "testing mode is not met"},
		"testing and no TLS":                        {policy: stsText("testing", "mail.a.example"), want: plain, log: "testing mode is not met"},
		"testing and a handshake that fails":        {policy: stsText("testing", "mail.a.example"), offers: []string{keyword}, want: plain, log: "testing mode is not met"},
		"none":                                      {policy: "version: STSv1\nmode: none\nmax_age: 1\n", host: "evil.example", want: plain},
		"a policy that cannot be read":              {policy: "version: STSv1\n", host: "evil.example", want: plain, log: "not fetched"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.host == "" {
				c.host = "mail.a.example"
			}
			peer := &mailtest.Peer{TLS: c.tls, Keywords: c.offers}
			m := exchange(map[string][]string{"MX a.example": {"10 " + c.host}, "A " + c.host: {"192.0.2.1"}, "TXT _mta-sts.a.example": {"v=STSv1; id=1;"}},
				mailtest.Net{"192.0.2.1:25": peer})
			var log bytes.Buffer
			m.Log = slog.New(slog.NewTextHandler(&log, nil))
			m.TLS, m.Roots = c.mode, pool
			m.STS = &MTASTS{Resolver: m.Resolver, HTTP: &web{bodies: map[string]string{stsURL: c.policy}}, Log: m.Log}
			err := deliver(t, m, "a.example")
			mails := peer.Mails()
			switch {
			case c.want != sealed && c.want != plain:
				if err == nil || !strings.Contains(err.Error(), c.want) || len(mails) > 0 {
					t.Errorf("%v and %d mails, want %s", err, len(mails), c.want)
				}
				for _, line := range peer.Commands() {
					if strings.HasPrefix(line, "MAIL") {
						t.Error(line)
					}
				}
			case err != nil:
				t.Error(err)
			case mails[0].TLS != (c.want == sealed):
				t.Errorf("TLS %v", mails[0].TLS)
			}
			if c.log == "" && c.want != sealed && c.want != plain {
				c.log = "mx host not used"
			}
			if c.log == "" && log.Len() > 0 || !strings.Contains(log.String(), c.log) {
				t.Errorf("log %q, want %q", &log, c.log)
			}
		})
	}
	t.Run("enforce passes over the wrong host and takes the next", func(t *testing.T) {
		evil, mail := &mailtest.Peer{}, &mailtest.Peer{TLS: good, Keywords: []string{keyword}}
		m := exchange(map[string][]string{"MX a.example": {"10 evil.example", "20 mail.a.example"}, "A evil.example": {"192.0.2.1"}, "A mail.a.example": {"192.0.2.2"},
			"TXT _mta-sts.a.example": {"v=STSv1; id=1;"}}, mailtest.Net{"192.0.2.1:25": evil, "192.0.2.2:25": mail})
		m.Roots = pool
		m.STS = &MTASTS{Resolver: m.Resolver, HTTP: &web{bodies: map[string]string{stsURL: stsText("enforce", "mail.a.example")}}}
		if err := deliver(t, m, "a.example"); err != nil || evil.Dials() != 0 || len(mail.Mails()) != 1 {
			t.Errorf("%v, %d connections to the wrong host", err, evil.Dials())
		}
	})
}

// TestSTSPolicyOverTime walks through what DNS and the web say one after the other, and what holds then.
func TestSTSPolicyOverTime(t *testing.T) {
	enforce, testing2 := stsText("enforce", "mail.a.example"), stsText("testing", "mail.a.example")
	type step struct {
		pass   time.Duration // first
		txt    string        // SERVFAIL; empty: no record
		body   string        // empty: no server
		status int
		want   string // mode and id; empty: no policy
		asked  int    // requests in this step
		fresh  bool   // the process has begun anew
	}
	for name, steps := range map[string][]step{
		"fetched once":                      {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {time.Hour, "v=STSv1; id=1", enforce, 0, "enforce 1", 0, false}},
		"no record, no request":             {{0, "", enforce, 0, "", 0, false}},
		"SERVFAIL, no request":              {{0, "SERVFAIL", enforce, 0, "", 0, false}},
		"a redirect is no policy":           {{0, "v=STSv1; id=1", enforce, 301, "", 1, false}},
		"404 is no policy":                  {{0, "v=STSv1; id=1", enforce, 404, "", 1, false}},
		"the record is gone":                {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {time.Hour, "", "", 0, "enforce 1", 0, false}},
		"DNS is sick":                       {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {time.Hour, "SERVFAIL", "", 0, "enforce 1", 0, false}},
		"all is gone, and after a restart":  {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {6 * 24 * time.Hour, "", "", 0, "enforce 1", 0, true}},
		"it ends with its max_age":          {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {7 * 24 * time.Hour, "", "", 0, "", 0, false}},
		"it ends with its max_age on disk":  {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {7 * 24 * time.Hour, "", "", 0, "", 0, true}},
		"a new id brings a new policy":      {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {time.Minute, "v=STSv1; id=2", testing2, 0, "testing 2", 1, false}},
		"a new id that brings nothing":      {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {time.Minute, "v=STSv1; id=2", "", 0, "enforce 1", 1, false}, {time.Minute, "v=STSv1; id=2", testing2, 0, "enforce 1", 0, false}, {stsFailed, "v=STSv1; id=2", testing2, 0, "testing 2", 1, false}},
		"a new id that brings a redirect":   {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {time.Minute, "v=STSv1; id=2", testing2, 302, "enforce 1", 1, false}},
		"it is fetched again day by day":    {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {25 * time.Hour, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {6*24*time.Hour + 23*time.Hour, "", "", 0, "enforce 1", 0, false}},
		"it is fetched again and not there": {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {25 * time.Hour, "v=STSv1; id=1", "", 0, "enforce 1", 1, false}, {time.Minute, "v=STSv1; id=1", "", 0, "enforce 1", 0, false}},
		"mode none is kept like the others": {{0, "v=STSv1; id=1", "version: STSv1\nmode: none\nmax_age: 86400\n", 0, "none 1", 1, false}, {time.Hour, "v=STSv1; id=1", "", 0, "none 1", 0, true}},
		"a restart without a change":        {{0, "v=STSv1; id=1", enforce, 0, "enforce 1", 1, false}, {time.Hour, "v=STSv1; id=1", "", 0, "enforce 1", 0, true}},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			dir := filepath.Join(t.TempDir(), "mta-sts")
			z, w := newMXZone(map[string][]string{}), &web{}
			begin := func() *MTASTS { return &MTASTS{Resolver: z, Dir: dir, HTTP: w, Now: func() time.Time { return now }} }
			s := begin()
			for i, st := range steps {
				now = now.Add(st.pass)
				z.records = map[string][]string{"TXT _mta-sts.a.example": {st.txt}}
				if st.txt == "" {
					z.records = nil
				}
				w.status, w.bodies, w.asked = st.status, map[string]string{stsURL: st.body}, 0
				if st.body == "" {
					w.bodies = nil
				}
				if st.fresh {
					s = begin()
				}
				got := ""
				if p := s.policy(t.Context(), "a.example"); p != nil {
					got = string(p.Mode) + " " + p.ID
				}
				if got != st.want || w.asked != st.asked {
					t.Errorf("step %d: %q after %d requests, want %q after %d", i+1, got, w.asked, st.want, st.asked)
				}
			}
		})
	}
}

func TestNoDomainAboveIsAskedForAPolicy(t *testing.T) {
	z := newMXZone(map[string][]string{"TXT _mta-sts.a.example": {"v=STSv1; id=1;"}})
	s := &MTASTS{Resolver: z, HTTP: &web{bodies: map[string]string{stsURL: stsText("enforce", "x.example")}}}
	if p := s.policy(t.Context(), "sub.a.example"); p != nil {
		t.Errorf("got %+v", p)
	}
}

// TestSTSFetch has a real web server at the other end.
func TestSTSFetch(t *testing.T) {
	good, pool := certificate(t, "mta-sts.a.example")
	other, otherPool := certificate(t, "a.example")
	valid := stsText("enforce", "mail.a.example")
	serve := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, body)
		}
	}
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		cert   *tls.Config
		fails  string
	}{
		"a policy":              {serve("text/plain", valid), good, ""},
		"a policy in a charset": {serve("TEXT/plain; charset=us-ascii", valid), good, ""},
		"a policy of 64 KiB":    {serve("text/plain", valid+strings.Repeat("x", stsPolicyBytes-len(valid))), good, ""},
		"a policy of more":      {serve("text/plain", valid+strings.Repeat("x", stsPolicyBytes-len(valid)+1)), good, "more than"},
		"a page":                {serve("text/html", valid), good, "Content-Type"},
		"a redirect to itself":  {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) }, good, "the web server says 302"},
		"201": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(201)
			io.WriteString(w, valid)
		}, good, "the web server says 201"},
		"a certificate of a.example": {serve("text/plain", valid), other, "tls: "},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(c.handle)
			server.TLS = c.cert
			server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
			server.StartTLS()
			defer server.Close()
			s := &MTASTS{Roots: pool}
			if c.cert == other {
				s.Roots = otherPool
			}
			carrier := s.carrier()
			carrier.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if address != "mta-sts.a.example:443" {
					t.Errorf("connects to %s", address)
				}
				var d net.Dialer
				return d.DialContext(ctx, network, server.Listener.Addr().String())
			}
			s.HTTP = carrier
			p, err := s.fetch(t.Context(), "a.example")
			if c.fails == "" && (err != nil || p.Mode != stsEnforce) || c.fails != "" && !strings.Contains(fmt.Sprint(err), c.fails) {
				t.Errorf("%+v, %v; want %q", p, err, c.fails)
			}
		})
	}
	t.Run("a web server that never answers", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &MTASTS{HTTP: hangingWeb{}}
			began := time.Now()
			if _, err := s.fetch(t.Context(), "a.example"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != stsFetchFor {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		})
	})
	t.Run("a web server on this machine is left alone", func(t *testing.T) {
		z := newMXZone(map[string][]string{"A mta-sts.a.example": {"127.0.0.1", "169.254.169.254"}, "AAAA mta-sts.a.example": {"::1"}})
		if _, err := (&MTASTS{Resolver: z}).fetch(t.Context(), "a.example"); err == nil || !strings.Contains(err.Error(), "no public address") {
			t.Errorf("%v", err)
		}
	})
}

type hangingWeb struct{}

func (hangingWeb) RoundTrip(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

func TestSTSFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mta-sts")
	const most = 50
	f := &stsFiles{most: most}
	if p, err := f.read(dir, "a.example"); p != nil || err != nil {
		t.Errorf("got %v, %v from no folder", p, err)
	}
	for i := range most + 5 {
		domain := fmt.Sprintf("d%d.example", i)
		if err := f.write(dir, &stsPolicy{Domain: domain, Mode: stsEnforce}); err != nil {
			t.Fatal(err)
		}
		// Oldest first, whatever the file system's clock makes of it.
		if err := os.Chtimes(stsFile(dir, domain), time.Time{}, time.Unix(1e9+int64(i), 0)); err != nil {
			t.Fatal(err)
		}
		if i == most/2 {
			f = &stsFiles{most: most} // another process, which has to count first
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > most || len(entries) < most-most/10 {
		t.Errorf("%d files, %v", len(entries), err)
	}
	info, err := entries[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	last := fmt.Sprintf("d%d.example", most+4)
	if p, err := f.read(dir, last); err != nil || p.Domain != last {
		t.Errorf("%s: %v, %v", last, p, err)
	}
	if p, err := f.read(dir, "d0.example"); err != nil || p != nil {
		t.Errorf("the oldest is still there: %v, %v", p, err)
	}
	if p, err := f.read(dir, "d10.example"); err != nil || p == nil {
		t.Errorf("one that is not so old is gone: %v, %v", p, err)
	}
	if err := os.Rename(stsFile(dir, last), stsFile(dir, "other.example")); err != nil {
		t.Fatal(err)
	}
	if p, err := f.read(dir, "other.example"); err == nil || p != nil {
		t.Errorf("another's file was taken: %v", p)
	}
	if p := (&MTASTS{Dir: dir, Resolver: newMXZone(nil)}).policy(t.Context(), "other.example"); p != nil {
		t.Errorf("another's policy was taken: %v", p)
	}
	if err := f.write(filepath.Join(dir, "x", "\x00"), &stsPolicy{}); err == nil {
		t.Error("wrote into a folder that cannot be")
	}
}
