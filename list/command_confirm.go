package list

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/list/message"
)

// askedMost is how large what a yes does may be, in octets as it is kept: anybody can have it kept, in the name of anybody.
const askedMost = 4 << 10

// errAskedMost: there is more in a mail than a question is asked about.
var errAskedMost = errors.New("list: more than is asked about")

// confirmFor is how long a confirmation may be answered.
const confirmFor = 3 * 24 * time.Hour

// confirmation is what a yes does, as a Secret keeps it in Data.
type confirmation struct {
	// Lines are commands as a mail has them; Names are what stands there of our own words, and Shown what the question may show of what follows those.
	Lines []string `json:"lines,omitempty"`
	Names []string `json:"names,omitempty"`
	Shown []string `json:"shown,omitempty"`
	// Member is the number of the member whose further address this becomes, of ForAlso.
	Member uint32 `json:"member,omitempty"`
	// Name is whom an owner has invited, and By the owner; of ForAlso By is the member.
	Name string `json:"name,omitempty"`
	By   string `json:"by,omitempty"`
	// Back is who comes back, of ForBack.
	Back *Member `json:"back,omitempty"`
	// Said is what they said of topics.
	Said map[uint32]Interest `json:"said,omitempty"`
	// Post is the number of the post that is removed, or, with Files, whose attachments are; Reason is why. All are of ForRemove.
	Post   uint32 `json:"post,omitempty"`
	Files  bool   `json:"files,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Language is that of the question, where the address is nobody's yet.
	Language string `json:"language,omitempty"`
}

func (c *confirmation) decode(data []byte) error {
	if err := json.Unmarshal(data, c); err != nil {
		return fmt.Errorf("list: what is to be confirmed: %w", err)
	}
	return nil
}

// ask asks an address to confirm, if it may be asked anything now; asked is false where it may not.
func (t *turn) ask(to message.Mailbox, purpose Purpose, c confirmation, text string, values map[string]string) (asked bool, err error) {
	data, err := json.Marshal(c)
	if err != nil {
		return false, fmt.Errorf("list: what is to be confirmed: %w", err)
	}
	if len(data) > askedMost {
		return false, errAskedMost
	}
	if asked, err = t.mayAsk(to.Addr, purpose); err != nil || !asked {
		return asked, err
	}
	n := Note{List: t.rec.ID, Text: text, To: to.Addr, ToName: to.Name, Values: values, Created: t.now, Answers: purpose == ForConfirm || purpose == ForRemove,
		Secret: &Secret{Purpose: purpose, List: t.rec.ID, Address: to.Addr, Subject: subjectOf(to.Addr, data), Data: data, Expires: t.now.Add(confirmFor)}}
	if purpose == ForInvite {
		n.Secret.Subject, n.Secret.Expires = subjectOf(to.Addr, nil), t.now.Add(inviteFor)
	}
	p, err := personOf(t.tx, t.rec.ID, to.Addr)
	if err != nil {
		return false, err
	}
	n.Language = cmp.Or(p.Language, c.Language)
	_, err = t.tx.PutNote(n)
	return err == nil, err
}

// subjectOf is the subject of a question to an address: the same question twice has one, and is answered once for both.
func subjectOf(address string, data []byte) uint64 {
	sum := sha256.Sum256([]byte(strings.ToLower(address) + "\x00" + string(data)))
	return binary.BigEndian.Uint64(sum[:])
}

// askCommands is what a page asks for a confirmation of commands: the beginning of the names of its phrases, and what they may say.
func askCommands(c *confirming) (phrase string, values map[string]string) {
	var what confirmation
	if what.decode(c.Data) == nil && len(what.Names) == 1 {
		switch what.Names[0] {
		case "subscribe":
			return "ask-join", nil
		case "unsubscribe":
			return "ask-leave", nil
		}
	}
	return "ask-change", map[string]string{"what": what.what()}
}

// confirmCommands does the commands that somebody was asked about and has said yes to.
func confirmCommands(e *Engine, tx Tx, c *confirming) (said string, err error) {
	var what confirmation
	if err := what.decode(c.Data); err != nil {
		return "", err
	}
	t, err := e.newTurn(tx, c.list, message.Mailbox{Name: what.Name, Addr: c.Address}, confirmed, c.now)
	if err != nil {
		return "", err
	}
	t.invited = t.invited || c.Purpose == ForInvite
	var lines commandLines
	for _, text := range what.Lines {
		command, arg := e.commands.find(text)
		lines.all = append(lines.all, commandLine{command, arg, text})
	}
	if err := t.run(lines); err != nil {
		return "", err
	}
	n, err := t.answer()
	if err != nil {
		return "", err
	}
	if _, err = tx.PutNote(n); err != nil {
		return "", err
	}
	c.events = t.events
	return t.summary()
}

// summary is what was done, in the words of whoever asks for it later.
func (t *turn) summary() (string, error) {
	language := ""
	switch {
	case t.joined:
		language = t.member.Language
		t.line = commandLine{}
		t.say("join-admitted")
	case t.left:
		t.line = commandLine{}
		t.say("left")
	case t.member != nil:
		language = t.member.Language
	}
	return t.sentences(language)
}

// askAlso is what a page asks for a further address: it names both.
func askAlso(c *confirming) (phrase string, values map[string]string) {
	var what confirmation
	if what.decode(c.Data) != nil {
		return "ask-also", nil
	}
	return "ask-also", map[string]string{"member": what.By, "address": c.Address}
}

// confirmAlso gives a member the further address that somebody who reads its mail has confirmed, and tells the member.
func confirmAlso(e *Engine, tx Tx, c *confirming) (said string, err error) {
	var what confirmation
	if err := what.decode(c.Data); err != nil {
		return "", err
	}
	m, err := tx.MemberByNumber(c.List, what.Member)
	if errors.Is(err, ErrNotFound) {
		return e.Site().Texts.phrase("also-left", []string{c.language, c.list.Language}, nil)
	} else if err != nil {
		return "", err
	}
	t, err := e.newTurn(tx, c.list, message.Mailbox{Name: m.Name, Addr: m.Address}, confirmed, c.now)
	if err != nil {
		return "", err
	}
	t.line = commandLine{command: &command{name: "also"}, text: "also " + c.Address}
	if banned, err := isBanned(tx, c.List, c.Address); err != nil {
		return "", err
	} else if banned {
		t.say("no-address", "asked", c.Address)
	} else if other, err := tx.Member(c.List, c.Address); err == nil && other.Number != m.Number {
		t.say("also-taken", "address", c.Address)
	} else if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	} else if err != nil && len(m.Others) >= othersMost {
		t.say("also-many")
	} else {
		if err != nil {
			t.member.Others = append(t.member.Others, c.Address)
		}
		t.say("also", "address", c.Address)
		if err := t.change(); err != nil {
			return "", err
		}
	}
	n, err := t.answer()
	if err != nil {
		return "", err
	}
	n.Answers = false
	if _, err := tx.PutNote(n); err != nil {
		return "", err
	}
	c.events = t.events
	return t.summary()
}
