package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"convene/list"
	"convene/store"
)

// health says whether mail moves, and not only whether the process is up: what /healthz and status tell. There is no address in it, since
// anybody may be allowed to ask.
type health struct {
	Status string `json:"status"` // ok, failing
	Reason string `json:"reason,omitempty"`
	// Oldest is the age of the oldest message of which not every copy is settled, in seconds; zero: there is none.
	Oldest int64 `json:"oldest_undelivered_seconds"`
	Paused bool  `json:"paused"` // everything, by command or after a restore
}

// The values of health.Status.
const (
	healthOK      = "ok"
	healthFailing = "failing"
)

const (
	// stuckAfter is how old a post may be of which nobody has a copy. A next hop that greylists has let it in by then.
	stuckAfter = 15 * time.Minute
	// overdueAfter is how long housekeeping may be late. It is tried every quarter of an hour.
	overdueAfter = time.Hour
)

// health examines the daemon at the time of its clock.
func (d *daemon) health() health {
	h := examine(d.db, d.engine, d.started, d.clock.Now())
	if s, late := d.pickups.unwatched(d.started, d.clock.Now()); late && h.Status == healthOK && !d.clock.virtual {
		return h.failing("nobody could look into the mailbox at " + s.Server + " for half an hour: convene status says why")
	}
	return h
}

// examine looks whether old posts are moving, and whether housekeeping does what is due; since is when the daemon started.
func examine(db *store.DB, engine *list.Engine, since, now time.Time) health {
	h := health{Status: healthOK, Paused: slices.Contains(db.Paused(), "")}
	if _, _, oldest := db.Pending(); !oldest.IsZero() {
		h.Oldest = max(0, int64(now.Sub(oldest)/time.Second))
	}
	select {
	case <-db.Broken():
		return h.failing("the store failed: look at the log and the disk, and start again")
	default:
	}
	oldest, stuck, err := db.Stuck(now, stuckAfter)
	if err != nil {
		return h.failing("the store cannot be read: convene verify says more")
	}
	if stuck > 0 {
		return h.failing(fmt.Sprintf("%s accepted over %d minutes ago reached nobody yet, the oldest of %s: see convene queue ls",
			count(stuck, "post"), stuckAfter/time.Minute, oldest.UTC().Format(time.RFC3339)))
	}
	if due, late := overdue(db, engine, since, now); late {
		return h.failing(fmt.Sprintf("housekeeping that was due at %s is not done: look at the log", due.UTC().Format(time.RFC3339)))
	}
	if h.Paused {
		h.Reason = "the outbox is paused: convene queue resume lets it go on"
	}
	return h
}

// overdue finds housekeeping that should have been done more than overdueAfter ago. A daemon that has just started is given that long.
func overdue(db *store.DB, engine *list.Engine, since, now time.Time) (time.Time, bool) {
	late := now.Add(-overdueAfter)
	if since.After(late) {
		return time.Time{}, false
	}
	if due, ok := engine.Overdue(now); ok && due.Before(late) {
		return due, true
	}
	due, ok := db.Overdue(now)
	return due, ok && due.Before(late)
}

func (h health) failing(reason string) health {
	h.Status, h.Reason = healthFailing, reason
	return h
}

// line is the health in a line for people.
func (h health) line() string {
	if h.Reason == "" {
		return h.Status
	}
	return h.Status + ": " + h.Reason
}

// serveHealth answers /healthz: 200 while mail moves, else 503, with the reason as JSON.
func serveHealth(examine func() health) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reads(w, r) {
			return
		}
		h := examine()
		body, err := json.Marshal(h)
		if err != nil {
			panic(err) // two strings, a number and a truth value
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if h.Status != healthOK {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		w.Write(append(body, '\n'))
	})
}

// reads refuses a request that is neither GET nor HEAD.
func reads(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "GET and HEAD only", http.StatusMethodNotAllowed)
	return false
}
