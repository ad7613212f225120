package list

import (
	"time"

	"convene/list/message"
)

// HeldRow is a held post, or a request to join, as held ls and held show tell it.
type HeldRow struct {
	ID        uint64    `json:"id"`
	List      string    `json:"list"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Reasons   []string  `json:"reasons"`
	Since     time.Time `json:"since"`
	Expires   time.Time `json:"expires"`
	MessageID string    `json:"message_id"`
	Special   bool      `json:"special,omitempty"` // it goes to members in that mode too, if it goes out
	Trace     []Opinion `json:"trace,omitempty"`
	Text      string    `json:"text,omitempty"` // the first of what it says, of held show
}

// HeldPosts tells of the posts that wait, of one list or (address empty) of all.
func (e *Engine) HeldPosts(address string) ([]HeldRow, error) {
	rows := []HeldRow{}
	err := e.Store.View(func(r Reader) error {
		var id uint32
		if address != "" {
			_, rec, err := e.find(r, address)
			if err != nil {
				return err
			}
			id = rec.ID
		}
		names, err := listNames(r)
		if err != nil {
			return err
		}
		return r.HeldPosts(id, func(h Held) error {
			rows = append(rows, heldRow(h, names[h.Post.List]))
			return nil
		})
	})
	return rows, err
}

func listNames(r Reader) (map[uint32]string, error) {
	names := map[uint32]string{}
	return names, r.Lists(func(rec Record) error { names[rec.ID] = rec.Address; return nil })
}

func heldRow(h Held, list string) HeldRow {
	row := HeldRow{ID: h.ID, List: list, From: h.Post.From, Subject: h.Post.Subject, Reasons: []string{}, Since: h.Post.Arrived,
		Expires: h.Expires, MessageID: h.Post.MessageID, Special: h.Post.Special}
	for _, o := range h.Post.Trace {
		if o.Action == string(ActHold) {
			row.Reasons = append(row.Reasons, o.Rule+": "+o.Reason)
		}
	}
	return row
}

// HeldPost tells one held post in full.
func (e *Engine) HeldPost(id uint64) (HeldRow, error) {
	h, address, err := e.heldPost(id)
	if err != nil {
		return HeldRow{}, err
	}
	row := heldRow(h, address)
	if row.Trace = h.Post.Trace; h.Join {
		return row, nil
	}
	raw, err := e.Store.Raw(h.Post.Ref)
	if err != nil {
		return row, err
	}
	row.Text = message.Parse(raw).Text(4000)
	return row, nil
}

func (e *Engine) heldPost(id uint64) (h Held, address string, err error) {
	err = e.Store.View(func(r Reader) error {
		if h, err = waiting(r, id); err != nil {
			return err
		}
		rec, err := r.ListByID(h.Post.List)
		address = rec.Address
		return err
	})
	return h, address, err
}
