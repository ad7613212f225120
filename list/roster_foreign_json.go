package list

import (
	"encoding/json"
	"fmt"
	"strings"
)

// addJSON reads what the REST interface of Mailman 3 answers: a roster, or the config of a list.
func (f *ForeignRoster) addJSON(name string, content []byte, usual Member) error {
	var answer map[string]any
	var entries []any
	if err := json.Unmarshal(content, &entries); err != nil {
		if err := json.Unmarshal(content, &answer); err != nil {
			return err
		}
		all, isRoster := answer["entries"].([]any)
		if !isRoster {
			f.addConfig(answer)
			return nil
		}
		entries = all
	}
	for i, one := range entries {
		entry, _ := one.(map[string]any)
		fields := map[string]string{}
		for key, v := range entry {
			if column, text := foreignColumns[plainWord(key)], fmt.Sprint(v); column != "" && (fields[column] == "" || key == "email") {
				fields[column] = text
			}
		}
		if prefs, ok := entry["preferences"].(map[string]any); ok {
			for key, v := range prefs {
				if column := foreignColumns[plainWord(key)]; column != "" {
					fields[column] = fmt.Sprint(v)
				}
			}
		}
		f.addRow(fmt.Sprintf("%s, entry %d", name, i+1), fields, usual)
	}
	return nil
}

// addConfig turns settings of Mailman 3 into lines for the config here.
func (f *ForeignRoster) addConfig(c map[string]any) {
	line := func(key, value string) {
		f.Settings = append(f.Settings, fmt.Sprintf("%s = %q", key, plainLine(value)))
	}
	for _, s := range [][2]string{{"display_name", "name"}, {"description", "description"}, {"subject_prefix", "subject_prefix"}, {"preferred_language", "language"}} {
		if v, ok := c[s[0]].(string); ok && strings.TrimSpace(v) != "" {
			line(s[1], strings.TrimSpace(v))
		}
	}
	if v, ok := map[string]string{"public": "public", "private": "members", "never": "none"}[fmt.Sprint(c["archive_policy"])]; ok {
		line("archive", v)
	}
	if v, ok := map[string]string{"no_munging": "sender", "point_to_list": "list"}[fmt.Sprint(c["reply_goes_to_list"])]; ok {
		line("reply_to", v)
	}
	if v, ok := map[string]string{"open": "open", "confirm": "confirm", "moderate": "approve", "confirm_then_moderate": "approve"}[fmt.Sprint(c["subscription_policy"])]; ok {
		line("join", v)
	}
}
