package list

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"convene/list/message"
)

// Members gives the members of a list, in order of address.
func (e *Engine) Members(address string) ([]Member, error) {
	var all []Member
	err := e.Store.View(func(r Reader) error {
		_, rec, err := e.find(r, address)
		if err != nil {
			return err
		}
		return r.Members(rec.ID, func(m Member) error { all = append(all, m); return nil })
	})
	slices.SortFunc(all, func(a, b Member) int { return cmp.Compare(strings.ToLower(a.Address), strings.ToLower(b.Address)) })
	return all, err
}

// Member gives one member of a list.
func (e *Engine) Member(address, member string) (m Member, err error) {
	err = e.Store.View(func(r Reader) error {
		_, rec, err := e.find(r, address)
		if err == nil {
			m, err = r.Member(rec.ID, member)
		}
		if errors.Is(err, ErrNotFound) && rec.ID != 0 {
			err = fmt.Errorf("%s is not a member of %s: %w", member, address, ErrNotFound)
		}
		return err
	})
	return m, err
}

// AddMembers makes all of these members of a list, or none. Who is one already is an error.
func (e *Engine) AddMembers(address string, members []Member) error {
	now := e.Now()
	err := e.Store.Update(func(tx Tx) error {
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := e.checkMember(&m); err != nil {
				return err
			}
			if _, err := tx.Member(rec.ID, m.Address); err == nil {
				return fmt.Errorf("%s is a member of %s already", m.Address, address)
			} else if !errors.Is(err, ErrNotFound) {
				return err
			}
			m.List, m.Joined = rec.ID, now
			if err := forgetStranger(tx, m.Address); err != nil {
				return err
			}
			if _, err := e.putMember(tx, m, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		for _, m := range members {
			e.Log.Info("member joined", "list", address, "member", m.Address, "by", "command")
		}
	}
	return err
}

// checkMember makes a new member complete, or says what is wrong.
func (e *Engine) checkMember(m *Member) error {
	addr, err := message.ParseAddr(m.Address)
	if err != nil {
		return fmt.Errorf("%q is not an address: %w", m.Address, err)
	}
	if t, err := e.Site().Route(addr); err == nil {
		return fmt.Errorf("%s is an address of this site (%s) and cannot be a member: mail would go round in circles", addr, t.Kind)
	}
	m.Address = addr
	m.Mode, m.State, m.Role = cmp.Or(m.Mode, ModeEach), cmp.Or(m.State, Active), cmp.Or(m.Role, RoleMember)
	return nil
}

// RemoveMembers ends the membership of all of these, or of none.
func (e *Engine) RemoveMembers(address string, members []string) error {
	err := e.Store.Update(func(tx Tx) error {
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := tx.DeleteMember(rec.ID, m); errors.Is(err, ErrNotFound) {
				return fmt.Errorf("%s is not a member of %s: %w", m, address, err)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		for _, m := range members {
			e.Log.Info("member left", "list", address, "member", m, "by", "command")
		}
	}
	return err
}

// SetMember changes settings of a member, each "key=value"; all of them or none.
func (e *Engine) SetMember(address, member string, settings []string) (m Member, err error) {
	err = e.Store.Update(func(tx Tx) error {
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		if m, err = tx.Member(rec.ID, member); errors.Is(err, ErrNotFound) {
			return fmt.Errorf("%s is not a member of %s: %w", member, address, err)
		} else if err != nil {
			return err
		}
		was := m.State
		for _, s := range settings {
			key, value, ok := strings.Cut(s, "=")
			if !ok {
				return fmt.Errorf("%q is not KEY=VALUE", s)
			}
			if err := m.set(strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)); err != nil {
				return err
			}
		}
		if m.State == Active && was != Active { // whoever says so knows that the address works
			if err := e.revive(tx, m.Address, rec.ID, e.Now()); err != nil {
				return err
			}
		}
		m, err = e.putMember(tx, m, e.Now())
		return err
	})
	if err == nil {
		e.Log.Info("member changed", "list", address, "member", member, "by", "command", "settings", settings)
	}
	return m, err
}

// set changes one setting. The same words stand in the columns of the members' CSV.
func (m *Member) set(key, value string) (err error) {
	switch key {
	case "name":
		m.Name = plainLine(value)
	case "mode":
		m.Mode, err = parseMode(value)
	case "role":
		m.Role, err = oneOf(key, Role(value), RoleMember, RoleOwner, RoleModerator, RoleFacilitator)
	case "state":
		m.State, err = oneOf(key, State(value), Active, Paused, Bouncing, Disabled)
		if m.State != Paused {
			m.PausedUntil = time.Time{}
		}
	case "language":
		if _, err = language.Parse(value); err != nil && value != "" {
			return fmt.Errorf("language %q is no language tag (en, fr, pt-BR)", value)
		}
		m.Language, err = value, nil
	case "timezone":
		if _, err := time.LoadLocation(value); err != nil {
			return fmt.Errorf("timezone %q is not known (Africa/Nairobi, Europe/Paris)", value)
		}
		m.Timezone = value
	case "moderated":
		m.Moderated, err = parseYes(key, value)
	case "trusted":
		m.Trusted, err = parseYes(key, value)
	default:
		return m.setReading(key, value)
	}
	return err
}

// setReading changes one setting of what the schedule sends.
func (m *Member) setReading(key, value string) error {
	word, ok := strings.ToLower(value), false
	switch key {
	case "digest":
		if m.DigestAt, ok = digestTime(word); !ok {
			return fmt.Errorf("digest %q is no time of day; write 07:00, or list for the list's", value)
		}
	case "format":
		if !m.setFormat(word) {
			return fmt.Errorf("there is no format %q; there are text, html and mime", value)
		}
	case "thanks":
		if !m.setThanks(word) {
			return fmt.Errorf("thanks are public or private, not %q", value)
		}
	case "quote":
		if !m.setQuote(word) {
			return fmt.Errorf("quote is yes, ask or no, not %q", value)
		}
	default:
		return fmt.Errorf("there is no setting %q; there are name, mode, role, state, language, timezone, moderated, trusted, digest, format, thanks, quote", key)
	}
	return nil
}

func parseMode(value string) (Mode, error) {
	switch m := Mode(value); m {
	case ModeEach, ModeDigest, ModeSummary, ModeSpecial, ModeNoMail:
		return m, nil
	}
	return "", fmt.Errorf("there is no mode %q; there are each, digest, summary, special and nomail", value)
}

func oneOf[T ~string](key string, value T, words ...T) (T, error) {
	if slices.Contains(words, value) {
		return value, nil
	}
	return "", fmt.Errorf("there is no %s %q; there are %v", key, value, words)
}

func parseYes(key, value string) (bool, error) {
	switch strings.ToLower(value) {
	case "yes", "true", "on", "1":
		return true, nil
	case "no", "false", "off", "0":
		return false, nil
	}
	return false, fmt.Errorf("%s is yes or no, not %q", key, value)
}

// NewMember makes a member from the words that a command or a form gives; empty ones are left at their defaults.
func NewMember(address string, settings map[string]string) (Member, error) {
	m := Member{Address: address}
	for key, value := range settings {
		if value == "" {
			continue
		}
		if err := m.set(key, value); err != nil {
			return m, err
		}
	}
	return m, nil
}
