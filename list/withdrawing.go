package list

import (
	"errors"
	"fmt"
	"strings"

	"convene/list/message"
)

// withdraw makes what is left of a post without its attachments: where one was, the text says so, and not what it was.
func (x *removing) withdraw(raw []byte, texts *Texts) error {
	if texts == nil {
		texts = builtTexts()
	}
	var s Style
	s.freezeWords(texts, x.list.Language)
	said, err := texts.phrase("withdrawn", []string{x.list.Language}, map[string]string{"size": "{size}"})
	if err != nil {
		return err
	}
	if len(message.Parse(raw).Attachments()) == 0 {
		return fmt.Errorf("list: post %d of %s: %w", x.post.Number, x.list.Address, errNoFiles)
	}
	withdrawn := func(d *Draft) {
		d.body.Take = func(message.Attachment) bool { return true }
		d.body.Taken = func(a message.Attachment) string { return strings.ReplaceAll(said, "{size}", sizeIn(a.Size, s.Sizes)) }
	}
	p, _ := Transform([]Step{{"withdrawn", withdrawn}, {"body", body}}, raw, Style{}, Form{})
	x.left = message.Parse(p.Bytes())
	if len(x.left.Attachments()) > 0 {
		x.left, x.sealed = nil, true
		return fmt.Errorf("list: post %d of %s: %w", x.post.Number, x.list.Address, errSealedFiles)
	}
	return nil
}

// keepRest puts what is left of a post in its place, under a UID of its own: mail programs take what they have for what it was for ever. That UID is a number that no
// post gets any more. Copies that are still to be made are made from it.
func (x *removing) keepRest(tx Tx) error {
	rec, err := tx.ListByID(x.rec.ID)
	if err != nil {
		return err
	}
	rec.Posts++
	p := x.post
	p.UID, p.Ref, p.Original = rec.Posts, x.ref, Ref{}
	if err := tx.PutList(rec); err != nil {
		return err
	}
	if _, err := tx.PutPost(p); err != nil {
		return err
	}
	out, err := tx.Outgoing(p.Outgoing)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	header, body := x.left.EightBit()
	out.Ref, out.Size, out.EightBit, out.UTF8 = x.ref, int64(len(x.left.Raw))+1024, header || body, x.left.International()
	out.Style.Edited, out.Style.Files = true, ""
	return tx.PutOutgoing(out)
}
