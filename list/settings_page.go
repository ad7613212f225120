package list

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/list/message"
)

// pathMember is the path of the page on which a member changes their settings, behind the address of the list.
const pathMember = "/settings"

// SettingsPath is the path of the page on which the members of a list change their settings.
func SettingsPath(address string) string { return "/" + address + pathMember }

// SettingsPage is what somebody sees of their membership, and what came of a change of it.
type SettingsPage struct {
	Shelf
	Member   string // the address that the list knows them by
	Settings map[Setting]string
	Until    time.Time // of a break, on their clock; zero: it has no end
	// Languages are those that there are; one of them is chosen.
	Languages []string
	NoDigest  bool // the list has none
	// Posts says that they may read them on the web, and Feed that they may have an address of their own for their feed reader.
	Posts, Feed bool
	Others      []Membership // their other lists
	Saved       bool         // something was changed
	Done        []string     // what there is to say of that, in sentences
	Refused     []Setting    // what was asked for and cannot be: it is as it was
	// Wait says that nothing was done, since they have asked for much within an hour; Left that they are no member any more.
	Wait, Left bool
}

// Membership is a list that somebody is on.
type Membership struct {
	Address, Title string
	Posts          bool // its posts are on pages
}

// Setting is one thing that a member may change on their page.
type Setting string

// The settings. What each takes is what stands behind its command in a mail; those of yes and no take "on" and "off".
const (
	SetMode        Setting = "mode"   // a Mode
	SetDigestAt    Setting = "digest" // a time of day; empty: the list's
	SetFormat      Setting = "format"
	SetOwn         Setting = "own"
	SetDuplicates  Setting = "duplicates"
	SetAttachments Setting = "attachments"
	SetMax         Setting = "max" // a size; empty: any
	SetFollow      Setting = "follow"
	SetName        Setting = "name"
	SetLanguage    Setting = "language"
	SetTimezone    Setting = "timezone"
	SetThanks      Setting = "thanks"
	SetQuote       Setting = "quote"
	SetBreak       Setting = "break" // "pause", "resume", or, as it is told, a State
	SetUntil       Setting = "until" // the day on which the break that begins ends; empty: it has no end
	SetLeave       Setting = "leave" // "yes"
)

// settingsOrder is the order in which they are changed: a time of day counts on the clock that was chosen with it, and who leaves changes nothing after it.
var settingsOrder = []Setting{SetName, SetLanguage, SetTimezone, SetMode, SetDigestAt, SetFormat, SetOwn, SetDuplicates, SetAttachments, SetMax, SetFollow, SetThanks, SetQuote, SetBreak, SetLeave}

// SettingsPage shows the settings of whose session it is. ErrNotFound: they are no member of the list.
func (e *Engine) SettingsPage(session, address string) (p SettingsPage, err error) {
	err = e.Store.View(func(r Reader) error {
		t, who, err := e.settingsTurn(r, session, address)
		if err == nil {
			p, err = t.settingsPage(who)
		}
		return err
	})
	return p, err
}

// Memberships are the lists that somebody who has signed in is on.
func (e *Engine) Memberships(session string) (all []Membership, err error) {
	err = e.reading(session, func(r *reading) error { all, err = r.memberships(""); return err })
	return all, err
}

// ChangeSettings changes what differs from how it is, as the commands in a mail of theirs would, and shows what came of it; nobody gets a mail about it but who leaves. The errors
// are those of SettingsPage.
func (e *Engine) ChangeSettings(session, address string, want map[Setting]string) (p SettingsPage, err error) {
	var t *turn
	err = e.Store.Update(func(tx Tx) error {
		var who *reading
		if t, who, err = e.settingsTurn(tx, session, address); err != nil {
			return err
		}
		t.tx = tx
		p, err = t.changeSettings(who, want)
		return err
	})
	if errors.Is(err, errNothingToKeep) {
		return p, nil
	}
	if err == nil {
		t.tell("page")
	}
	return p, err
}

// settingsTurn begins the turn of a member of whom a session is. Its Tx is for the caller to set.
func (e *Engine) settingsTurn(r Reader, session, address string) (*turn, *reading, error) {
	s, err := e.secret(r, ForSession, session, e.Now())
	if err != nil {
		return nil, nil, err
	}
	who := &reading{reader: r, site: e.Site(), address: s.Address}
	l, ok := who.site.List(address)
	if !ok || !strings.EqualFold(l.Address, address) {
		return nil, nil, fmt.Errorf("list: settings on %s: %w", address, ErrNotFound)
	}
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, nil, err
	}
	m, err := r.Member(rec.ID, s.Address)
	if err != nil {
		return nil, nil, err
	}
	return &turn{e: e, site: who.site, list: l, rec: rec, now: e.Now(), from: message.Mailbox{Addr: s.Address}, proof: authenticated, member: &m}, who, nil
}

// modeCommands choose a mode, breakCommands begin and end a break; to anything else there is none.
var (
	modeCommands  = map[Mode]string{ModeEach: "set each", ModeDigest: "set digest", ModeSummary: "set summary", ModeSpecial: "set special", ModeNoMail: "set nomail"}
	breakCommands = map[string]string{"pause": "pause", "resume": "resume"}
)

// settingsPage is the page as the member is now.
func (t *turn) settingsPage(who *reading) (p SettingsPage, err error) {
	l, m := t.list, t.member
	p = SettingsPage{Shelf: Shelf{Address: l.Address, Title: pageLine(l.Title()), Language: l.Language, Public: l.Archive == ArchivePublic},
		Languages: t.languages(), NoDigest: l.NoDigest, Posts: l.archived() && !t.rec.Importing}
	p.Feed = l.Archive == ArchiveMembers && p.Posts && t.site.BaseURL != ""
	if p.Others, err = who.memberships(l.Address); err != nil || m == nil {
		p.Left = m == nil
		return p, err
	}
	if m.Language != "" {
		p.Language = m.Language
	}
	p.Member, p.Settings = m.Address, t.settingsNow()
	if ends, ok := m.PauseEnds(); ok {
		p.Until = ends.In(t.zoneOf(m))
	}
	return p, nil
}

// settingsNow are the settings of a member as ChangeSettings takes them.
func (t *turn) settingsNow() map[Setting]string {
	m := t.member
	size := ""
	if m.MaxSize > 0 {
		size = shownSize(m.MaxSize, defaultSizeWords)
	}
	return map[Setting]string{SetMode: string(m.Mode), SetDigestAt: shownDigestTime(m.DigestAt), SetFormat: m.format(), SetOwn: onOff(m.GetsOwn(t.list.CopyToAuthor)),
		SetDuplicates: onOff(!m.NoDuplicates), SetAttachments: onOff(!m.NoAttachments), SetMax: size, SetFollow: onOff(m.Follow), SetName: m.Name,
		SetLanguage: t.languageOf(m), SetTimezone: t.zoneOf(m).String(), SetThanks: map[bool]string{true: "private", false: "public"}[m.PrivateThanks], SetQuote: m.shownQuote(),
		SetBreak: string(m.State)}
}

// defaultSizeWords are those of English, which memberSize reads.
const defaultSizeWords = "0.1 bytes kB MB GB"

// memberships are the lists but one that they are a member of.
func (r *reading) memberships(but string) (all []Membership, err error) {
	if r.address == "" {
		return nil, nil
	}
	for _, l := range r.site.Lists {
		rec, err := r.reader.List(l.Address)
		if err != nil {
			return nil, err
		}
		if _, err = r.reader.Member(rec.ID, r.address); errors.Is(err, ErrNotFound) || l.Address == but {
			continue
		} else if err != nil {
			return nil, err
		}
		all = append(all, Membership{Address: l.Address, Title: pageLine(l.Title()), Posts: l.archived() && !rec.Importing})
	}
	return all, nil
}

// changeSettings does what differs. errNothingToKeep: nothing did, or it is too much for an hour.
func (t *turn) changeSettings(who *reading, want map[Setting]string) (p SettingsPage, err error) {
	commands := t.settingsCommands(want)
	if len(commands) == 0 {
		if p, err = t.settingsPage(who); err == nil {
			err = errNothingToKeep
		}
		return p, err
	}
	if err := t.count(); err != nil {
		if _, much := errors.AsType[*Refusal](err); !much {
			return p, err
		}
		if p, err = t.settingsPage(who); err == nil {
			p.Wait, err = true, errNothingToKeep
		}
		return p, err
	}
	var done []string
	var refused []Setting
	for _, c := range commands {
		if t.member == nil {
			break // they have left
		}
		text, ok, err := t.changeSetting(c.line)
		if err != nil {
			return p, err
		}
		if !ok {
			refused = append(refused, c.setting)
		} else if text != "" {
			done = append(done, text)
		}
	}
	if t.left {
		n, err := t.answer()
		if err != nil {
			return p, err
		}
		if _, err := t.tx.PutNote(n); err != nil {
			return p, err
		}
	}
	p, err = t.settingsPage(who)
	p.Saved, p.Done, p.Refused = len(refused) < len(commands), done, refused
	return p, err
}

// settingCommand is the command that changes a setting.
type settingCommand struct {
	setting Setting
	line    string
}

// settingsCommands are the commands that make what is wanted of what there is.
func (t *turn) settingsCommands(want map[Setting]string) (all []settingCommand) {
	now := t.settingsNow()
	for _, s := range settingsOrder {
		value, asked := want[s]
		value = strings.Join(strings.Fields(value), " ")
		if !asked || value == now[s] || value == "" && s == SetName {
			continue
		}
		line := "set " + string(s) + " " + value
		switch s {
		case SetMode:
			line = modeCommands[Mode(value)]
			if at, asked := want[SetDigestAt]; asked && value == string(ModeDigest) && at != now[SetDigestAt] {
				continue // the hour says it
			}
		case SetDigestAt:
			if value == "" {
				line = "set digest list"
			}
			if mode, asked := want[SetMode]; asked && mode != string(ModeDigest) || !asked && now[SetMode] != string(ModeDigest) {
				continue // setting an hour would choose the digest
			}
		case SetMax:
			if value == "" {
				line = "set max off"
			}
		case SetBreak:
			if line = breakCommands[value]; value == "pause" && want[SetUntil] != "" {
				line = "pause until " + want[SetUntil]
			}
		case SetLeave:
			line = "unsubscribe"
		}
		all = append(all, settingCommand{s, line})
	}
	return all
}

// changeSetting does one command, and returns what there is to say of it beyond that it was done. ok is whether it was.
func (t *turn) changeSetting(line string) (text string, ok bool, err error) {
	c, arg := t.e.commands.find(line)
	if c == nil || c.owners || c.proven || c.do == nil {
		return "", false, nil
	}
	t.line, t.said = commandLine{command: c, arg: arg}, nil
	if err := c.do(t, arg); err != nil {
		return "", false, err
	}
	for _, s := range t.said {
		if strings.HasPrefix(s.phrase, "no-") {
			return "", false, nil
		}
		if s.phrase == "name" || s.phrase == "language" || s.phrase == "timezone" {
			continue // they say no more than that
		}
		said, err := t.site.Texts.phrase(s.phrase, []string{t.languageOf(t.member), t.list.Language}, s.values)
		if err != nil {
			return "", false, err
		}
		text = strings.TrimSpace(text + " " + said)
	}
	t.line, t.said = commandLine{}, nil
	return text, true, nil
}
