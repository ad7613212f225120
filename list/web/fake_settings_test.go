package web

import (
	"fmt"
	"slices"
	"strings"

	"convene/list"
)

// settings are those of the member of the engine of these tests.
func (e *engine) settings() list.SettingsPage {
	p := list.SettingsPage{Shelf: e.shelf(), Member: member, Languages: []string{"en", "es", "fr", "pt-BR"}, Posts: true, Feed: !e.archive.public,
		Others: []list.Membership{{Address: "second@lists.example.org", Title: "Second <b>", Posts: true}, {Address: "third@lists.example.org", Title: "Third"}},
		Settings: map[list.Setting]string{list.SetMode: "digest", list.SetDigestAt: "07:00", list.SetFormat: "html", list.SetOwn: "on", list.SetDuplicates: "off", list.SetAttachments: "on",
			list.SetMax: "200 kB", list.SetFollow: "off", list.SetName: `Amina "<b>"`, list.SetLanguage: "fr", list.SetTimezone: "Africa/Nairobi", list.SetThanks: "private", list.SetQuote: "ask",
			list.SetBreak: "active"}}
	switch {
	case e.archive.mail == "paused":
		p.Until = someday
		fallthrough
	case e.archive.mail != "":
		p.Settings[list.SetBreak] = e.archive.mail
	}
	return p
}

func (e *engine) SettingsPage(s, address string) (list.SettingsPage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.settings(), e.mine(s, address)
}

// mine is the error for who is no member: however public a list is, nobody else sees their settings.
func (e *engine) mine(s, address string) error {
	return e.may(s, address == e.who.List && s == session && !e.archive.gone)
}

func (e *engine) ChangeSettings(s, address string, want map[list.Setting]string) (list.SettingsPage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.settings()
	if err := e.mine(s, address); err != nil {
		return p, err
	}
	var all []string
	for k, v := range want {
		all = append(all, fmt.Sprintf("%s=%s", k, v))
	}
	slices.Sort(all)
	e.archive.changed = append(e.archive.changed, strings.Join(all, " "))
	p.Wait = e.archive.much
	if p.Left = want[list.SetLeave] == "yes"; p.Left {
		return p, nil
	}
	if _, ok := want[list.SetTimezone]; ok && strings.Contains(want[list.SetTimezone], "<") {
		p.Refused = []list.Setting{list.SetTimezone, list.SetDigestAt, list.SetMax, list.SetBreak, list.SetName}
	}
	p.Saved, p.Done = !p.Wait, []string{"You get every post <b>."}
	if p.Wait {
		p.Done = nil
	}
	return p, nil
}

func (e *engine) Memberships(s string) ([]list.Membership, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s != session || e.archive.gone {
		return nil, nil
	}
	return append([]list.Membership{{Address: e.who.List, Title: e.who.Title, Posts: true}}, e.settings().Others...), e.err
}
