package list

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"
)

// newToken makes the token of a secret: 128 random bits as 26 characters of lower-case base32 (RFC 4648 §6, without padding), which is as long as
// that of a mark.
func newToken() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return tokenEncoding.EncodeToString(b[:])
}

// hashToken is what is kept of a token, in whatever case it came back.
func hashToken(token string) [32]byte { return sha256.Sum256([]byte(strings.ToLower(token))) }

// secret finds the secret behind a token. One that is spent is returned with its Spent: it is for the caller to say what was decided.
// ErrNotFound: it is none of ours, or is for another purpose, or has expired. What is looked up is a hash, so that how long it takes says nothing
// about how close a token was.
func (e *Engine) secret(r Reader, purpose Purpose, token string, now time.Time) (Secret, error) {
	s, err := r.Secret(hashToken(token))
	if err == nil && (s.Purpose != purpose || !now.Before(s.Expires)) {
		err = fmt.Errorf("list: secret: %w", ErrNotFound)
	}
	if err != nil {
		return Secret{}, err
	}
	return s, nil
}

// secretAt finds the secret that an address holds. It must be of the address's list.
func (e *Engine) secretAt(r Reader, t Target, now time.Time) (Secret, error) {
	rec, err := r.List(t.List.Address)
	if err != nil {
		return Secret{}, err
	}
	purposes := purposesOf(t.Kind)
	if t.Kind == KindSchedule {
		purposes = []Purpose{Purpose(t.Word)}
	}
	for _, purpose := range purposes {
		s, err := e.secret(r, purpose, t.Token, now)
		if err == nil && s.List == rec.ID {
			return s, nil
		} else if err != nil && !errors.Is(err, ErrNotFound) {
			return Secret{}, err
		}
	}
	return Secret{}, fmt.Errorf("list: secret: %w", ErrNotFound)
}

// purposesOf are the purposes for which an address of that kind may hold a secret.
func purposesOf(k Kind) []Purpose {
	if k == KindHeldAnswer {
		return []Purpose{ForHeld}
	}
	return []Purpose{ForConfirm, ForAlso, ForInvite, ForBack, ForRemove, ForProbe}
}

// word is what stands before the token in the address that takes the answer.
func (p Purpose) word() string {
	switch p {
	case ForHeld:
		return "held"
	case ForDraft, ForPlan, ForRSVP:
		return string(p)
	}
	return "confirm"
}

// decides reports whether it is a moderator's: such are answered by mail alone, since a page would be opened by whatever follows links.
func (p Purpose) decides() bool { return p == ForHeld || p == ForDraft || p == ForPlan || p == ForRSVP }

// spend notes what was decided about a subject, for whoever answers late, in all secrets that were given out for it. Notices about it that are
// still to be sent are not sent any more.
func spend(tx Tx, list uint32, purpose Purpose, subject uint64, said string) error {
	err := tx.SecretsOf(list, purpose, subject, func(s Secret) error {
		if s.Spent != "" {
			return nil
		}
		s.Spent, s.Note = said, nil
		return tx.PutSecret(s)
	})
	if err != nil {
		return err
	}
	return tx.Notes(func(n Note) error {
		if s := n.Secret; s == nil || s.List != list || s.Purpose != purpose || s.Subject != subject {
			return nil
		}
		return tx.DeleteNote(n.ID)
	})
}

// renew ends a secret whose token has leaked, and owes whoever had it the same notice with another token, unless it was spent: then there is
// nothing left to answer.
func (e *Engine) renew(tx Tx, hash [32]byte) error {
	s, err := tx.Secret(hash)
	if errors.Is(err, ErrNotFound) {
		return nil // done for another post that leaked it
	} else if err != nil {
		return err
	}
	if err := tx.DeleteSecret(hash); err != nil || s.Spent != "" || s.Note == nil {
		return err
	}
	n := *s.Note
	s.Hash, s.Note = [32]byte{}, nil
	n.ID, n.Secret, n.Created = 0, &s, e.Now()
	if local, domain, ok := strings.Cut(n.MessageID, "@"); ok {
		n.MessageID = local + "." + e.NewID() + "@" + domain // a mail program would take the same id for the same mail
	}
	_, err = tx.PutNote(n)
	return err
}

const (
	// askedAgainAfter is how long an address is not asked about the same list again: ten minutes.
	askedAgainAfter = 10 * time.Minute
	// askedFor is the day over which ConfirmsPerAddressPerDay counts.
	askedFor = 24 * time.Hour
	// asksPerDay is the limit where the config leaves it at zero.
	asksPerDay = 3
)

// askedKey is what the questions to an address are counted under: those that nothing proves apart from the others, so that nobody keeps somebody from
// being asked by forging mails in their name; and all of user+this@ and user+that@ as of user@, since they are most likely one mailbox.
func askedKey(address string, proven bool) string {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	if name, _, detail := strings.Cut(local, "+"); detail && name != "" {
		local = name
	}
	if proven {
		local = "proven " + local
	}
	return local + "@" + domain
}

// MayAsk reports whether an address may be sent one more question for a list because of a mail in its name, and counts it if so: once in ten minutes, and as often in a
// day as the config says, together with those that this package asks; what is proven to be from the address is counted apart. A *Refusal says that the network that the
// mail came from, or all mail together, has had us ask enough for an hour.
func (e *Engine) MayAsk(tx Tx, list uint32, env *Envelope, address string, proven bool, now time.Time) (bool, error) {
	may, _, err := e.mayAsk(tx, list, askedKey(address, proven), now)
	if err != nil || !may {
		return false, err
	}
	source := ""
	if !proven {
		source = sourceOf(env)
	}
	if err := mayAskFrom(tx, list, source, now); err != nil {
		return false, err
	}
	return true, mayAskMore(tx, now)
}

// mayAsk reports whether an address may be sent one more confirmation for a list, and counts it if so; otherwise last is when it was asked last. Anybody
// can have us write to anybody, so that it is little: once in ten minutes for a list, and a few times a day for all lists together. What a clock that
// was wrong has put into the future does not count.
func (e *Engine) mayAsk(tx Tx, list uint32, key string, now time.Time) (may bool, last time.Time, err error) {
	limit := e.Site().Limits.ConfirmsPerAddressPerDay
	if limit <= 0 {
		limit = asksPerDay
	}
	before, err := tx.Asked(key)
	if err != nil {
		return false, last, err
	}
	var day []Asking
	for _, a := range before {
		ago := now.Sub(a.At)
		if ago >= askedFor || ago < 0 {
			continue
		}
		last = a.At
		if a.List == list && ago < askedAgainAfter {
			return false, last, nil
		}
		day = append(day, a)
	}
	if len(day) >= limit {
		return false, last, nil
	}
	return true, last, tx.PutAsked(key, append(day, Asking{List: list, At: now}))
}
