package list

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/list/message"
)

// toldMail is the kind of Telling that knows a mail again which was acted on: Hop is its mailKey.
const toldMail = "mail"

// mailKey knows a mail again that comes a second time to the same addresses because our 250 was not heard: by its Message-ID and content. Empty: it has
// neither Message-ID nor Date, so that two of the same words may well be two.
func mailKey(m *message.Message, targets []Target) string {
	if m.MessageID() == "" && m.Get("Date") == "" {
		return ""
	}
	var to []string
	for _, t := range targets {
		to = append(to, strings.ToLower(t.Address))
	}
	slices.Sort(to)
	content := m.ContentKey()
	sum := sha256.Sum256([]byte(strings.Join(append(to, m.MessageID(), string(content[:])), "\x00")))
	return hex.EncodeToString(sum[:16])
}

// takeOnce notes that a mail is acted on, in the transaction that does; errNothingToKeep: it was before. What sends it again has given up after five days
// (RFC 5321 §4.5.4.1); it is known for 30.
func takeOnce(tx Tx, list uint32, key string, now time.Time) error {
	if key == "" {
		return nil
	}
	what := Telling{Kind: toldMail, List: list, Hop: key}
	_, err := tx.Told(what)
	switch {
	case err == nil:
		return errNothingToKeep
	case !errors.Is(err, ErrNotFound):
		return err
	}
	return tx.PutTold(what, now)
}
