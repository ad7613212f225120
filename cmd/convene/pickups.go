package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"convene/mailer"
)

// pickups are the hosted mailboxes that are watched, one for each [[intake]].
type pickups struct {
	daemon *daemon

	mu      sync.Mutex
	ctx     context.Context // nil: none is watched yet, or any more
	running []*watched
}

type watched struct {
	*mailer.Pickup
	intake IntakeConfig
	stop   context.CancelFunc
	done   chan struct{}
}

// Run watches the mailboxes of the config, whatever that becomes, until ctx ends, and returns when what was being taken is taken.
func (p *pickups) Run(ctx context.Context) {
	p.mu.Lock()
	p.ctx = ctx
	p.mu.Unlock()
	p.Configure(p.daemon.cfg.Load().Intake)
	<-ctx.Done()
	p.Configure(nil)
	p.mu.Lock()
	p.ctx = nil
	p.mu.Unlock()
}

// Configure starts watching what is new and stops what is gone. What stays keeps its connection.
func (p *pickups) Configure(all []IntakeConfig) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx == nil {
		return
	}
	var stay, gone []*watched
	kept := map[IntakeConfig]bool{}
	for _, w := range p.running {
		if containsIntake(all, w.intake) {
			stay = append(stay, w)
			kept[w.intake] = true
			continue
		}
		w.stop()
		gone = append(gone, w)
	}
	for _, w := range gone {
		<-w.done
	}
	for _, c := range all {
		if !kept[c] {
			stay = append(stay, p.watch(c))
		}
	}
	p.running = stay
}

func containsIntake(all []IntakeConfig, c IntakeConfig) bool {
	for _, other := range all {
		if other == c {
			return true
		}
	}
	return false
}

func (p *pickups) watch(c IntakeConfig) *watched {
	d := p.daemon
	ctx, stop := context.WithCancel(p.ctx)
	w := &watched{intake: c, stop: stop, done: make(chan struct{})}
	w.Pickup = mailer.NewPickup(mailer.PickupOptions{Server: c.IMAP, Username: c.Username, Mailbox: c.Mailbox, Password: c.Password, Store: d.db,
		Receiver: d.metrics.Receiver(d.engine), Log: d.log, Now: d.clock.Now, Rand: rand.Reader,
		Settings: func() mailer.PickupSettings {
			return mailer.PickupSettings{MaxMessage: d.cfg.Load().SMTP.MaxMessage, Auth: d.auth.Load()}
		}})
	go func() {
		defer close(w.done)
		w.Run(ctx)
	}()
	return w
}

// Status tells how each of them stands.
func (p *pickups) Status() []mailer.PickupStatus {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]mailer.PickupStatus, len(p.running))
	for i, w := range p.running {
		all[i] = w.Status()
	}
	return all
}

// unwatchedAfter is for how long a mailbox may not be looked at before a person should: hosts are down for minutes, and have us wait as long.
const unwatchedAfter = 30 * time.Minute

// unwatched finds a mailbox that nobody has looked into for too long.
func (p *pickups) unwatched(since, now time.Time) (mailer.PickupStatus, bool) {
	for _, s := range p.Status() {
		last := s.Looked
		if last.Before(since) {
			last = since
		}
		if now.Sub(last) > unwatchedAfter {
			return s, true
		}
	}
	return mailer.PickupStatus{}, false
}

// mailboxLine is how a mailbox stands, for people.
func mailboxLine(s mailer.PickupStatus) string {
	line := fmt.Sprintf("%s at %s: ", s.Mailbox, s.Server)
	if s.Connected {
		line += "watched"
	} else {
		line += "not watched (" + s.Problem + ")"
	}
	for _, c := range []struct {
		n    uint64
		what string
	}{{s.Taken, "taken"}, {s.Duplicates, "taken before"}, {s.Refused, "refused"}, {s.Left, "left there"}, {uint64(s.Waiting), "to be tried again"}} {
		if c.n > 0 {
			line += fmt.Sprintf(", %d %s", c.n, c.what)
		}
	}
	return line
}

// Password reads the mailbox's password: the first line of its file.
func (c IntakeConfig) Password() (string, error) { return firstLine(c.PasswordFile) }

// firstLine is the secret in a file.
func firstLine(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(data), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", fmt.Errorf("%s has no password in its first line", path)
	}
	return line, nil
}
