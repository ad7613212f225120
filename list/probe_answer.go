package list

import "errors"

// askProbe says on a page what the button of a probe does.
func askProbe(c *confirming) (question, text, button string) {
	return "Does this address work?", "Mail from " + c.list.Address + " to " + c.Address + " failed, so that it was stopped. If you read this, it comes again.", "Send me mail again"
}

// confirmProbe brings back an address that somebody reads.
func confirmProbe(e *Engine, tx Tx, c *confirming) (said string, err error) {
	if err := e.revive(tx, c.Address, 0, c.now); err != nil {
		return "", err
	}
	c.events = append(c.events, event{"address works again", []any{"address", c.Address}})
	p, err := personOf(tx, c.List, c.Address)
	if err != nil {
		return "", err
	}
	return e.Site().Texts.phrase("revived", []string{p.Language, c.list.Language}, nil)
}

// stateOf is the state that a membership of an address has when nothing else keeps mail from it: that of the address.
func stateOf(r Reader, address string) (State, error) {
	s, err := r.AddressState(address)
	if errors.Is(err, ErrNotFound) || err == nil && s.State == "" {
		return Active, nil
	}
	return s.State, err
}
