package mailer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// pickupState is how far a mailbox was read. It is a paper of the site, and is put in the transaction that takes a message.
type pickupState struct {
	// Validity is the UIDVALIDITY (RFC 9051 §2.3.1.1) that UIDs belong to, Last the highest UID that was looked at.
	Validity uint32 `json:"validity"`
	Last     uint32 `json:"last"`
	// Later are UIDs up to Last that could not be taken then, and are tried again.
	Later []laterUID `json:"later,omitempty"`
	// Unmarked are UIDs that were taken and are perhaps not marked as read yet.
	Unmarked []uint32 `json:"unmarked,omitempty"`
	// Since is when the mailbox was seen first. What somebody had read before that is theirs.
	Since time.Time `json:"since"`
	// Until is the last UID of those that were there when they were numbered.
	Until uint32 `json:"until"`
}

type laterUID struct {
	UID   uint32    `json:"uid"`
	Tries int       `json:"tries"`
	Due   time.Time `json:"due"`
}

// stateName is the paper's name: of this mailbox of this user at this server.
func (p *Pickup) stateName() string {
	sum := sha256.Sum256([]byte(p.Server + "\x00" + p.Username + "\x00" + p.Mailbox))
	return "pickup/" + hex.EncodeToString(sum[:16])
}

func (p *Pickup) readState() (s pickupState, err error) {
	err = p.Store.View(func(r list.Reader) error {
		paper, err := r.Paper(0, p.stateName())
		if errors.Is(err, list.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		return json.Unmarshal(paper, &s)
	})
	if err != nil {
		err = fmt.Errorf("mailer: how far the mailbox was read: %w", err)
	}
	return s, err
}

// put stores how far the mailbox was read, and that a message was taken, for good: a mailbox may be numbered anew, or copied to another host, years
// later. taken is a takenName, or empty.
func (p *Pickup) put(tx list.Tx, s *pickupState, taken string) error {
	paper, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if taken != "" {
		if err := tx.PutPaper(0, taken, []byte("{}")); err != nil {
			return err
		}
	}
	return tx.PutPaper(0, p.stateName(), paper)
}

// takenName is the name of the paper that says that a message for an address was taken. It goes by what was sent and not by what hosts added on the
// way (RFC 1047), so that two copies of one message that came to one address are one.
func takenName(address, messageID string, content [16]byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%x", address, messageID, content)
	return "taken/" + hex.EncodeToString(h.Sum(nil)[:16])
}

// taken reports whether a message was taken before.
func (p *Pickup) taken(name string) (yes bool, err error) {
	err = p.Store.View(func(r list.Reader) error {
		_, err := r.Paper(0, name)
		if yes = err == nil; errors.Is(err, list.ErrNotFound) {
			err = nil
		}
		return err
	})
	return yes, err
}
