package calendar

import "convene/list"

// Seated is one table of a round, for who runs the server.
type Seated struct {
	Round     int      `json:"round"`
	Table     int      `json:"table"`
	Host      string   `json:"host"`       // address; empty: nobody would
	NoteTaker string   `json:"note_taker"` // likewise
	People    []string `json:"people"`     // addresses
	Language  string   `json:"language,omitempty"`
}

// Tables are those of an event as people know them, by round and number; none: they were not seated yet. list.ErrNotFound: there is no such event.
func (k *Keeper) Tables(r list.Reader, l *list.List, id string) ([]Seated, error) {
	o, err := k.find(r, l, id)
	if err != nil {
		return nil, err
	}
	all := []Seated{}
	for round, tables := range o.told().Rounds {
		for _, t := range tables {
			all = append(all, Seated{Round: round + 1, Table: t.Number, Host: t.Host, NoteTaker: t.Notes, People: t.Guests, Language: t.Language})
		}
	}
	return all, nil
}

// numbers are those of the tables at which somebody sits, round by round; none: there is a round without one.
func (o *occasion) numbers(address string) (all []int) {
	for _, t := range o.told().Of(guestKey(address)) {
		if t.Number == 0 {
			return nil
		}
		all = append(all, t.Number)
	}
	return all
}
