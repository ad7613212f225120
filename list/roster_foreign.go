package list

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"convene/list/message"
)

// ForeignRoster is who was on a list elsewhere.
type ForeignRoster struct {
	Members []Member
	// Settings are those of the list that have a key in the config here, as lines of it.
	Settings []string
	// Faults are rows that name nobody who can be taken, each with its file.
	Faults []string
}

// foreignLimit is how large a roster may be, in octets.
const foreignLimit = 64 << 20

// foreignColumns are what other programs call the columns of a roster, in lower case without spaces and the like.
var foreignColumns = map[string]string{
	"email": "address", "emailaddress": "address", "address": "address", "member": "address", "displayname": "name", "name": "name", "fullname": "name", "realname": "name",
	"emaildelivery": "mode", "delivery": "mode", "deliverymode": "mode", "mode": "mode", "subscription": "mode", "role": "role", "modstatus": "role", "moderatorstatus": "role", "memberrole": "role",
	"status": "status", "deliverystatus": "status", "userstatus": "status", "state": "status", "emailstatus": "status", "joined": "joined", "datejoined": "joined", "joindate": "joined", "created": "joined",
	"language": "language", "preferredlanguage": "language", "timezone": "timezone",
}

// foreignModes and foreignRoles are what they call what a member may choose and be.
var (
	foreignModes = map[string]Mode{
		"individual": ModeEach, "single": ModeEach, "regular": ModeEach, "each": ModeEach, "individualmessages": ModeEach, "dailysummary": ModeDigest, "summary": ModeDigest, "digest": ModeDigest,
		"fullfeatureddigest": ModeDigest, "fulldigest": ModeDigest, "plaindigest": ModeDigest, "htmldigest": ModeDigest, "mimedigests": ModeDigest, "plaintextdigests": ModeDigest, "summarydigests": ModeDigest,
		"specialnoticesonly": ModeSpecial, "specialnotices": ModeSpecial, "special": ModeSpecial, "noemail": ModeNoMail, "nomail": ModeNoMail, "none": ModeNoMail,
	}
	foreignRoles = map[string]Role{"owner": RoleOwner, "owners": RoleOwner, "moderator": RoleModerator, "moderators": RoleModerator, "administrator": RoleOwner}
)

// plainWord is a word as the tables above have it.
func plainWord(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.\t", r) {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

// Add reads one file: a CSV with a header line, JSON as Mailman 3 answers it, or an address a line. Its name may say whose roster it is, as owners.txt does.
func (f *ForeignRoster) Add(name string, r io.Reader) error {
	content, err := io.ReadAll(io.LimitReader(r, foreignLimit+1))
	if err == nil && len(content) > foreignLimit {
		err = fmt.Errorf("a roster of more than %d octets", foreignLimit)
	}
	if err != nil {
		return err
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	base := strings.ToLower(path.Base(name))
	if strings.Contains(base, "nonmember") || strings.Contains(base, "banned") {
		return nil
	}
	usual := Member{Mode: ModeEach, Role: RoleMember}
	switch {
	case strings.Contains(base, "owner"):
		usual.Role, usual.Mode = RoleOwner, ModeNoMail // who runs a list there need not read it
	case strings.Contains(base, "moderator"):
		usual.Role, usual.Mode = RoleModerator, ModeNoMail
	case strings.Contains(base, "digest"):
		usual.Mode = ModeDigest
	case strings.Contains(base, "nomail"):
		usual.Mode = ModeNoMail
	}
	switch path.Ext(base) {
	case ".csv":
		return f.addCSV(name, content, usual)
	case ".json":
		return f.addJSON(name, content, usual)
	}
	return f.addLines(name, content, usual)
}

// addLines reads addresses, each on a line, with or without a name.
func (f *ForeignRoster) addLines(name string, content []byte, usual Member) error {
	in := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; in.Scan(); n++ {
		line := strings.TrimSpace(in.Text())
		if line == "" || strings.HasPrefix(line, "#") || strings.HasSuffix(line, "has no members") {
			continue
		}
		box, err := oneMailbox(line)
		if err != nil {
			f.Faults = append(f.Faults, fmt.Sprintf("%s, line %d: no address", name, n))
			continue
		}
		m := usual
		m.Address, m.Name = box.Addr, box.Name
		f.put(m)
	}
	return in.Err()
}

func (f *ForeignRoster) addCSV(name string, content []byte, usual Member) error {
	in := csv.NewReader(bytes.NewReader(content))
	in.FieldsPerRecord, in.LazyQuotes, in.TrimLeadingSpace = -1, true, true
	head, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return err
	}
	for i := range head {
		head[i] = foreignColumns[plainWord(head[i])]
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		fields := map[string]string{}
		for i, v := range row {
			if i < len(head) && head[i] != "" && fields[head[i]] == "" {
				fields[head[i]] = v
			}
		}
		line, _ := in.FieldPos(0)
		f.addRow(fmt.Sprintf("%s, line %d", name, line), fields, usual)
	}
}

// addRow takes one row by what its columns are here.
func (f *ForeignRoster) addRow(where string, fields map[string]string, usual Member) {
	box, err := oneMailbox(strings.TrimSpace(fields["address"]))
	if err != nil {
		f.Faults = append(f.Faults, where+": no address")
		return
	}
	m := usual
	m.Address, m.Name = box.Addr, strings.TrimSpace(fields["name"])
	if m.Name == "" {
		m.Name = box.Name
	}
	if mode, ok := foreignModes[plainWord(fields["mode"])]; ok {
		m.Mode = mode
	}
	if role, ok := foreignRoles[plainWord(fields["role"])]; ok {
		m.Role = role
	}
	switch status := plainWord(fields["status"]); {
	case strings.Contains(status, "banned"), strings.Contains(status, "pending"), strings.Contains(status, "notconfirmed"), strings.Contains(status, "unconfirmed"), plainWord(fields["role"]) == "nonmember":
		f.Faults = append(f.Faults, fmt.Sprintf("%s: %s was no member there: %s", where, m.Address, plainLine(fields["status"]+fields["role"])))
		return
	case strings.Contains(status, "bounc"):
		m.State = Disabled
	case status == "byuser" || status == "bymoderator" || status == "disabled":
		m.Mode = ModeNoMail
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02", "2006-01-02 15:04:05", "Jan 2, 2006", "01/02/2006"} {
		if t, err := time.Parse(layout, strings.TrimSpace(fields["joined"])); err == nil {
			m.Joined = t
			break
		}
	}
	for _, key := range []string{"language", "timezone"} {
		if v := strings.TrimSpace(fields[key]); v != "" {
			m.set(key, v) //nolint:errcheck // what is none here is the list's
		}
	}
	f.put(m)
}

// put adds a member; of one who is there under several roles the highest counts, and mail if one of them has it.
func (f *ForeignRoster) put(m Member) {
	rank := func(r Role) int { return map[Role]int{RoleModerator: 1, RoleOwner: 2}[r] }
	for i := range f.Members {
		one := &f.Members[i]
		if !SameAddress(one.Address, m.Address) {
			continue
		}
		if rank(m.Role) > rank(one.Role) {
			one.Role = m.Role
		}
		if one.Mode == ModeNoMail || m.Role == RoleMember && one.Mode == ModeEach {
			one.Mode = m.Mode
		}
		if one.Name == "" {
			one.Name = m.Name
		}
		return
	}
	f.Members = append(f.Members, m)
}

// oneMailbox is the one address of a text.
func oneMailbox(text string) (message.Mailbox, error) {
	all, err := message.ParseMailboxes(text)
	if err == nil && len(all) != 1 {
		err = errors.New("not one address")
	}
	if err != nil {
		return message.Mailbox{}, err
	}
	return all[0], nil
}

// TakeMembers makes members of those who are none yet, and writes to nobody. Who is on the list already stays as they are. It returns how many are new; why one cannot be
// taken is added to the roster's faults.
func (e *Engine) TakeMembers(address string, f *ForeignRoster) (added, known int, err error) {
	now := e.Now()
	var faults []string
	err = e.Store.Update(func(tx Tx) error {
		added, known, faults = 0, 0, nil
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		for _, m := range f.Members {
			if _, err := tx.Member(rec.ID, m.Address); err == nil {
				known++
				continue
			} else if !errors.Is(err, ErrNotFound) {
				return err
			}
			if err := e.checkMember(&m); err != nil {
				faults = append(faults, fmt.Sprintf("%s: %v", m.Address, err))
				continue
			}
			if m.List = rec.ID; m.Joined.IsZero() || m.Joined.After(now) {
				m.Joined = now
			}
			if err := forgetStranger(tx, m.Address); err != nil {
				return err
			}
			if _, err := e.putMember(tx, m, now); err != nil {
				return err
			}
			added++
		}
		return nil
	})
	if err == nil {
		f.Faults = append(f.Faults, faults...)
		e.Log.Info("members imported", "list", address, "new", added, "known", known)
	}
	return added, known, err
}
