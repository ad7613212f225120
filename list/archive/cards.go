package archive

import (
	"encoding/binary"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"convene/list"
	"convene/list/message"
)

// Cards is the part that keeps the card of each post as mail programs get it (list.Post.Head and the message behind it), by its list and its UID.
type Cards struct{}

// Name, Version, Read, Put and Remove implement Part.
func (Cards) Name() string    { return "cards" }
func (Cards) Version() uint64 { return message.CardVersion }

func (Cards) Read(p *list.Post, raw []byte) any {
	if p.Head != "" {
		raw = append([]byte(p.Head), raw...)
	}
	card := message.Parse(raw).Card()
	return card.Encode()
}

func (Cards) Put(b *bolt.Bucket, all []Entry) error {
	b.FillPercent = 0.9 // UIDs ascend
	for _, e := range all {
		if err := b.Put(cardKey(e.Post.List, e.Post.MailboxUID()), e.Read.([]byte)); err != nil {
			return err
		}
	}
	return nil
}

func (Cards) Remove(b *bolt.Bucket, r *list.Removal) error { return b.Delete(cardKey(r.List, r.UID)) }

func cardKey(id, uid uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, id), uid)
}

// Cards calls f with the card of each of these UIDs, which ascend, that the file has one of; it is good within f alone. f must not wait for anything.
func (f *File) Cards(id uint32, uids []uint32, each func(i int, card []byte) error) error {
	if len(uids) == 0 {
		return nil
	}
	err := f.View(Cards{}, func(b *bolt.Bucket) error {
		c := b.Cursor()
		k, v := c.Seek(cardKey(id, uids[0]))
		for i, uid := range uids {
			want := cardKey(id, uid)
			if string(k) != string(want) {
				if k, v = c.Seek(want); string(k) != string(want) {
					continue
				}
			}
			if err := each(i, v); err != nil {
				return err
			}
			k, v = c.Next()
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("archive: cards of list %d: %w", id, err)
	}
	return nil
}
