package list

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/list/message"
)

// turn is the commands of one mail being done for one address, in one transaction. Each command says in a sentence what it did; the sentences and
// the settings as they are then go into one answer.
type turn struct {
	e    *Engine
	tx   Tx
	site *Site
	list *List
	rec  Record
	now  time.Time

	from  message.Mailbox // who asks; the name may be empty
	proof proof
	// source is the network that the mail came from, as far as it is known.
	source string
	// addedBy is the owner who makes them a member; empty: they do so themselves.
	addedBy string
	// askedLast is when somebody was asked before who may not be asked again yet.
	askedLast time.Time
	// invited says that they have an invitation, or answer one.
	invited bool
	member  *Member // nil: not a member
	was     *Member // who they were, of one who has left
	// saidBefore is what was said of topics by one who has left.
	saidBefore map[uint32]Interest

	line   commandLine // the one that is being done
	said   []sentence
	joined bool
	left   bool
	helped bool
	// password is what somebody gets to read the archives with; nil: nothing.
	password *Secret
	sent     []uint32 // the posts that were asked for and go out
	// searched is how many searches were done.
	searched int
	events   []event
}

// sentence is one thing that an answer says: the line that it is about, and a phrase of texts with its values.
type sentence struct {
	line   string
	phrase string
	values map[string]string
}

// event is a line for the log, once the transaction is on disk.
type event struct {
	text  string
	attrs []any
}

// newTurn begins the turn of an address.
func (e *Engine) newTurn(tx Tx, l *List, from message.Mailbox, by proof, now time.Time) (*turn, error) {
	rec, err := tx.List(l.Address)
	if err != nil {
		return nil, err
	}
	t := &turn{e: e, tx: tx, site: e.Site(), list: l, rec: rec, now: now, from: from, proof: by}
	m, err := tx.Member(rec.ID, from.Addr)
	if err == nil {
		t.member = &m
		return t, nil
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	t.invited, err = isInvited(tx, rec.ID, from.Addr, now)
	return t, err
}

// run does the commands in order.
func (t *turn) run(lines commandLines) error {
	for _, line := range lines.all {
		t.line = line
		switch {
		case line.command == nil:
			t.helped = true
			t.say("unknown")
		case line.do == nil:
			t.say("later")
		case line.owners && !t.mayOwn():
			t.say("owners")
		default:
			if err := line.do(t, line.arg); err != nil {
				return err
			}
		}
	}
	if t.line = (commandLine{}); lines.more {
		t.say("more")
	}
	return nil
}

// mayOwn reports whether an owner's commands are done: only in a mail that is theirs beyond doubt.
func (t *turn) mayOwn() bool {
	return t.proof == authenticated && slices.Contains(rolesOf(t.list, t.from.Addr, t.member), RoleOwner)
}

// rolesOf are the roles of an address on a list: those of the config, for any address of the member's, and that of the store.
func rolesOf(l *List, address string, m *Member) []Role {
	roles := l.Roles(address)
	if m == nil {
		return roles
	}
	for _, r := range append(l.Roles(m.Address), m.Role) {
		if r != "" && r != RoleMember && !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	return roles
}

// say notes what the command of this line did. The pairs are values of the phrase.
func (t *turn) say(phrase string, pairs ...string) {
	s := sentence{line: t.line.text, phrase: phrase, values: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		s.values[pairs[i]] = pairs[i+1]
	}
	t.said = append(t.said, s)
}

// change writes what a command changed of the member.
func (t *turn) change() error {
	m, err := t.e.putMember(t.tx, *t.member, t.now)
	if err == nil {
		t.member = &m
		t.log("member changed", "command", t.line.name)
	}
	return err
}

func (t *turn) log(text string, attrs ...any) {
	t.events = append(t.events, event{text, append([]any{"list", t.list.Address, "member", t.from.Addr}, attrs...)})
}

// tell writes to the log what was done, when it is on disk.
func (t *turn) tell(by string) {
	t.e.happened(t.events, by)
}

// happened writes to the log what is on disk now, and has the schedule look at what was left for it.
func (e *Engine) happened(events []event, by string) {
	for _, v := range events {
		e.Log.Info(v.text, append(v.attrs, "by", by)...)
		if v.text == catchUpOwed && e.Schedule != nil {
			e.Schedule.Wake()
		}
	}
}

// isMember reports whether who asks is one; if not it says so.
func (t *turn) isMember() bool {
	if t.member == nil {
		t.say("not-member", "address", t.from.Addr)
	}
	return t.member != nil
}

// answer is the one notice that a mail is answered by.
func (t *turn) answer() (Note, error) {
	n := Note{List: t.rec.ID, To: t.from.Addr, ToName: t.from.Name, Created: t.now, Answers: true, Values: map[string]string{}}
	if t.member != nil {
		n.Language = t.member.Language
		if t.member.Name != "" {
			n.ToName = t.member.Name
		}
		maps.Copy(n.Values, t.memberValues())
		if err := t.topicValues(n.Values); err != nil {
			return n, err
		}
	}
	switch {
	case t.joined:
		n.Text = "welcome"
		if err := t.scheduled(&n); err != nil {
			return n, err
		}
	case t.left:
		if err := t.sayGoodbye(&n); err != nil {
			return n, err
		}
	case t.helped && len(t.said) == 0:
		n.Text = "help"
	default:
		n.Text = "settings"
		n.Values["help"] = yes(t.helped)
	}
	maps.Copy(n.Values, charterValues(t.list))
	var err error
	if n.Values["done"], err = t.sentences(n.Language); err != nil {
		return n, err
	}
	return n, t.passwordNote(&n)
}

// sentences are what was said, in a language: one line for each, behind the line of the mail that it is about.
func (t *turn) sentences(language string) (string, error) {
	var b strings.Builder
	for _, s := range t.said {
		text, err := t.site.Texts.phrase(s.phrase, []string{language, t.list.Language}, s.values)
		if err != nil {
			return "", err
		}
		if s.line != "" {
			b.WriteString(s.line + "\n")
		}
		for line := range strings.SplitSeq(text, "\n") {
			b.WriteString("  " + line + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n"), nil
}

// memberValues are the settings of a member.
func (t *turn) memberValues() map[string]string {
	m := t.member
	v := map[string]string{"member": m.Address, "name": m.Name, "mode": string(m.Mode), "state": string(m.State), "language": t.languageOf(m),
		"timezone": t.zoneOf(m).String(), "own": yes(m.GetsOwn(t.list.CopyToAuthor)), "others": strings.Join(m.Others, "\n"),
		"follow": yes(m.Follow), "duplicates": yes(!m.NoDuplicates), "attachments": yes(!m.NoAttachments), "max": t.sizeOf(m),
		"digest": shownDigestTime(m.DigestAt), "format": m.format(), "thanks": yes(!m.PrivateThanks), "quote": m.shownQuote()}
	if ends, ok := m.PauseEnds(); ok {
		v["until"] = ends.In(t.zoneOf(m)).Format(time.RFC3339)
	}
	return v
}

// charterValues are what a list says of itself.
func charterValues(l *List) map[string]string {
	c := l.Charter
	return map[string]string{"domain": c.Domain, "community": c.Community, "practice": c.Practice, "values": strings.Join(c.Values, "\n"),
		"announce": yes(l.Type == Announce || l.Posting == PostRoles)}
}
