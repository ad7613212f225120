package mailer

import (
	"context"
	"strings"
)

// senderCheck finds out whether mail can be sent to the domain of a return path at all; it runs beside the session.
type senderCheck struct {
	cancel context.CancelFunc
	done   chan struct{}
	reply  reply // once done; zero: it can
}

// beginSender starts the check; nil when there is nothing to check: the null reverse-path, or an address literal.
func (a *Authenticator) beginSender(ctx context.Context, from string) *senderCheck {
	domain := domainOf(from)
	if domain == "" || strings.HasPrefix(domain, "[") {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.budget())
	c := &senderCheck{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.reply = a.checkDomain(ctx, domain)
	}()
	return c
}

// result waits for the answer, which takes no longer than the DNS budget.
func (c *senderCheck) result() reply {
	<-c.done
	return c.reply
}

// stop ends the check and waits for its end.
func (c *senderCheck) stop() {
	c.cancel()
	<-c.done
}

// checkDomain refuses a domain that says it takes no mail (RFC 7505 §4.1) or that has neither MX nor address. An answer that did not come says
// nothing about the domain.
func (a *Authenticator) checkDomain(ctx context.Context, domain string) reply {
	mxs, err := a.Resolver.LookupMX(ctx, domain)
	if len(mxs) == 1 && (mxs[0].Host == "." || mxs[0].Host == "") {
		return reply{550, [3]int{5, 7, 27}, "The domain of the return path takes no mail (null MX)"}
	}
	if len(mxs) > 0 {
		return reply{}
	}
	if err == nil || NotFound(err) {
		if _, err = a.Resolver.LookupNetIP(ctx, "ip", domain); err == nil {
			return reply{}
		}
		if NotFound(err) {
			return reply{550, [3]int{5, 1, 8}, "The domain of the return path does not exist"}
		}
	}
	return reply{451, [3]int{4, 1, 8}, "The domain of the return path cannot be looked up now"}
}

// domainOf is what stands behind the last @, in lower case; empty for the null reverse-path.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
