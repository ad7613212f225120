package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"convene/list"
	"convene/store"
)

// ward is a store with a list of two members and one post, and the engine that looks after it.
type ward struct {
	db     *store.DB
	engine *list.Engine
	now    time.Time
	list   list.Record
}

func newWard(t *testing.T) *ward {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	db, err := store.Open(t.TempDir(), store.Options{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &ward{db: db, now: metricsNow}
	site := list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org", Lists: []*list.List{{Address: "peers@lists.example.org"}}})
	if w.engine, err = list.NewEngine(db, site, func() time.Time { return w.now }, func() string { return "id" }, quiet); err != nil {
		t.Fatal(err)
	}
	w.update(t, func(tx list.Tx) (err error) {
		if w.list, err = tx.List("peers@lists.example.org"); err != nil {
			return err
		}
		for _, a := range []string{"dede@secret.example", "noor@secret.example"} {
			if _, err := tx.PutMember(list.Member{List: w.list.ID, Address: a, Mode: list.ModeEach, State: list.Active}); err != nil {
				return err
			}
		}
		_, err = tx.Enqueue(list.Outgoing{List: w.list.ID, Post: 1, Address: w.list.Address, MaxMember: 2, Accepted: metricsNow})
		return err
	})
	return w
}

func (w *ward) update(t *testing.T, f func(list.Tx) error) {
	t.Helper()
	if err := w.db.Update(f); err != nil {
		t.Fatal(err)
	}
}

// settle settles so many copies.
func (w *ward) settle(t *testing.T, copies int, outcome list.Outcome) {
	t.Helper()
	for range copies {
		c, ok, err := w.db.Claim(w.now, func(d string) string { return d }, func(string) bool { return true }, 1)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := w.db.Settle(w.now, c.ID, []list.Settled{{Copy: c.Copies[0], Outcome: outcome, Status: "550 5.1.1 dede@secret.example", Due: w.now.Add(9 * time.Hour)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.db.Fold(); err != nil {
		t.Fatal(err)
	}
}

// breakDisk makes the next write of the index fail: its descriptor becomes one that cannot be written to.
func (w *ward) breakDisk(t *testing.T) {
	t.Helper()
	index := filepath.Join(w.db.Dir(), "index.db")
	readOnly, err := os.Open(index)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		fd, _ := strconv.Atoi(e.Name())
		if target, _ := os.Readlink("/proc/self/fd/" + e.Name()); target == index && fd != int(readOnly.Fd()) {
			if err := syscall.Dup3(int(readOnly.Fd()), fd, syscall.O_CLOEXEC); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.db.Pause("x.example"); !errors.Is(err, list.ErrBroken) {
		t.Fatalf("a write on a broken disk: %v", err)
	}
}

func TestHealth(t *testing.T) {
	quarter := func(w *ward) { w.now = w.now.Add(15 * time.Minute) }
	for name, c := range map[string]struct {
		do   func(*testing.T, *ward)
		want string // status, age of the oldest in seconds, pause, and what the reason says
	}{
		"nothing waits":                   {func(t *testing.T, w *ward) { w.settle(t, 2, list.Delivered); quarter(w) }, "ok 0 false "},
		"a post is young":                 {func(t *testing.T, w *ward) { w.now = w.now.Add(15*time.Minute - 1) }, "ok 899 false "},
		"a post is old and nobody has it": {func(t *testing.T, w *ward) { quarter(w) }, "failing 900 false 1 post accepted over 15 minutes ago reached nobody yet, the oldest of 2026-03-02T09:00:00Z"},
		"it was only put off":             {func(t *testing.T, w *ward) { w.settle(t, 2, list.Deferred); quarter(w) }, "failing 900 false 1 post"},
		"one of two members has it":       {func(t *testing.T, w *ward) { w.settle(t, 1, list.Delivered); w.now = w.now.Add(48 * time.Hour) }, "ok 172800 false "},
		"the other one was refused":       {func(t *testing.T, w *ward) { w.settle(t, 1, list.Failed); quarter(w) }, "ok 900 false "},
		"everything is paused":            {func(t *testing.T, w *ward) { w.db.Pause(""); quarter(w) }, "ok 900 true the outbox is paused"},
		"the list is paused":              {func(t *testing.T, w *ward) { w.db.Pause(w.list.Address); quarter(w) }, "ok 900 false "},
		"the store failed":                {func(t *testing.T, w *ward) { w.breakDisk(t) }, "failing 0 false the store failed"},
		"the store failed while paused":   {func(t *testing.T, w *ward) { w.db.Pause(""); w.breakDisk(t) }, "failing 0 true the store failed"},
		"the store was closed":            {func(t *testing.T, w *ward) { w.db.Close() }, "failing 0 false the store cannot be read"},
		"the clock went back":             {func(t *testing.T, w *ward) { w.now = w.now.Add(-time.Hour) }, "ok 0 false "},
		"held posts are late by less":     {func(t *testing.T, w *ward) { w.late(t, overdueAfter) }, "ok 0 false "},
		"held posts should have expired":  {func(t *testing.T, w *ward) { w.late(t, overdueAfter+1) }, "failing 0 false housekeeping that was due at 2026-03-02T09:00:00Z is not done"},
		"and then they did":               {func(t *testing.T, w *ward) { w.late(t, overdueAfter+1); w.tick(t) }, "ok 0 false "},
		"owners should have been told":    {func(t *testing.T, w *ward) { w.settle(t, 2, list.Failed); w.now = w.now.Add(25 * time.Hour) }, "failing 0 false housekeeping that was due at 2026-03-03T07:00:00Z"},
		"and then they were":              {func(t *testing.T, w *ward) { w.settle(t, 2, list.Failed); w.now = w.now.Add(25 * time.Hour); w.tick(t) }, "ok 0 false "},
		"what is done is not forgotten":   {func(t *testing.T, w *ward) { w.done(t); w.now = w.now.Add(31 * 24 * time.Hour) }, "failing 0 false housekeeping that was due at 2026-04-01T09:00:00Z"},
		"and then it was":                 {func(t *testing.T, w *ward) { w.done(t); w.now = w.now.Add(31 * 24 * time.Hour); w.db.Prune(w.now) }, "ok 0 false "},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWard(t)
			c.do(t, w)
			h := examine(w.db, w.engine, metricsNow.Add(-24*time.Hour), w.now)
			got := fmt.Sprintf("%s %d %t %s", h.Status, h.Oldest, h.Paused, h.Reason)
			if !strings.HasPrefix(got, c.want) || strings.HasSuffix(c.want, " ") && got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			if strings.Contains(h.Reason, "@") || strings.Contains(h.Reason, "secret") {
				t.Errorf("it tells of addresses: %s", h.Reason)
			}
			if (h.Status == healthFailing) != strings.HasPrefix(c.want, "failing") || !strings.HasPrefix(h.line(), h.Status) {
				t.Errorf("the line is %s", h.line())
			}
		})
	}
}

// late makes a held post that should have expired a while ago.
func (w *ward) late(t *testing.T, by time.Duration) {
	t.Helper()
	w.settle(t, 2, list.Delivered)
	w.update(t, func(tx list.Tx) error {
		_, err := tx.PutHeld(list.Held{Post: list.Post{List: w.list.ID, Arrived: metricsNow}, Expires: metricsNow})
		return err
	})
	w.now = metricsNow.Add(by)
}

// done brings the post to its end.
func (w *ward) done(t *testing.T) {
	t.Helper()
	w.settle(t, 2, list.Delivered)
	if _, ok, err := w.db.Claim(w.now, func(d string) string { return d }, func(string) bool { return true }, 1); ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := w.db.Fold(); err != nil {
		t.Fatal(err)
	}
}

func (w *ward) tick(t *testing.T) {
	t.Helper()
	if err := w.engine.Tick(context.Background(), w.now); err != nil {
		t.Fatal(err)
	}
}

// TestAStartIsNoFault: what fell due while nothing ran is given time.
func TestAStartIsNoFault(t *testing.T) {
	w := newWard(t)
	w.late(t, 48*time.Hour)
	for after, want := range map[time.Duration]string{0: healthOK, overdueAfter - 1: healthOK, overdueAfter: healthFailing} {
		if h := examine(w.db, w.engine, w.now, w.now.Add(after)); h.Status != want {
			t.Errorf("%v after the start: %+v", after, h)
		}
	}
}

func TestServeHealth(t *testing.T) {
	for name, c := range map[string]struct {
		method string
		h      health
		code   int
		body   string
	}{
		"ok":              {"GET", health{Status: healthOK}, 200, `{"status":"ok","oldest_undelivered_seconds":0,"paused":false}`},
		"failing":         {"GET", health{Status: healthFailing, Reason: "x", Oldest: 7}, 503, `{"status":"failing","reason":"x","oldest_undelivered_seconds":7,"paused":false}`},
		"paused":          {"GET", health{Status: healthOK, Reason: "y", Paused: true}, 200, `{"status":"ok","reason":"y","oldest_undelivered_seconds":0,"paused":true}`},
		"only the header": {"HEAD", health{Status: healthFailing}, 503, ""},
		"a form":          {"POST", health{Status: healthOK}, 405, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			asked := 0
			serveHealth(func() health { asked++; return c.h }).ServeHTTP(w, httptest.NewRequest(c.method, "/healthz", nil))
			if w.Code != c.code || c.body != "" && strings.TrimSpace(w.Body.String()) != c.body {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if c.code == http.StatusMethodNotAllowed {
				if asked != 0 || w.Header().Get("Allow") != "GET, HEAD" {
					t.Errorf("examined %d times, Allow: %s", asked, w.Header().Get("Allow"))
				}
				return
			}
			if !json.Valid(w.Body.Bytes()) || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%v %s", w.Header(), w.Body)
			}
		})
	}
}
