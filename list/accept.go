package list

import (
	"errors"
	"fmt"
	"time"

	"convene/list/message"
)

// accept gives a post its number, its topic and its record in the outbox.
func (p *pending) accept(tx Tx, rec Record, now time.Time) error {
	number := rec.Posts + 1
	p.post.Accepted = now
	if err := place(tx, &p.post, number, p.links, now); err != nil {
		return err
	}
	var author Member
	var err error
	if p.publication == nil {
		author, err = tx.Member(rec.ID, p.post.From)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if author.Number != 0 {
		p.arrival.Member = &author
	}
	o := p.outgoing(rec, &author, number, now)
	if err := p.address(tx, &o, &author); err != nil {
		return err
	}
	if err := p.shelve(tx, &o); err != nil {
		return err
	}
	out, err := tx.Enqueue(o)
	if err != nil {
		return err
	}
	p.post.Outgoing, p.post.Head = out.ID, archiveHead(&o.Style, p.arrival.Message)
	post, err := tx.PutPost(p.post)
	if err != nil {
		return err
	}
	if post.Number != number {
		return fmt.Errorf("list: %s: post %d was stored as number %d", p.list.Address, number, post.Number)
	}
	p.post = post
	if author.Number == 0 {
		return nil
	}
	author.LastPost, author.Posts = now, author.Posts+1
	_, err = tx.PutMember(author)
	return err
}

// outgoing is the one record that a fan-out is: the settings of this moment, and the highest member number.
func (p *pending) outgoing(rec Record, author *Member, number uint32, now time.Time) Outgoing {
	header, body := p.arrival.Message.EightBit()
	out := Outgoing{
		List: rec.ID, Post: number, Address: p.list.Address, Ref: p.post.Ref, Style: p.style(), ReturnPath: p.list.Word("bounce"),
		MaxMember: rec.LastMember, Special: p.post.Special, EightBit: header || body, UTF8: p.arrival.Message.International(),
		Size: int64(len(p.arrival.Message.Raw)) + 1024, Accepted: now,
	}
	if p.publication != nil {
		out.Only, out.Kind, out.Style.Footer = append([]uint32{}, p.readers...), p.publication.Kind, ""
		return out
	}
	if author.Number != 0 && !author.GetsOwn(p.list.CopyToAuthor) {
		out.Except = author.Address // which is not where they wrote from, if they have several
	}
	return out
}

// style is the settings that the copies are made from.
func (p *pending) style() Style {
	s := newStyle(p.site, p.list, p.arrival.Envelope, p.arrival.Message)
	if p.made {
		s.MessageID = "<" + p.id + ">"
	}
	p.point(&s)
	if p.post.Auth.Results != "" {
		s.Sealing, s.Results = keysUnder(p.list.Domain(), p.site.Sealing), p.post.Auth.Results
	}
	s.Edited = p.edited != (Ref{})
	p.freezeFrom(&s)
	return s
}

// newStyle freezes the settings that shape a copy.
func newStyle(site *Site, l *List, env *Envelope, m *message.Message) Style {
	s := Style{
		List: l.Address, ListName: l.Title(), Hostname: site.Hostname, SubjectPrefix: l.SubjectPrefix, ReplyTo: l.ReplyTo,
		Announce: l.Type == Announce || l.Posting == PostRoles, Joinable: l.Joinable(), Received: receivedValue(site.Hostname, env),
		AuthservIDs: site.ownAuthservIDs(), Personal: site.Personalise, BaseURL: site.BaseURL,
		Attachments: l.Attachments, AttachmentsOver: l.AttachmentsOver,
		Signing: keysUnder(l.Domain(), site.Signing),
	}
	s.freezeWords(site.Texts, l.Language)
	if m.Count("Date") == 0 {
		s.Date = env.Received.Format(dateFormat)
	}
	return s
}
