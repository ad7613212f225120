package list

// Confirmed is what a test sees of a confirmation that was done.
type Confirmed struct{ Address, Data, How string }

// ConfirmWith makes confirmations of a purpose call done, which says what is told of them.
func (e *Engine) ConfirmWith(p Purpose, done func(Confirmed) (string, error)) {
	e.actions[p] = confirmAction{
		ask: func(*confirming) (string, map[string]string) { return "ask-also", nil },
		do: func(_ *Engine, _ Tx, c *confirming) (string, error) {
			return done(Confirmed{c.Address, string(c.Data), c.how})
		},
	}
}

// Spend is spend.
func Spend(tx Tx, list uint32, purpose Purpose, subject uint64, said string) error {
	return spend(tx, list, purpose, subject, said)
}

// HashToken is hashToken.
func HashToken(token string) [32]byte { return hashToken(token) }

// CopyBytes is the whole message of an outbox record in one run.
func (e *Engine) CopyBytes(out Outgoing) ([]byte, error) {
	p, err := e.Copy(out, Form{})
	return p.Bytes(), err
}

// TopicsPage is one of the pages that who begins with TopicsFrom and goes on to older ones comes to, from 1; those that are none are not found.
func (e *Engine) TopicsPage(session, address string, page int) (TopicsPage, error) {
	p, err := e.TopicsFrom(session, address, "", "")
	for n := 1; n != page && err == nil; n++ {
		if p.Older == "" {
			return p, ErrNotFound
		}
		p, err = e.TopicsFrom(session, address, p.Older, "")
	}
	return p, err
}
