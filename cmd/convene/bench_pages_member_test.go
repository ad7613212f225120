package main

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"convene/list"
)

// signIn has a member ask from now on, to whom all posts of the topics on the first page are new: they came as mail, and nobody has read them.
func (a *benchArchive) signIn(b *testing.B) {
	const member, session = "reader@a.example", "abcdefghijklmnopqrstuvwxyz"
	err := a.db.Update(func(tx list.Tx) error {
		if _, err := tx.PutMember(list.Member{List: 1, Address: member, Joined: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
			return err
		}
		var topics []uint32
		err := tx.Topics(1, func(t list.Topic) error {
			if topics = append(topics, t.ID); len(topics) == 40 {
				return list.ErrStop
			}
			return nil
		})
		if err != nil {
			return err
		}
		var posts []list.Post
		err = tx.Posts(1, 1, func(p list.Post) error {
			if slices.Contains(topics, p.Topic) {
				posts = append(posts, p)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, p := range posts {
			p.Imported, p.Accepted = time.Time{}, p.Imported
			if _, err := tx.PutPost(p); err != nil {
				return err
			}
		}
		return tx.PutSecret(list.Secret{Hash: sha256.Sum256([]byte(session)), Purpose: list.ForSession, List: 1, Address: member, Expires: time.Now().Add(time.Hour)})
	})
	if err != nil {
		b.Fatal(err)
	}
	a.cookie = "Cookie: __Host-convene=" + session + "\r\n"
}
