package list

import (
	"slices"
	"time"
)

// InvitationRow is an invitation as member invited tells it.
type InvitationRow struct {
	Address string    `json:"address"`
	Expires time.Time `json:"expires"`
	// State is "waiting" before the mail is written, then "sent", and "answered" after a yes or a no.
	State string `json:"state"`
}

// Invitations tells who was invited to a list and may still answer, or did so of late: the next to expire first.
func (e *Engine) Invitations(address string) ([]InvitationRow, error) {
	rows := []InvitationRow{}
	err := e.Store.View(func(r Reader) error {
		_, rec, err := e.find(r, address)
		if err != nil {
			return err
		}
		now := e.Now()
		err = r.SecretsFor(rec.ID, ForInvite, func(s Secret) error {
			if !now.Before(s.Expires) {
				return nil
			}
			row := InvitationRow{s.Address, s.Expires, "sent"}
			if s.Spent != "" {
				row.State = "answered"
			}
			rows = append(rows, row)
			return nil
		})
		if err != nil {
			return err
		}
		return r.Notes(func(n Note) error {
			if s := n.Secret; s != nil && s.Purpose == ForInvite && s.List == rec.ID {
				rows = append(rows, InvitationRow{s.Address, s.Expires, "waiting"})
			}
			return nil
		})
	})
	slices.SortStableFunc(rows, func(a, b InvitationRow) int { return a.Expires.Compare(b.Expires) })
	return rows, err
}
