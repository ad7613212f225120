package imap

import (
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// searchTime is how long a search may take.
const searchTime = 30 * time.Second

var errTooLate = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeLimit, Text: "The search takes too long: please narrow it, by dates for instance"}

// Search implements imapserver.Session.
func (s *session) Search(kind imapserver.NumKind, c *goimap.SearchCriteria, o *goimap.SearchOptions) (*goimap.SearchData, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.still(); err != nil {
		return nil, err
	}
	q := &query{session: s, view: s.view}
	what, err := q.compile(c)
	if err != nil {
		return nil, err
	}
	found, err := s.find(q, what, narrowest(c))
	if err != nil {
		return nil, err
	}
	if o.ReturnSave {
		s.view.found = saved(found, o)
	}
	return result(kind, found), nil
}

// place is a message that was found.
type place struct{ uid, seq uint32 }

// find goes through the messages of a set.
func (s *session) find(q *query, what term, within goimap.NumSet) (found []place, err error) {
	late := time.NewTimer(searchTime)
	defer late.Stop()
	err = s.batches(within, wants{record: q.record, card: q.card}, func(batch []post) error {
		for i := range batch {
			select {
			case <-late.C:
				return errTooLate
			case <-s.server.ctx.Done():
				return errTrouble
			default:
			}
			if batch[i].gone {
				continue
			}
			ok, err := what(&batch[i])
			if err != nil {
				return err
			}
			if ok {
				found = append(found, place{batch[i].uid, batch[i].seq})
			}
			batch[i].raw = nil
		}
		return nil
	})
	return found, err
}

// narrowest is a set that has all that can be found.
func narrowest(c *goimap.SearchCriteria) goimap.NumSet {
	for _, set := range c.UID {
		return set
	}
	for _, set := range c.SeqNum {
		return set
	}
	return goimap.UIDSet{{Start: 1, Stop: 0}}
}

// saved are the UIDs that $ stands for (RFC 5182 §2.1): with MIN or MAX alone, only those.
func saved(found []place, o *goimap.SearchOptions) []uint32 {
	var uids []uint32
	if len(found) > 0 && !o.ReturnAll && !o.ReturnCount {
		if o.ReturnMin {
			uids = append(uids, found[0].uid)
		}
		if last := found[len(found)-1].uid; o.ReturnMax && (len(uids) == 0 || uids[0] != last) {
			uids = append(uids, last)
		}
		return uids
	}
	for _, p := range found {
		uids = append(uids, p.uid)
	}
	return uids
}

// result is what was found, as go-imap tells it.
func result(kind imapserver.NumKind, found []place) *goimap.SearchData {
	var seqs goimap.SeqSet
	var uids goimap.UIDSet
	data := &goimap.SearchData{Count: uint32(len(found))}
	for i, p := range found {
		if kind == imapserver.NumKindUID {
			if n := len(uids); n > 0 && uint32(uids[n-1].Stop)+1 == p.uid {
				uids[n-1].Stop++
			} else {
				uids = append(uids, goimap.UIDRange{Start: goimap.UID(p.uid), Stop: goimap.UID(p.uid)})
			}
			p.seq = p.uid
		} else if n := len(seqs); n > 0 && seqs[n-1].Stop+1 == p.seq {
			seqs[n-1].Stop++
		} else {
			seqs = append(seqs, goimap.SeqRange{Start: p.seq, Stop: p.seq})
		}
		if i == 0 {
			data.Min = p.seq
		}
		data.Max = p.seq
	}
	if data.All = seqs; kind == imapserver.NumKindUID {
		data.All = uids
	}
	return data
}
