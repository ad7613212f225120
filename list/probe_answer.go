package list

import "errors"

// askProbe names what the page of a probe says.
func askProbe(*confirming) (phrase string, values map[string]string) { return "ask-probe", nil }

// confirmProbe brings back an address that somebody reads.
func confirmProbe(e *Engine, tx Tx, c *confirming) (said string, err error) {
	if err := e.revive(tx, c.Address, 0, c.now); err != nil {
		return "", err
	}
	c.events = append(c.events, event{"address works again", []any{"address", c.Address}})
	return e.Site().Texts.phrase("revived", []string{c.language, c.list.Language}, nil)
}

// stateOf is the state that a membership of an address has when nothing else keeps mail from it: that of the address.
func stateOf(r Reader, address string) (State, error) {
	s, err := r.AddressState(address)
	if errors.Is(err, ErrNotFound) || err == nil && s.State == "" {
		return Active, nil
	}
	return s.State, err
}
