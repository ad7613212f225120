package list

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"convene/list/message"
)

// memberColumns are the columns of the members' CSV, in the order in which they are exported. Only address must be there.
var memberColumns = []string{"address", "name", "mode", "role", "state", "language", "timezone", "joined"}

// LineError is one row of a CSV that cannot be taken.
type LineError struct {
	Line int
	Err  error
}

func (e LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Import is what a members' CSV asks for, or did.
type Import struct {
	Added, Invited, Changed, Removed, Same int
	Faults                                 []LineError // when there are any, nothing was changed
}

// csvRow is one row with the settings that its columns give, in the file's order.
type csvRow struct {
	line     int
	address  string
	joined   time.Time
	settings [][2]string
}

// readMembers reads a members' CSV and lists every row that is wrong.
func (e *Engine) readMembers(r io.Reader) ([]csvRow, []LineError) {
	in := csv.NewReader(skipBOM(r))
	in.FieldsPerRecord = -1
	in.TrimLeadingSpace = true
	in.ReuseRecord = true
	head, err := in.Read()
	if err != nil {
		return nil, []LineError{{1, fmt.Errorf("a header line with at least the column address is needed: %w", err)}}
	}
	columns, faults := headerColumns(head)
	if len(faults) > 0 {
		return nil, faults
	}
	var rows []csvRow
	lines := map[string]int{}
	for {
		rec, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, faults
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			faults = append(faults, LineError{bad.Line, bad.Err})
			continue
		} else if err != nil {
			return nil, append(faults, LineError{0, err})
		}
		line, _ := in.FieldPos(0)
		row, err := e.readRow(columns, rec)
		if err == nil {
			if first, ok := lines[strings.ToLower(row.address)]; ok {
				err = fmt.Errorf("%s stands on line %d already", row.address, first)
			}
		}
		if err != nil {
			faults = append(faults, LineError{line, err})
			continue
		}
		row.line = line
		lines[strings.ToLower(row.address)] = line
		rows = append(rows, row)
	}
}

func headerColumns(head []string) ([]string, []LineError) {
	var columns []string
	var faults []LineError
	for _, h := range head {
		h = strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(memberColumns, h) {
			faults = append(faults, LineError{1, fmt.Errorf("there is no column %q; there are %s, with commas between", h, strings.Join(memberColumns, ", "))})
		} else if slices.Contains(columns, h) {
			faults = append(faults, LineError{1, fmt.Errorf("the column %s stands twice", h)})
		}
		columns = append(columns, h)
	}
	if !slices.Contains(columns, "address") {
		faults = append(faults, LineError{1, errors.New("the header line has no column address")})
	}
	return columns, faults
}

func (e *Engine) readRow(columns, rec []string) (csvRow, error) {
	var row csvRow
	if len(rec) > len(columns) {
		return row, fmt.Errorf("%d values for %d columns", len(rec), len(columns))
	}
	var probe Member
	for i, v := range rec {
		v = strings.TrimSpace(v)
		if !utf8.ValidString(v) {
			return row, fmt.Errorf("%q is not UTF-8; save the file as UTF-8", v)
		}
		switch c := columns[i]; {
		case c == "address":
			row.address = v
		case v == "":
		case c == "joined":
			t, err := parseJoined(v)
			if err != nil {
				return row, err
			}
			row.joined = t
		default:
			if err := probe.set(c, v); err != nil {
				return row, err
			}
			row.settings = append(row.settings, [2]string{c, v})
		}
	}
	probe.Address = row.address
	if err := e.checkMember(&probe); err != nil {
		return row, err
	}
	row.address = probe.Address
	return row, nil
}

func parseJoined(v string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("joined %q is no date (2026-03-02 or 2026-03-02T10:00:00Z)", v)
}

// ImportOptions are how a members' CSV is taken. The zero value adds and changes, and sends nothing.
type ImportOptions struct {
	Sync    bool // who is not in it leaves
	Dry     bool // only count
	Welcome bool // who is new gets the welcome
	Invite  bool // who is new is invited instead of added; a yes makes them members, with the settings that stand there
}

// ImportMembers brings a list's members in line with a CSV: new ones join, or are invited, and known ones get the settings that stand there. All of it
// happens, or nothing.
func (e *Engine) ImportMembers(address string, r io.Reader, o ImportOptions) (Import, error) {
	rows, faults := e.readMembers(r)
	if len(faults) > 0 {
		return Import{Faults: faults}, nil
	}
	l, ok := e.Site().List(address)
	if !ok {
		return Import{}, fmt.Errorf("list %s: %w", address, ErrNotFound)
	}
	if o.Invite && !l.Joinable() {
		return Import{}, fmt.Errorf("nobody can be invited to %s: its join is %q", address, JoinClosed)
	}
	if o.Sync && len(rows) == 0 {
		return Import{}, errors.New("the file names nobody, and with sync everybody would be removed; nothing was changed")
	}
	now := e.Now()
	var done Import
	var err error
	if o.Dry {
		err = e.Store.View(func(r Reader) error {
			nobody := func(Member) error { return nil }
			done, err = e.importRows(r, address, rows, o, now, nobody, nobody)
			return err
		})
	} else {
		err = e.Store.Update(func(tx Tx) error {
			greet, err := e.newcomers(tx, address, o, now)
			if err != nil {
				return err
			}
			put := func(m Member) error {
				if m.Number == 0 {
					if err := forgetStranger(tx, m.Address); err != nil {
						return err
					}
					return greet(m)
				}
				_, err := e.putMember(tx, m, now)
				return err
			}
			done, err = e.importRows(tx, address, rows, o, now, put, func(m Member) error { return tx.DeleteMember(m.List, m.Address) })
			return err
		})
	}
	if err == nil && !o.Dry {
		e.Log.Info("members imported", "list", address, "added", done.Added, "invited", done.Invited, "changed", done.Changed, "removed", done.Removed, "same", done.Same)
	}
	return done, err
}

// importRows goes through the rows, and with Sync through the members who are in none.
func (e *Engine) importRows(r Reader, address string, rows []csvRow, o ImportOptions, now time.Time, put, del func(Member) error) (done Import, err error) {
	_, rec, err := e.find(r, address)
	if err != nil {
		return done, err
	}
	listed := make(map[string]bool, len(rows))
	for _, row := range rows {
		listed[strings.ToLower(row.address)] = true
		if err := done.apply(r, rec.ID, row, now, put); err != nil {
			return done, err
		}
	}
	if o.Invite {
		done.Added, done.Invited = 0, done.Added
	}
	if !o.Sync {
		return done, nil
	}
	var gone []Member
	err = r.Members(rec.ID, func(m Member) error {
		if !slices.ContainsFunc(append([]string{m.Address}, m.Others...), func(a string) bool { return listed[strings.ToLower(a)] }) {
			gone = append(gone, m)
		}
		return nil
	})
	for _, m := range gone {
		done.Removed++
		err = errors.Join(err, del(m))
	}
	return done, err
}

// newcomers is what is done with each who is new: added, added and welcomed, or invited.
func (e *Engine) newcomers(tx Tx, address string, o ImportOptions, now time.Time) (func(Member) error, error) {
	l, _, err := e.find(tx, address)
	if err != nil {
		return nil, err
	}
	t, err := e.newTurn(tx, l, message.Mailbox{}, authenticated, now)
	if err != nil {
		return nil, err
	}
	switch {
	case o.Invite:
		return func(m Member) error {
			_, err := t.sendInvitation(&m)
			return err
		}, nil
	case o.Welcome:
		return t.welcome, nil
	}
	return func(m Member) error { _, err := e.putMember(tx, m, now); return err }, nil
}

// apply adds or changes the member of one row.
func (i *Import) apply(r Reader, list uint32, row csvRow, now time.Time, put func(Member) error) error {
	m, err := r.Member(list, row.address)
	old := m
	fresh := errors.Is(err, ErrNotFound)
	if fresh {
		m = Member{List: list, Address: row.address, Mode: ModeEach, State: Active, Role: RoleMember, Joined: now}
	} else if err != nil {
		return err
	}
	for _, s := range row.settings {
		if err := m.set(s[0], s[1]); err != nil {
			return err
		}
	}
	if !row.joined.IsZero() {
		m.Joined = row.joined
	}
	if m.State == Active && (old.State == Bouncing || old.State == Disabled) {
		m.State = old.State // a list of members that is read every night does not know which addresses work
	}
	switch {
	case fresh:
		i.Added++
	case m.same(old):
		i.Same++
		return nil
	default:
		i.Changed++
	}
	return put(m)
}

func (m Member) same(o Member) bool {
	joined := m.Joined.Equal(o.Joined)
	m.Joined, m.LastPost, o.Joined, o.LastPost = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return joined && reflect.DeepEqual(m, o)
}

// ExportMembers writes the members of a list as the CSV that ImportMembers reads.
func (e *Engine) ExportMembers(address string, w io.Writer) error {
	all, err := e.Members(address)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	rows := [][]string{memberColumns}
	for _, m := range all {
		rows = append(rows, []string{m.Address, m.Name, string(m.Mode), string(m.Role), string(m.State), m.Language, m.Timezone,
			m.Joined.UTC().Format(time.RFC3339)})
	}
	return out.WriteAll(rows)
}

// skipBOM drops the byte order mark that spreadsheets put in front.
func skipBOM(r io.Reader) io.Reader {
	head := make([]byte, 3)
	n, err := io.ReadFull(r, head)
	if n == 3 && string(head) == "\xef\xbb\xbf" {
		return r
	}
	rest := io.Reader(strings.NewReader(string(head[:n])))
	if err != nil {
		return rest
	}
	return io.MultiReader(rest, r)
}
