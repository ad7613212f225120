package list

import (
	"encoding/json"
	"errors"
	"fmt"
)

// put stores one line. Done twice it is as good as once.
func (i *siteImport) put(tx Tx, one *siteLine, refs [2]Ref, done *ImportedSite, lists *[]Record) error {
	done.Records++
	id := i.ids[one.On]
	if one.On != 0 && id == 0 {
		return fmt.Errorf("it is on list %d, which there is none of", one.On)
	}
	switch one.Kind {
	case "convene", "end":
		done.Records--
		return nil
	case "list":
		done.Lists++
		return read(one, func(rec Record) error { return i.list(tx, rec, lists) })
	case "ban":
		return read(one, func(b Ban) error { b.List = id; return tx.PutBan(b) })
	case "address":
		return read(one, func(s AddressState) error { return tx.PutAddressState(renumbered(s, i.ids)) })
	}
	if id == 0 {
		return errors.New("it is on no list")
	}
	switch one.Kind {
	case "member":
		done.Members++
		return read(one, func(m Member) error { m.List = id; _, err := tx.PutMember(m); return err })
	case "topic":
		return read(one, func(t Topic) error { t.List = id; _, err := tx.PutTopic(t); return err })
	case "node":
		return read(one, func(n Node) error { return tx.PutNode(id, n) })
	case "interest":
		return read(one, func(s struct {
			Topic, Member uint32
			Interest      Interest
		}) error {
			return tx.PutInterest(id, s.Topic, s.Member, s.Interest)
		})
	case "post", "held":
		p, err := one.post(id, refs)
		if err != nil {
			return err
		}
		if one.Kind == "held" {
			return i.held(tx, one, p)
		}
		done.Posts++
		was := &(*lists)[one.On-1]
		was.Posts = max(was.Posts, p.UID) // attachments that were withdrawn while the export was written took a number that its line of the list does not know
		return i.post(tx, p)
	case "filed":
		return read(one, func(f Filed) error { f.List = id; return tx.PutFiled(f) })
	case "paper":
		return read(one, func(p struct {
			Name    string
			Content []byte
		}) error {
			return tx.PutPaper(id, p.Name, p.Content)
		})
	case "removal":
		return read(one, func(r Removal) error { r.List = id; return i.removal(tx, r) })
	case "ruling":
		return read(one, func(r Ruling) error { r.List = id; return tx.PutRuling(r) })
	}
	return errors.New("there is no such kind of record")
}

// read hands on the record of a line.
func read[T any](one *siteLine, f func(T) error) error {
	var v T
	if err := json.Unmarshal(one.content, &v); err != nil {
		return err
	}
	return f(v)
}

func (i *siteImport) post(tx Tx, p Post) error {
	if p.Number == 0 {
		return errors.New("it has no number")
	}
	if _, err := tx.PutPost(p); err != nil {
		return err
	}
	if p.Node == nodeID(p.MessageID) {
		return nil
	}
	return tx.See(p.List, p.MessageID, p.ContentKey) // an earlier one has its Message-ID
}

// removal goes on with the trail; one that was taken in before is passed over.
func (i *siteImport) removal(tx Tx, r Removal) error {
	known := false
	err := tx.Removals(r.Seq-1, func(other Removal) error { known = other.Seq == r.Seq; return ErrStop })
	if err != nil || known {
		return err
	}
	_, err = tx.PutRemoval(r)
	return err
}
