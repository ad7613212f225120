package list

import (
	"errors"
	"sync"
	"time"
)

const (
	// guessesPerHour is how many tokens that are none, or are somebody else's, one network may name within an hour; then it names none any more until
	// the hour is over. Trusted relays are not counted.
	guessesPerHour = 20
	// guessersKnown is how many networks are counted at a time.
	guessersKnown = 100_000
)

// guessGate counts wrong tokens by the network that they come from. It is in memory: guessing 128 bits takes longer than from one start to the next.
type guessGate struct {
	mu  sync.Mutex
	all map[string]guesses
}

type guesses struct {
	since time.Time
	count int
}

// shut reports whether a network has guessed too often.
func (g *guessGate) shut(source string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	of := g.all[source]
	return of.count >= guessesPerHour && now.Sub(of.since) < time.Hour
}

// add counts one more; last says that it was the one which shuts the gate.
func (g *guessGate) add(source string, now time.Time) (last bool) {
	if source == "" {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	of, known := g.all[source]
	if !known || now.Sub(of.since) >= time.Hour {
		of = guesses{since: now}
	}
	if !known && len(g.all) >= guessersKnown {
		for s, old := range g.all {
			if now.Sub(old.since) >= time.Hour {
				delete(g.all, s)
			}
		}
		if len(g.all) >= guessersKnown {
			return false
		}
	}
	if g.all == nil {
		g.all = map[string]guesses{}
	}
	of.count++
	g.all[source] = of
	return of.count == guessesPerHour
}

// RouteFrom is Route for an address that a client names. One that has named too many tokens which are none of ours hears the same of every token for the
// rest of the hour, good or not.
func (e *Engine) RouteFrom(env *Envelope, rcpt string) (Target, error) {
	t, err := e.Site().Route(rcpt)
	named := err == nil && t.Token != ""
	if !named {
		if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != NoSuchAddress || WithoutToken(rcpt) == rcpt {
			return e.Route(rcpt)
		}
	}
	source, now := sourceOf(env), e.Now()
	if e.guesses.shut(source, now) {
		return Target{}, Refuse(TooManyGuesses, "There were too many addresses from your network that are not here; please try again in an hour")
	}
	if t, err = e.Route(rcpt); err != nil {
		if refusal, ok := errors.AsType[*Refusal](err); ok && refusal.Reason == NoSuchAddress {
			e.guessed(env)
		}
	}
	return t, err
}

// guessed counts a token that is none, or was used by somebody whose it is not.
func (e *Engine) guessed(env *Envelope) {
	if e.guesses.add(sourceOf(env), e.Now()) {
		e.Log.Warn("tokens refused for an hour", "source", sourceOf(env), "ip", env.IP, "reason", "too many that are none")
	}
}
