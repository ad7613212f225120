package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"convene/list"
	"convene/mailer/mailtest"
	"convene/store"
)

var metricsNow = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// testMetrics are metrics on an empty store.
func testMetrics(t testing.TB) (*metrics, *store.DB) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	db, err := store.Open(t.TempDir(), store.Options{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return newMetrics(metricsSources{DB: db, Now: func() time.Time { return metricsNow }, Sessions: func() int { return 3 },
		HopsDown: func() int { return 2 }, Health: func() health { return health{Status: healthFailing} }, Log: quiet}), db
}

// scrape returns the samples of our own metrics by name with labels, as /metrics writes them.
func scrape(t testing.TB, m *metrics) map[string]string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	all := map[string]string{}
	for line := range strings.Lines(w.Body.String()) {
		if i := strings.LastIndexByte(line, ' '); strings.HasPrefix(line, "convene_") {
			all[line[:i]] = strings.TrimSpace(line[i:])
		}
	}
	return all
}

// changed are the samples that are not as before, in order. The disk is not ours alone.
func changed(before, after map[string]string) (all []string) {
	delete(after, "convene_store_free_bytes")
	for _, k := range slices.Sorted(maps.Keys(after)) {
		if after[k] != before[k] && (before[k] != "" || after[k] != "0") {
			all = append(all, k+" "+after[k])
		}
	}
	return all
}

func TestMetricsAreWellMade(t *testing.T) {
	m, _ := testMetrics(t)
	m.ObserveDeliveries(&list.Claim{}, []list.Settled{{Copy: list.Copy{Address: "a@b.example"}, Outcome: list.Delivered}})
	m.accept.WithLabelValues("held").Observe(1)
	m.posts.WithLabelValues("hold").Inc()
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{"\ngo_goroutines ", "\nprocess_resident_memory_bytes ", "\nconvene_build_info{"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("there is no %q", want)
		}
	}
}

func TestDeliveriesAreCounted(t *testing.T) {
	m, _ := testMetrics(t)
	before := scrape(t, m)
	settled := func(outcome list.Outcome, addresses ...string) (all []list.Settled) {
		for _, a := range addresses {
			all = append(all, list.Settled{Copy: list.Copy{Address: a}, Outcome: outcome})
		}
		return all
	}
	post := &list.Claim{Out: list.Outgoing{Post: 1, Accepted: metricsNow.Add(-10 * time.Second)}}
	m.ObserveDeliveries(post, settled(list.Delivered, "a@x.example", "b@X.Example", "c@y.example"))
	m.ObserveDeliveries(post, append(settled(list.Deferred, "d@x.example"), settled(list.Failed, "e@y.example", "no address", "")...))
	m.ObserveDeliveries(&list.Claim{Out: list.Outgoing{Accepted: metricsNow}}, append(settled(list.Delivered, "o@x.example"), settled(list.Dropped, "p@\xff")...))
	m.ObserveDeliveries(post, nil)
	want := []string{
		`convene_deliveries_total{domain="other",result="dropped"} 1`, `convene_deliveries_total{domain="other",result="failed"} 2`,
		`convene_deliveries_total{domain="x.example",result="deferred"} 1`, `convene_deliveries_total{domain="x.example",result="delivered"} 3`,
		`convene_deliveries_total{domain="y.example",result="delivered"} 1`, `convene_deliveries_total{domain="y.example",result="failed"} 1`,
		"convene_delivery_delay_seconds_count 3", "convene_delivery_delay_seconds_sum 30",
	}
	for _, le := range []string{"15", "60", "300", "900", "3600", "14400", "86400", "432000", "+Inf"} { // and not 1 and 5
		want = append(want, fmt.Sprintf(`convene_delivery_delay_seconds_bucket{le="%s"} 3`, le))
	}
	slices.Sort(want)
	got := changed(before, scrape(t, m))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestDomainsAreBounded: whatever members there are, and however many workers meet a domain for the first time at once.
func TestDomainsAreBounded(t *testing.T) {
	m, _ := testMetrics(t)
	const workers, domains = 8, 3 * domainsNamed
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range domains {
				// Everybody begins somewhere else.
				d := (i + w*domains/workers) % domains
				m.ObserveDeliveries(&list.Claim{}, []list.Settled{{Copy: list.Copy{Address: fmt.Sprintf("a@d%d.example", d)}, Outcome: list.Delivered}})
			}
		})
	}
	wg.Wait()
	labels, sum, other := 0, 0, 0
	for k, v := range scrape(t, m) {
		if strings.HasPrefix(k, "convene_deliveries_total") && strings.Contains(k, `"delivered"`) {
			n := 0
			fmt.Sscan(v, &n)
			labels++
			sum += n
			if strings.Contains(k, `"other"`) {
				other = n
			} else if n != workers {
				t.Errorf("%s %d, want %d", k, n, workers)
			}
		}
	}
	if labels != domainsNamed+1 || sum != workers*domains || other != workers*(domains-domainsNamed) {
		t.Errorf("%d labels, %d deliveries, %d of them other", labels, sum, other)
	}
}

// receiver answers what it is told to.
type receiver struct {
	receipt list.Receipt
	err     error
	wait    func()
}

func (r *receiver) Route(rcpt string) (list.Target, error) { return list.Target{Address: rcpt}, nil }

func (r *receiver) RouteFrom(_ *list.Envelope, rcpt string) (list.Target, error) {
	return r.Route(rcpt)
}
func (r *receiver) Room(int64) error { return list.ErrFull }
func (r *receiver) Receive(context.Context, *list.Incoming) (list.Receipt, error) {
	r.wait()
	return r.receipt, r.err
}

func TestReceivingIsMeasured(t *testing.T) {
	for name, c := range map[string]struct {
		receipt        list.Receipt
		err            error
		action, result string
	}{
		"accepted":  {list.Receipt{Action: "accept"}, nil, "accept", "accepted"},
		"held":      {list.Receipt{Action: "hold"}, nil, "hold", "held"},
		"discarded": {list.Receipt{Action: "discard"}, nil, "discard", "accepted"},
		"forwarded": {list.Receipt{Action: "forward"}, nil, "forward", "accepted"},
		"refused":   {list.Receipt{}, fmt.Errorf("x: %w", list.Refuse(list.NotMember, "no")), "refuse", "refused"},
		"an error":  {list.Receipt{}, errors.New("disk"), "error", "error"},
	} {
		t.Run(name, func(t *testing.T) {
			m, _ := testMetrics(t)
			at := metricsNow
			m.clock = func() time.Time { return at }
			inner := &receiver{c.receipt, c.err, func() { at = at.Add(2 * time.Second) }}
			r := m.Receiver(inner)
			before := scrape(t, m)
			if got, err := r.Receive(context.Background(), nil); got != c.receipt || !errors.Is(err, c.err) {
				t.Errorf("%+v %v", got, err)
			}
			got := strings.Join(changed(before, scrape(t, m)), "\n")
			for _, want := range []string{
				fmt.Sprintf(`convene_posts_total{action="%s"} 1`, c.action), fmt.Sprintf(`convene_accept_seconds_sum{result="%s"} 2`, c.result),
				fmt.Sprintf(`convene_accept_seconds_bucket{result="%s",le="2.5"} 1`, c.result),
			} {
				if !strings.Contains(got, want) {
					t.Errorf("no %s in\n%s", want, got)
				}
			}
			if strings.Contains(got, `le="1"`) {
				t.Errorf("counted as quicker than it was:\n%s", got)
			}
			if target, err := r.Route("x"); target.Address != "x" || err != nil || !errors.Is(r.Room(1), list.ErrFull) {
				t.Error("what is not measured is not passed on")
			}
		})
	}
}

func TestLevels(t *testing.T) {
	m, db := testMetrics(t)
	err := db.Update(func(tx list.Tx) error {
		rec, err := tx.EnsureList("peers@example.org", nil)
		if err != nil {
			return err
		}
		for _, a := range []string{"a@x.example", "b@x.example"} {
			if _, err := tx.PutMember(list.Member{List: rec.ID, Address: a, Mode: list.ModeEach, State: list.Active}); err != nil {
				return err
			}
		}
		if _, err := tx.PutHeld(list.Held{Expires: metricsNow}); err != nil {
			return err
		}
		_, err = tx.Enqueue(list.Outgoing{List: rec.ID, Post: 1, MaxMember: 2, Accepted: metricsNow.Add(-90 * time.Second)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Pause(""); err != nil {
		t.Fatal(err)
	}
	got := scrape(t, m)
	for name, want := range map[string]string{"healthy": "0", "oldest_undelivered_seconds": "90", "outbox_messages": "1", "outbox_copies": "2", "outbox_paused": "1",
		"hops_down": "2", "sessions": "3", "lists": "1", "members": "2", "held_posts": "1"} {
		if got["convene_"+name] != want {
			t.Errorf("%s is %q, want %s", name, got["convene_"+name], want)
		}
	}
	for _, name := range []string{"store_commits_total", "store_writes_total", "store_syncs_total", "store_index_bytes", "store_free_bytes"} {
		if v := got["convene_"+name]; v == "" || v == "0" {
			t.Errorf("%s is %q", name, v)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	got = scrape(t, m)
	if got["convene_healthy"] != "0" || got["convene_oldest_undelivered_seconds"] != "0" || got["convene_members"] != "" {
		t.Errorf("of a store that is gone: %v", got)
	}
}

func TestMetricsServer(t *testing.T) {
	m, _ := testMetrics(t)
	server := m.Server()
	l := mailtest.Listen()
	served := make(chan error)
	go func() { served <- server.Serve(l) }()
	defer func() {
		server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	for request, want := range map[string]string{
		"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n":                                           "HTTP/1.1 200 OK",
		"HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n":                                          "HTTP/1.1 200 OK",
		"POST /metrics HTTP/1.1\r\nHost: x\r\n\r\n":                                          "HTTP/1.1 405 Method Not Allowed",
		"DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n":                                        "HTTP/1.1 405 Method Not Allowed",
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n":                                                  "HTTP/1.1 404 Not Found",
		"GET /metrics/ HTTP/1.1\r\nHost: x\r\n\r\n":                                          "HTTP/1.1 404 Not Found",
		"GET /debug/pprof/ HTTP/1.1\r\nHost: x\r\n\r\n":                                      "HTTP/1.1 404 Not Found",
		"GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 32<<10) + "\r\n\r\n": "HTTP/1.1 431 Request Header Fields Too Large",
	} {
		conn, err := l.Dial()
		if err != nil {
			t.Fatal(err)
		}
		go io.WriteString(conn, strings.Replace(request, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1))
		answer := make([]byte, len(want))
		if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != want {
			t.Errorf("%.40q: %q, %v", request, answer, err)
		}
		conn.Close()
	}
	if server.ReadHeaderTimeout <= 0 || server.WriteTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes != 16<<10 {
		t.Errorf("a server without bounds: %+v", server)
	}
}

func BenchmarkObserveDeliveries(b *testing.B) {
	for name, domains := range map[string]int{"one-domain": 1, "many-domains": 150, "beyond-the-named": 10_000} {
		b.Run(name, func(b *testing.B) {
			m, _ := testMetrics(b)
			claim := &list.Claim{Out: list.Outgoing{Post: 1, Accepted: metricsNow.Add(-time.Second)}}
			var all []list.Settled
			for i := range domains {
				all = append(all, list.Settled{Copy: list.Copy{Address: fmt.Sprintf("somebody@d%d.example", i)}, Outcome: list.Delivered})
			}
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					m.ObserveDeliveries(claim, all[i%len(all):][:1])
				}
			})
		})
	}
}
