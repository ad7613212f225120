package main

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"

	"convene/list"
	"convene/mailer"
)

// domainsNamed is how many domains have a label of their own: what a server of Prometheus keeps grows with every one of them.
const domainsNamed = 200

// outcomes are the counters of one domain.
type outcomes struct {
	delivered, deferred, failed, dropped prometheus.Counter
}

func (m *metrics) newOutcomes(domain string) *outcomes {
	of := func(o list.Outcome) prometheus.Counter { return m.deliveries.WithLabelValues(string(o), domain) }
	return &outcomes{of(list.Delivered), of(list.Deferred), of(list.Failed), of(list.Dropped)}
}

// ObserveDeliveries counts what was settled of a claim. It is called for every transaction, by many goroutines, and takes no lock once a domain
// was seen.
func (m *metrics) ObserveDeliveries(claim *list.Claim, results []list.Settled) {
	var last string
	var to *outcomes
	var delay float64
	if claim.Out.Post != 0 {
		delay = max(0, m.now().Sub(claim.Out.Accepted).Seconds())
	}
	for i := range results {
		domain := ""
		if at := strings.LastIndexByte(results[i].Address, '@'); at >= 0 {
			domain = results[i].Address[at+1:]
		}
		if to == nil || domain != last {
			to, last = m.outcomesOf(domain), domain
		}
		switch results[i].Outcome {
		case list.Delivered:
			to.delivered.Inc()
			if claim.Out.Post != 0 {
				m.delay.Observe(delay)
			}
		case list.Deferred:
			to.deferred.Inc()
		case list.Failed:
			to.failed.Inc()
		case list.Dropped:
			to.dropped.Inc()
		}
	}
}

// outcomesOf finds the counters of a domain.
func (m *metrics) outcomesOf(domain string) *outcomes {
	if !utf8.ValidString(domain) {
		return m.other
	}
	domain = strings.ToLower(domain)
	if o, ok := m.domains.Load(domain); ok {
		return o.(*outcomes)
	}
	if m.full.Load() || domain == "" || len(domain) > 255 {
		return m.other
	}
	m.naming.Lock()
	defer m.naming.Unlock()
	if o, ok := m.domains.Load(domain); ok {
		return o.(*outcomes)
	}
	if m.named == domainsNamed {
		m.full.Store(true)
		return m.other
	}
	m.named++
	domain = strings.Clone(domain) // and not all of the first address that was seen there
	o := m.newOutcomes(domain)
	m.domains.Store(domain, o)
	return o
}

// Receiver measures another Receiver.
func (m *metrics) Receiver(next mailer.Receiver) mailer.Receiver { return &meteredReceiver{next, m} }

type meteredReceiver struct {
	mailer.Receiver
	metrics *metrics
}

// Receive implements mailer.Receiver.
func (r *meteredReceiver) Receive(ctx context.Context, in *list.Incoming) (list.Receipt, error) {
	m := r.metrics
	began := m.clock()
	receipt, err := r.Receiver.Receive(ctx, in)
	took := m.clock().Sub(began).Seconds()
	action, result := receipt.Action, "accepted"
	if err != nil {
		action, result = "error", "error"
		if _, ok := errors.AsType[*list.Refusal](err); ok {
			action, result = string(list.ActRefuse), "refused"
		}
	} else if action == string(list.ActHold) {
		result = "held"
	}
	m.posts.WithLabelValues(action).Inc()
	m.accept.WithLabelValues(result).Observe(took)
	return receipt, err
}
