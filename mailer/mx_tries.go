package mailer

import (
	"errors"
	"fmt"
	"syscall"
)

// tries is what came of the hosts so far.
type tries struct {
	count     int    // connections that were begun
	ourselves string // the host that turned out to be us
	first     error  // the one to tell of
	more      int    // failures beside it
}

// add notes a failure. What a host said, or was found to lack, tells more than that another could not be reached; and least of all does that this
// machine has no IPv6, or no IPv4.
func (t *tries) add(place string, err error) {
	if t.first != nil {
		t.more++
	}
	if t.first == nil || rank(err) > rank(t.first) {
		t.first = fmt.Errorf("%s: %w", place, err)
	}
}

// rank is how much an error says about a host.
func rank(err error) int {
	switch {
	case errors.Is(err, syscall.ENETUNREACH):
		return 0
	case errors.Is(err, errNoConnection):
		return 1
	}
	return 2
}

// failure is why there is no connection. Whatever it is, it may pass.
func (t *tries) failure(domain string) error {
	switch {
	case t.first != nil && t.more > 0:
		return fmt.Errorf("%w (and %d more)", t.first, t.more)
	case t.first != nil:
		return t.first
	case t.ourselves != "":
		return fmt.Errorf("4.4.6 mail would come back: %s, which takes mail for %s, is this machine. Name who really takes it under [delivery.routes], or correct the domain's MX",
			t.ourselves, domain)
	}
	return errors.New("4.4.4 no host to try")
}
