package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"convene/list"
)

// memberRow is a member as --json tells it.
type memberRow struct {
	Address  string     `json:"address"`
	Name     string     `json:"name"`
	Mode     list.Mode  `json:"mode"`
	State    list.State `json:"state"`
	Role     list.Role  `json:"role"`
	Language string     `json:"language"`
	Timezone string     `json:"timezone"`
	Joined   stamp      `json:"joined"`
	LastPost stamp      `json:"last_post"`
}

func newMemberRow(m list.Member) memberRow {
	return memberRow{m.Address, m.Name, m.Mode, m.State, m.Role, m.Language, m.Timezone, stamp(m.Joined), stamp(m.LastPost)}
}

func (c *cli) memberCmd() *cobra.Command {
	ls := &cobra.Command{Use: "ls LIST", Short: "the members of a list", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return c.listMembers(h, args[0]) })
	}}
	show := &cobra.Command{Use: "show LIST ADDRESS", Short: "one member", Args: exactly(2), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error {
			m, err := h.engine.Member(args[0], args[1])
			if err != nil {
				return err
			}
			return c.showMember(m)
		})
	}}
	invited := &cobra.Command{Use: "invited LIST", Short: "who was invited, and whether they answered", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return c.listInvited(h, args[0]) })
	}}
	remove := &cobra.Command{Use: "remove LIST ADDRESS...", Short: "ends memberships", Args: atLeast(2), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), true, func(h *house) error { return h.engine.RemoveMembers(args[0], args[1:]) })
	}}
	set := &cobra.Command{Use: "set LIST ADDRESS KEY=VALUE...", Short: "changes a member's settings", Args: atLeast(3),
		Long: "Changes a member's settings: name, mode (each, digest, summary, special, nomail), role (member, owner, moderator, facilitator),\n" +
			"state (active, paused, bouncing, disabled), language, timezone, moderated (yes, no), trusted (yes, no),\n" +
			"digest (07:00, or list), format (text, html, mime), thanks (public, private), quote (yes, ask, no).",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.do(cmd.Context(), true, func(h *house) error {
				m, err := h.engine.SetMember(args[0], args[1], args[2:])
				if err != nil {
					return err
				}
				return c.showMember(m)
			})
		}}
	export := &cobra.Command{Use: "export LIST", Short: "the members as CSV", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return h.engine.ExportMembers(args[0], c.out) })
	}}
	return group("member", "members", ls, show, c.memberAddCmd(), remove, set, c.memberImportCmd(), export, invited)
}

func (c *cli) listMembers(h *house, address string) error {
	all, err := h.engine.Members(address)
	if err != nil {
		return err
	}
	if c.json {
		rows := make([]memberRow, 0, len(all))
		for _, m := range all {
			rows = append(rows, newMemberRow(m))
		}
		return c.printJSON(rows)
	}
	var rows [][]string
	for _, m := range all {
		rows = append(rows, []string{m.Address, m.Name, string(m.Mode), string(m.State), string(m.Role), when(m.LastPost)})
	}
	return c.table([]string{"ADDRESS", "NAME", "MODE", "STATE", "ROLE", "LAST POST"}, rows)
}

func (c *cli) showMember(m list.Member) error {
	if c.json {
		row := struct {
			memberRow
			Others      []string          `json:"others,omitempty"`
			PausedUntil *stamp            `json:"paused_until,omitempty"`
			Settings    map[string]string `json:"settings"`
		}{memberRow: newMemberRow(m), Others: m.Others, Settings: map[string]string{}}
		if !m.PausedUntil.IsZero() {
			until := stamp(m.PausedUntil)
			row.PausedUntil = &until
		}
		for _, s := range m.Settings() {
			row.Settings[strings.ReplaceAll(s[0], " ", "_")] = s[1]
		}
		return c.printJSON(row)
	}
	rows := [][2]string{{"address", m.Address}, {"name", m.Name}, {"mode", string(m.Mode)}, {"state", string(m.State)},
		{"role", string(m.Role)}, {"language", m.Language}, {"timezone", m.Timezone}, {"joined", when(m.Joined)},
		{"last post", when(m.LastPost)}, {"posts", strconv.Itoa(int(m.Posts))}, {"moderated", yes(m.Moderated)},
		{"trusted", yes(m.Trusted)}, {"paused until", when(m.PausedUntil)}, {"others", strings.Join(m.Others, ", ")}}
	return c.pairs(append(rows, m.Settings()...)...)
}

func yes(b bool) string { return map[bool]string{true: "yes", false: "no"}[b] }

func (c *cli) memberAddCmd() *cobra.Command {
	var name, mode, role, language, timezone string
	add := &cobra.Command{Use: "add LIST ADDRESS...", Short: "makes members", Args: atLeast(2), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), true, func(h *house) error {
			var all []list.Member
			for _, a := range args[1:] {
				m, err := list.NewMember(a, map[string]string{"name": name, "mode": mode, "role": role, "language": language, "timezone": timezone})
				if err != nil {
					return err
				}
				all = append(all, m)
			}
			return h.engine.AddMembers(args[0], all)
		})
	}}
	add.Flags().StringVar(&name, "name", "", "their `name`")
	add.Flags().StringVar(&mode, "mode", "", "how they receive: each, digest, summary, special or nomail")
	add.Flags().StringVar(&role, "role", "", "member, owner, moderator or facilitator")
	add.Flags().StringVar(&language, "language", "", "their language (en, fr, pt-BR)")
	add.Flags().StringVar(&timezone, "timezone", "", "their time zone (Africa/Nairobi)")
	return add
}

func (c *cli) memberImportCmd() *cobra.Command {
	var o list.ImportOptions
	cmd := &cobra.Command{Use: "import LIST FILE.csv", Short: "brings the members in line with a CSV file", Args: exactly(2),
		Long: "Brings the members in line with a CSV file with a header line. Its columns are address,name,mode,role,state,language,timezone,joined,\n" +
			"of which only address must be there. A row that is wrong is named by its line, and then nothing is imported.\n" +
			"Nobody is written to unless --invite or --welcome asks for it.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Invite && o.Welcome {
				return usageError{fmt.Errorf("--invite and --welcome: who is invited is welcomed when they join")}
			}
			if err := c.openInput(args[1]); err != nil {
				return err
			}
			return c.do(cmd.Context(), !o.Dry, func(h *house) error { return c.importMembers(h, args[0], o) })
		}}
	cmd.Flags().BoolVar(&o.Sync, "sync", false, "who is not in the file leaves")
	cmd.Flags().BoolVar(&o.Invite, "invite", false, "invite who is new instead of adding them")
	cmd.Flags().BoolVar(&o.Welcome, "welcome", false, "send who is new the welcome notice")
	cmd.Flags().BoolVar(&o.Dry, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}

func (c *cli) importMembers(h *house, address string, o list.ImportOptions) error {
	done, err := h.engine.ImportMembers(address, c.in, o)
	if err != nil {
		return err
	}
	for _, f := range done.Faults {
		fmt.Fprintf(c.err, "%v\n", f)
	}
	if n := len(done.Faults); n > 0 {
		return fmt.Errorf("%s wrong; nothing was imported", count(n, "row")+map[bool]string{true: " is", false: " are"}[n == 1])
	}
	if c.json {
		return c.printJSON(map[string]any{"added": done.Added, "invited": done.Invited, "changed": done.Changed, "removed": done.Removed, "same": done.Same, "dry_run": o.Dry})
	}
	would := ""
	if o.Dry {
		would = "would be "
	}
	if o.Invite {
		_, err = fmt.Fprintf(c.out, "%s%d invited, %d changed, %d removed; %d as they were\n", would, done.Invited, done.Changed, done.Removed, done.Same)
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s%d added, %d changed, %d removed; %d as they were\n", would, done.Added, done.Changed, done.Removed, done.Same)
	return err
}

func (c *cli) listInvited(h *house, address string) error {
	all, err := h.engine.Invitations(address)
	if err != nil || c.json {
		return orJSON(err, func() error { return c.printJSON(all) })
	}
	var rows [][]string
	for _, i := range all {
		rows = append(rows, []string{i.Address, i.State, when(i.Expires)})
	}
	return c.table([]string{"ADDRESS", "STATE", "UNTIL"}, rows)
}
