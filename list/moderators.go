package list

import (
	"errors"
	"slices"
	"time"
)

// person is somebody whom notices go to.
type person struct {
	Address, Name string
	Language      string // empty: the list's
}

// holders are who has a role on a list: those of the config first, then those of the members, each once.
func holders(r Reader, l *List, rec Record, role Role) (all []person, err error) {
	add := func(p person) {
		if !slices.ContainsFunc(all, func(o person) bool { return SameAddress(o.Address, p.Address) }) {
			all = append(all, p)
		}
	}
	for _, a := range map[Role][]string{RoleModerator: l.Moderators, RoleOwner: l.Owners, RoleFacilitator: l.Facilitators}[role] {
		p, err := personOf(r, rec.ID, a)
		if err != nil {
			return nil, err
		}
		add(p)
	}
	err = r.RoleHolders(rec.ID, func(m Member) error {
		if m.Role == role {
			add(person{m.Address, m.Name, m.Language})
		}
		return nil
	})
	return all, err
}

// moderators are who is told of held posts and decides on them; where there are none the owners, and where there are none of them either who runs
// the server.
func moderators(r Reader, site *Site, l *List, rec Record) ([]person, error) {
	all, err := holders(r, l, rec, RoleModerator)
	if err != nil || len(all) > 0 {
		return all, err
	}
	return owners(r, site, l, rec)
}

// owners are who answers for a list; where there are none who runs the server.
func owners(r Reader, site *Site, l *List, rec Record) ([]person, error) {
	all, err := holders(r, l, rec, RoleOwner)
	if err == nil && len(all) == 0 && site.Admin != "" {
		all = []person{{Address: site.Admin}}
	}
	return all, err
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
	if SameAddress(address, site.Admin) {
		return true, nil
	}
	m, err := r.Member(rec.ID, address)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return m.Role == RoleModerator || m.Role == RoleOwner, err
}

// decides reports whether somebody may decide on held posts of a list now: its moderators, and while a discussion runs who facilitates it.
func (e *Engine) decides(r Reader, l *List, rec Record, address string) (bool, error) {
	may, err := mayModerate(r, e.Site(), l, rec, address)
	if err != nil || may || e.Schedule == nil {
		return may, err
	}
	all, err := e.Schedule.Facilitators(r, l, e.Now())
	return containsAddress(all, address), err
}

// withFacilitators are moderators, and behind them who facilitates the discussions that run.
func withFacilitators(r Reader, schedule Schedule, l *List, rec Record, moderators []person, now time.Time) ([]person, error) {
	if schedule == nil {
		return moderators, nil
	}
	addresses, err := schedule.Facilitators(r, l, now)
	if err != nil {
		return nil, err
	}
	for _, a := range addresses {
		if slices.ContainsFunc(moderators, func(p person) bool { return SameAddress(p.Address, a) }) {
			continue
		}
		p, err := personOf(r, rec.ID, a)
		if err != nil {
			return nil, err
		}
		moderators = append(moderators, p)
	}
	return moderators, nil
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
		may, err = e.decides(r, l, rec, n.To)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	return may, err
}
