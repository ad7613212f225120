package digest

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// takeDraft takes an answer to a draft: any number of orders, which are done together and answered with the mail as it is then. It may be called for the
// same mail, and for many at once.
func (e *Editor) takeDraft(_ context.Context, h *list.Handed, what about) (done string, err error) {
	err = e.change(what.Discussion, func(tx list.Tx, a *affair) error {
		now := e.Engine.Now()
		who, err := a.mayAnswer(tx, h)
		if err != nil {
			return err
		}
		if a.cameBefore(h, now) {
			return errDone
		}
		row, ok := a.rowOf(what.Row)
		if !ok {
			return list.Refuse(list.NoSuchAddress, "That mail is not planned any more; write to %s", a.list.Word("facilitator"))
		}
		d := &draftReply{e: e, tx: tx, a: a, row: row, h: h, who: who, now: now, s: a.course.row(row.Key)}
		d.read()
		before := *d.s
		if done, err = d.take(); err != nil {
			return err
		}
		return e.tellOthers(tx, a, d.row, d.s, before, who, d.done, now)
	})
	switch {
	case errors.Is(err, errDone):
		return "came before", nil
	case errors.Is(err, list.ErrNotFound):
		return "", list.Refuse(list.NoSuchAddress, "That discussion is not planned any more; write to %s", h.List.Word("owner"))
	}
	return done, err
}

// mayAnswer says who decides on a draft: whoever it went to, from an address of theirs; or somebody who facilitates, is of the core group or owns the list, in
// a mail that is theirs beyond doubt. The error is a *list.Refusal.
func (a *affair) mayAnswer(r list.Reader, h *list.Handed) (plan.Person, error) {
	m, err := r.Member(a.rec.ID, h.From.Addr)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return plan.Person{}, err
	}
	their := func(address string) bool {
		return list.SameAddress(address, h.From.Addr) || m.Number != 0 && list.SameAddress(address, m.Address)
	}
	decides := m.Role == list.RoleOwner || m.Role == list.RoleFacilitator ||
		slices.ContainsFunc(slices.Concat(a.facilitators(), a.list.Facilitators, a.list.Core, a.list.Owners), their)
	if !their(h.Secret.Address) && !(decides && h.Proven) {
		return plan.Person{}, list.Refuse(list.NotAllowed, "Only who got the draft may answer it, from the address that it went to")
	}
	who, err := a.person(r, h.From.Addr)
	if who.Name == "" {
		who.Name = h.From.Name
	}
	return who, err
}

// draftReply is an answer to a draft while it is followed, within one transaction.
type draftReply struct {
	e   *Editor
	tx  list.Tx
	a   *affair
	row plan.Row
	s   *RowState
	h   *list.Handed
	who plan.Person
	now time.Time

	own      string // their own words, without tokens of ours
	unread   bool   // nobody can say what is in the mail
	said     draftAnswer
	done     []string
	unknown  []string
	remarks  []letter.Remark
	edited   bool   // something of the mail is other than it was
	language string // that they want to see it in; empty: the list's
	// understood says that the text was taken from a quotation.
	understood bool
}

// tokenIn is where a token of ours stands in a text.
var tokenIn = regexp.MustCompile(`(?i)(\+[a-z]+(?:-|%2d))[a-z2-7]{26}`)

// read reads what they say.
func (d *draftReply) read() {
	own, read := d.h.Message.Reply()
	d.own = d.clean(own)
	d.unread = own == "" && !read
	d.said = readAnswer(d.own)
}

// clean leaves tokens of ours out of a text that others may come to read.
func (d *draftReply) clean(text string) string {
	return tokenIn.ReplaceAllString(withoutToken(text, d.h.Target.Token), "${1}…")
}

// take follows an answer.
func (d *draftReply) take() (done string, err error) {
	if d.a.out(d.row) {
		return d.takeLate()
	}
	if needsText(d.row.Kind) && d.isText() {
		return "text", d.takeText()
	}
	if len(d.said.orders) == 0 {
		if len(d.said.loose) > 0 {
			to, err := d.e.passOn(d.tx, d.a, d.h)
			if err != nil || to != "" {
				return "passed on", err
			}
			d.unknown = d.said.loose
		} else if d.own != "" && d.s.Stage != Drafted {
			return "thanks", nil // for an answer: it is known what becomes of the mail
		}
		return "not understood", d.answer()
	}
	if err := d.follow(); err != nil {
		return "", err
	}
	return "draft " + strings.Join(d.verbs(), ", "), d.answer()
}

// verbs are what was asked for, for the log.
func (d *draftReply) verbs() (all []string) {
	for _, o := range d.said.orders {
		all = append(all, string(o.verb))
	}
	return all
}

// follow does all orders in their order. Whoever changes something has read it: it then goes out at its time, unless they say otherwise.
func (d *draftReply) follow() error {
	before := d.s.Stage
	d.unknown = append(d.unknown, d.said.loose...)
	holds := slices.ContainsFunc(d.said.orders, func(o draftOrder) bool { return o.verb == verbHold })
	for _, o := range d.said.orders {
		if holds && (o.verb == verbSend || o.verb == verbNow) { // who says both is asked: a mail that is out is out
			d.unknown = append(d.unknown, o.words())
			continue
		}
		if err := d.tell(o); err != nil {
			return err
		}
	}
	if d.edited && before == Drafted && d.s.Stage == Drafted {
		d.s.Stage = Approved
	}
	d.s.By = d.who.Address
	return nil
}

// tell does one order, and notes what came of it. Of what there is a remark on, no more is to be said.
func (d *draftReply) tell(o draftOrder) error {
	before := len(d.remarks)
	ok, err := d.obey(o)
	switch {
	case err != nil:
		return err
	case ok && o.line != "":
		d.done = append(d.done, o.words())
	case !ok && len(d.remarks) == before:
		d.unknown = append(d.unknown, o.words())
	}
	return nil
}

// answer owes them the mail as it is now, and when it goes.
func (d *draftReply) answer() error {
	if d.a.out(d.row) {
		return d.note(letter.DraftLeft)
	}
	g := letter.Drafting{Done: d.done, Unknown: d.unknown, Understood: d.understood, Remarks: d.remarks, Decided: d.s.Stage == Approved}
	if d.unread {
		g.Remarks = append(g.Remarks, letter.Remark{What: letter.RemarkUnread})
	} else if len(d.done)+len(d.unknown)+len(d.remarks) == 0 && !d.understood {
		g.Remarks = append(g.Remarks, letter.Remark{What: letter.RemarkEmpty})
	}
	o, err := d.e.draftedIn(d.tx, d.a, d.row, d.s, d.who.Address, cmp.Or(d.language, d.a.Language), g, d.now)
	if err != nil {
		return err
	}
	return d.owe(o)
}

// owe sends an answer below their mail.
func (d *draftReply) owe(o owed) error {
	o.kind, o.answers, o.thread = "draft_answer", d.h.Message.MessageID(), d.s.Drafts[d.who.Address]
	return d.a.owe(d.tx, o, d.now)
}

// note owes them a few lines on a mail that they can change no more, or that does not go.
func (d *draftReply) note(what letter.DraftNoteKind) error {
	n := letter.DraftNote{What: what, Kind: d.row.Kind, Week: d.row.Week, Done: d.done, Unknown: d.unknown, Plain: d.s.Plain, Hashtag: d.a.Hashtag,
		Was: d.s.Sent.In(d.a.Calendar.Location)}
	mail, err := d.e.write(d.tx, d.a, d.who.Address, "draft-note", n)
	if err != nil {
		return err
	}
	return d.owe(owed{to: d.who.Address, mail: mail, purpose: list.ForDraft, about: about{What: "row", Row: d.row.Key}})
}

// takeLate is for an answer to a draft of what is out, or is left out. Lines of thanks leave later, and count still; what was left out can be brought back.
func (d *draftReply) takeLate() (done string, err error) {
	if d.s.Stage == Sent {
		for _, o := range d.said.orders {
			thanks := o.verb == verbThank || o.verb == verbDrop && !slices.ContainsFunc(o.labels, func(l draftLabel) bool { return l.kind != 't' })
			if !thanks {
				d.unknown = append(d.unknown, o.words())
			} else if err := d.tell(o); err != nil {
				return "", err
			}
		}
		if len(d.said.orders) == 0 && len(d.said.loose) > 0 {
			if to, err := d.e.passOn(d.tx, d.a, d.h); err != nil || to != "" {
				return "passed on", err
			}
		}
		return "late", d.note(letter.DraftOut)
	}
	back := func(o draftOrder) bool { return o.verb == verbSend || o.verb == verbNow || o.verb == verbLater }
	if d.s.Stage != Quiet && slices.ContainsFunc(d.said.orders, back) {
		delete(d.a.course.Changes.Skipped, d.row.Key)
		d.s.Stage = OnHold
		if err := d.reread(); err != nil {
			return "", err
		}
		if err := d.follow(); err != nil {
			return "", err
		}
		return "brought back", d.answer()
	}
	if len(d.said.orders) == 0 && len(d.said.loose) > 0 {
		if to, err := d.e.passOn(d.tx, d.a, d.h); err != nil || to != "" {
			return "passed on", err
		}
	}
	return "late", d.note(letter.DraftLeft)
}

// reread makes the rows anew, once the changes are others.
func (d *draftReply) reread() error {
	err := d.a.reread()
	d.row, _ = d.a.rowOf(d.row.Key)
	return err
}
