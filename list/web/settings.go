package web

import (
	"errors"
	"net/http"
	"slices"

	"convene/list"
)

// Membership is what members see and change their settings through. Whose they are is said by their session.
type Membership interface {
	SettingsPage(session, address string) (list.SettingsPage, error)
	ChangeSettings(session, address string, want map[list.Setting]string) (list.SettingsPage, error)
	Memberships(session string) ([]list.Membership, error)
}

// settingsWord stands behind the address of a list in the path of a member's settings.
const settingsWord = "settings"

// settable are the fields of the forms of that page.
var settable = [...]list.Setting{list.SetMode, list.SetDigestAt, list.SetFormat, list.SetOwn, list.SetDuplicates, list.SetAttachments, list.SetMax, list.SetFollow, list.SetName, list.SetLanguage,
	list.SetTimezone, list.SetThanks, list.SetQuote, list.SetBreak, list.SetUntil, list.SetLeave}

// settingsView is what the page of a member's settings shows.
type settingsView struct {
	list.SettingsPage
	UntilDay momentView // the end of a break
	typed    map[list.Setting]string
}

// Is is a setting: as it was typed, where that could not be taken.
func (s *settingsView) Is(what string) string {
	if typed, ok := s.typed[list.Setting(what)]; ok && (s.Not(what) || what == string(list.SetUntil) && s.Not(string(list.SetBreak))) {
		return typed
	}
	return s.Settings[list.Setting(what)]
}

// Not reports whether a change of a setting was refused.
func (s *settingsView) Not(what string) bool { return slices.Contains(s.Refused, list.Setting(what)) }

// Modes are the ways in which posts come.
func (s *settingsView) Modes() []list.Mode {
	all := []list.Mode{list.ModeEach, list.ModeDigest, list.ModeSummary, list.ModeSpecial, list.ModeNoMail}
	if s.NoDigest && s.Settings[list.SetMode] != string(list.ModeDigest) {
		return slices.DeleteFunc(all, func(m list.Mode) bool { return m == list.ModeDigest })
	}
	return all
}

// settingsPage answers /LIST/settings: GET shows them; the POST of one of its forms changes them, or makes an address for the reader's feed reader.
func (v *visit) settingsPage() {
	var p list.SettingsPage
	var err error
	var own list.OwnFeed
	typed := map[list.Setting]string{}
	switch {
	case v.r.Method != http.MethodPost:
		p, err = v.engine.SettingsPage(v.session(), v.rest)
	case v.crossSite() || v.form.Get("do") == "":
		v.problem(http.StatusBadRequest)
		return
	case v.form.Get("do") == "feed":
		if own, err = v.engine.MakePostsFeed(v.session(), v.rest); err == nil {
			p, err = v.engine.SettingsPage(v.session(), v.rest)
		}
	default:
		for _, s := range settable {
			if all := v.form[string(s)]; len(all) > 0 {
				typed[s] = all[len(all)-1] // a box that is not ticked sends the field before it alone
			}
		}
		p, err = v.engine.ChangeSettings(v.session(), v.rest, typed)
	}
	if errors.Is(err, list.ErrNotFound) && v.r.Method == http.MethodPost {
		v.r.URL.RawQuery = "" // who signs in again comes back to the page
	}
	if err != nil {
		v.unread(err)
		return
	}
	view := &settingsView{SettingsPage: p, typed: typed}
	if !p.Until.IsZero() {
		view.UntilDay = dayOf(p.Until)
	}
	out := page{Language: p.Language, Title: p.Title, List: p.Address, Member: p.Member, Settings: view, Memberships: p.Others, Mine: !p.Left}
	if p.Posts {
		out.ListPath = list.TopicsPath(p.Address)
	}
	if own.Path != "" {
		out.FeedPath, out.FeedEnds = own.Path, dayOf(own.Expires)
	}
	name, status := "settings", http.StatusOK
	switch {
	case p.Left:
		name = "settings-left"
	case p.Wait:
		status = http.StatusTooManyRequests
		v.w.Header().Set("Retry-After", "600")
	case len(p.Refused) > 0:
		status = http.StatusUnprocessableEntity
	}
	v.page(status, name, out)
}
