package list

import (
	"errors"
	"slices"
	"strings"
)

// person is somebody whom notices go to.
type person struct {
	Address, Name string
	Language      string // empty: the list's
}

// moderators are who is told of held posts and decides on them: those of the config and of the members' roles; where there are none the owners, and
// where there are none of them either who runs the server.
func moderators(r Reader, site *Site, l *List, rec Record) ([]person, error) {
	roles := map[Role][]string{RoleModerator: l.Moderators, RoleOwner: l.Owners}
	all := map[Role][]person{}
	add := func(role Role, p person) {
		for _, o := range all[role] {
			if strings.EqualFold(o.Address, p.Address) {
				return
			}
		}
		all[role] = append(all[role], p)
	}
	for role, addresses := range roles {
		for _, a := range addresses {
			p, err := personOf(r, rec.ID, a)
			if err != nil {
				return nil, err
			}
			add(role, p)
		}
	}
	err := r.RoleHolders(rec.ID, func(m Member) error {
		if m.Role == RoleModerator || m.Role == RoleOwner {
			add(m.Role, person{m.Address, m.Name, m.Language})
		}
		return nil
	})
	switch {
	case err != nil || len(all[RoleModerator]) > 0:
		return all[RoleModerator], err
	case len(all[RoleOwner]) > 0:
		return all[RoleOwner], nil
	case site.Admin != "":
		return []person{{Address: site.Admin}}, nil
	}
	return nil, nil
}

// personOf is what the list knows of somebody, who need not be a member.
func personOf(r Reader, list uint32, address string) (person, error) {
	m, err := r.Member(list, address)
	if errors.Is(err, ErrNotFound) {
		return person{Address: address}, nil
	}
	return person{Address: address, Name: m.Name, Language: m.Language}, err
}

// mayModerate reports whether somebody may decide on held posts now, whatever they might when they were asked.
func mayModerate(r Reader, site *Site, l *List, rec Record, address string) (bool, error) {
	for _, role := range l.Roles(address) {
		if role == RoleModerator || role == RoleOwner {
			return true, nil
		}
	}
	if strings.EqualFold(address, site.Admin) {
		return true, nil
	}
	m, err := r.Member(rec.ID, address)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return m.Role == RoleModerator || m.Role == RoleOwner, err
}

// forModerators are the texts of notices that say what waits, or became of it.
var forModerators = []string{"held", "reminder", "choices", "decided", "late", "done", "join-request"}

// mayRead reports whether a notice may still go to whom it was owed: one about what waits only as long as they decide on that. A list that is gone from
// the config has no moderators; its notes wait.
func (e *Engine) mayRead(n *Note) (may bool, err error) {
	if n.List == 0 || !slices.Contains(forModerators, n.Text) {
		return true, nil
	}
	err = e.Store.View(func(r Reader) error {
		rec, err := r.ListByID(n.List)
		if err != nil {
			return err
		}
		l, ok := e.Site().List(rec.Address)
		if !ok {
			may = true
			return nil
		}
		may, err = mayModerate(r, e.Site(), l, rec, n.To)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	return may, err
}
