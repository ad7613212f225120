package web

import (
	"net/netip"
	"sync"
	"time"
)

const (
	// guesses is how many tokens that are not ours one neighbourhood may ask for within guessTime; for as long after them it is told to wait.
	guesses   = 20
	guessTime = time.Minute
	// maxGuessers bounds the guard's memory. Beyond it one at random is forgotten: tokens are not to be guessed anyhow, the guard spares us work.
	maxGuessers = 4096
)

// guard makes who guesses tokens wait.
type guard struct {
	mu       sync.Mutex
	guessers map[netip.Prefix]guesser
}

// guesser is what is known of one neighbourhood.
type guesser struct {
	until time.Time // end of the minute that is counted, or of the wait
	n     int       // guesses in it; the wait has begun when they are as many as there may be
}

func newGuard() *guard { return &guard{guessers: map[netip.Prefix]guesser{}} }

// waits is how long a neighbourhood has to wait; zero: not at all.
func (g *guard) waits(near netip.Prefix, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if one := g.guessers[near]; one.n >= guesses && now.Before(one.until) {
		return one.until.Sub(now)
	}
	return 0
}

// note counts a token that is not ours.
func (g *guard) note(near netip.Prefix, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	one, known := g.guessers[near]
	if !known && len(g.guessers) >= maxGuessers {
		for any := range g.guessers {
			delete(g.guessers, any)
			break
		}
	}
	if !now.Before(one.until) {
		one = guesser{until: now.Add(guessTime)}
	}
	if one.n++; one.n == guesses {
		one.until = now.Add(guessTime)
	}
	g.guessers[near] = one
}
