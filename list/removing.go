package list

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"convene/list/message"
)

// ErrRemoved: there was a post, and it was taken out of the archive.
var ErrRemoved = errors.New("removed from the archive")

// errNoFiles: a post has no attachments.
var errNoFiles = errors.New("it has no attachments")

// errSealedFiles: a post is signed, encrypted or so broken that it cannot be left without its attachments.
var errSealedFiles = errors.New("an attachment cannot be taken out of it; remove the post")

// byCommand is who did what was done on the server itself.
const byCommand = "command"

// removalReason is how much of a reason is kept, in octets.
const removalReason = 500

// removing is a post, or what came with it, on its way out of the archive.
type removing struct {
	list *List
	rec  Record
	post Post
	// files says that the post stays, without its attachments: ref is where what is left of it was kept, and left what that is.
	files bool
	ref   Ref
	left  *message.Message
	// sealed says that nothing of it can be left without them.
	sealed bool

	by, reason string
	now        time.Time
	done       bool
}

// remove does it, in one transaction: nothing that is read from the store after it has what was removed. Its bytes go when Store.Erase is called.
func (x *removing) remove(tx Tx, site *Site) (Removal, error) {
	if !x.post.Removed.IsZero() {
		return Removal{}, fmt.Errorf("list: post %d of %s: %w", x.post.Number, x.list.Address, ErrRemoved)
	}
	r := Removal{List: x.rec.ID, Post: x.post.Number, UID: x.post.MailboxUID(), At: x.now, By: x.by, Reason: oneLine(x.reason, removalReason), Attachments: x.files}
	err := errors.Join(tx.Forget(x.post.Ref), tx.Forget(x.post.Original), tx.DeleteFiled(x.rec.ID, x.post.Number), x.recall(tx), x.tell(tx, site))
	switch {
	case err != nil:
	case x.files:
		err = x.keepRest(tx)
	default:
		err = x.empty(tx)
	}
	if err != nil {
		return Removal{}, err
	}
	return tx.PutRemoval(r)
}

// empty leaves of a post what must be known of it: that it was here, so that it is not taken again, that answers find their topic, and that the trail says which it was.
func (x *removing) empty(tx Tx) error {
	p := &x.post
	for _, out := range append([]uint64{p.Outgoing}, p.Further...) {
		if out == 0 {
			continue
		}
		if err := tx.DropOutgoing(out, x.now); err != nil {
			return err
		}
	}
	_, err := tx.PutPost(Post{List: p.List, Number: p.Number, MessageID: p.MessageID, Node: p.Node, Topic: p.Topic, From: p.From, Date: p.Date, Arrived: p.Arrived,
		Accepted: p.Accepted, ContentKey: p.ContentKey, Outgoing: p.Outgoing, Further: p.Further, DecidedBy: p.DecidedBy, Special: p.Special, Planned: p.Planned,
		NoArchive: p.NoArchive, UID: p.UID, Removed: x.now, Imported: p.Imported})
	if err != nil {
		return err
	}
	return x.retitle(tx)
}

// retitle takes the subject of a post that was removed off its topic: that has the subject of the first post that is left, or none.
func (x *removing) retitle(tx Tx) error {
	t, err := tx.Topic(x.rec.ID, x.post.Topic)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	own, _, _ := message.TopicSubject(x.post.Subject, x.list.SubjectPrefix)
	if t.Renamed || !strings.EqualFold(own, t.Subject) {
		return nil
	}
	t.Subject, t.Base = "", ""
	err = tx.TopicPosts(x.rec.ID, t.ID, func(p Post) error {
		if !p.Removed.IsZero() {
			return nil
		}
		t.Subject, _, _ = message.TopicSubject(p.Subject, x.list.SubjectPrefix)
		t.Base = strings.ToLower(t.Subject)
		return ErrStop
	})
	if err != nil {
		return err
	}
	_, err = tx.PutTopic(t)
	return err
}

// recall takes back the mails, not yet written, in which members get the post since they asked for it.
func (x *removing) recall(tx Tx) error {
	var owed []uint64
	err := tx.Notes(func(n Note) error {
		if n.Text == notePost && n.Enclosed == x.post.Ref {
			owed = append(owed, n.ID)
		}
		return nil
	})
	for _, id := range owed {
		err = errors.Join(err, tx.DeleteNote(id))
	}
	return err
}

// tell owes the author and the owners a mail about it. Whoever asked for it on the server itself is not written to.
func (x *removing) tell(tx Tx, site *Site) error {
	p := &x.post
	all, err := owners(tx, site, x.list, x.rec)
	for i := 0; i < len(all) && err == nil; i++ {
		_, err = tx.PutNote(noteTo(all[i], x.rec.ID, "taken-out", x.values(), x.now))
	}
	if err != nil || p.History() || p.From == "" || SameAddress(p.From, x.by) {
		return err
	}
	m, err := tx.Member(x.rec.ID, p.From)
	if errors.Is(err, ErrNotFound) && !mayTellAuthor(p) {
		return nil // a stranger, who may not even know the list
	} else if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	author := person{p.From, m.Name, m.Language}
	n := noteTo(author, x.rec.ID, "taken-out-author", x.values(), x.now)
	n.InReplyTo, n.Thread = p.MessageID, p.MessageID
	_, err = tx.PutNote(n)
	return err
}

// values are what mails about it may say.
func (x *removing) values() map[string]string {
	p := &x.post
	return map[string]string{"what": x.what(), "subject": oneLine(p.Subject, subjectQuoted), "from": shownName(p), "number": strconv.Itoa(int(p.Number)),
		"date": p.Date.In(x.list.zone()).Format(time.RFC3339), "by": x.by, "reason": withoutTokens(x.reason)}
}

// what is what was removed, as texts are told.
func (x *removing) what() string {
	if x.files {
		return "attachments"
	}
	return "post"
}

// namedPost reads what somebody calls a post by: its number, its Message-ID, or the address of its page; zero and empty: none of these.
func namedPost(word string) (number uint32, messageID string) {
	word = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSpace(word), ">"), "<")
	if n, err := strconv.ParseUint(strings.TrimPrefix(word, "#"), 10, 32); err == nil {
		return uint32(n), ""
	}
	if u, err := url.Parse(word); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		_, id, _ := strings.Cut(u.Path, pathPost)
		return 0, id
	}
	if !strings.Contains(word, "@") || strings.ContainsAny(word, " \t\r\n") {
		return 0, ""
	}
	return 0, word
}

// postNamed finds the post of a list that somebody means. ErrNotFound: there is none.
func postNamed(r Reader, rec Record, word string) (Post, error) {
	number, id := namedPost(word)
	p, err := Post{}, fmt.Errorf("list: post %q of %s: %w", oneLine(word, subjectQuoted), rec.Address, ErrNotFound)
	switch {
	case number != 0:
		p, err = r.Post(rec.ID, number)
	case id != "":
		if p, err = postByMessageID(r, rec.ID, id); err == nil && p.MessageID != id {
			err = fmt.Errorf("list: post <%s> of %s: %w", id, rec.Address, ErrNotFound)
		}
	}
	return p, err
}
