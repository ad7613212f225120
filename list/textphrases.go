package list

import (
	"fmt"
	"slices"
	"strings"
)

// phraseValues has every sentence that an answer to commands is put together from: its name, and what its template finds in .Values. Its block is
// named after it, with partPhrase behind the name, and makes one line, or several.
var phraseValues = map[string][]string{
	"unknown":    {},
	"later":      {},
	"more":       {},
	"owners":     {},
	"not-member": {"address"},
	"imap-off":   {},
	"imap-none":  {},

	"join-admitted":  {},
	"join-closed":    {"owner"},
	"join-uninvited": {"owner"},
	"join-already":   {},
	"join-banned":    {"owner"},
	"asked-before":   {"at"},
	"asked-most":     {},
	"join-asked":     {},
	"join-requested": {},
	"left":           {},
	"back":           {},

	"mode-each":    {},
	"mode-digest":  {"at", "timezone"},
	"mode-summary": {},
	"no-digest":    {},
	"mode-nomail":  {},

	"mode-special": {},
	"edited-mark":  {},

	"language":    {},
	"no-language": {"asked", "known"},
	"timezone":    {},
	"no-timezone": {"asked"},
	"name":        {},
	"own-yes":     {},
	"own-no":      {},

	"duplicates-on":   {},
	"duplicates-off":  {},
	"attachments-on":  {"max"},
	"attachments-off": {},
	"max":             {"max", "attachments"},
	"max-none":        {},
	"follow-on":       {},
	"follow-off":      {},
	"muted":           {"subject", "topic"},
	"unmuted":         {"subject", "topic", "follow"},
	"followed":        {"subject", "topic", "follow"},
	"unfollowed":      {"subject", "topic"},
	"no-topic":        {"topic"},

	"no-time":        {"asked"},
	"no-choice":      {"asked", "known"},
	"format-text":    {},
	"format-html":    {},
	"format-mime":    {},
	"thanks-public":  {},
	"thanks-private": {},
	"quote-yes":      {},
	"quote-ask":      {},
	"quote-no":       {},
	"catchup":        {},
	"record":         {},
	"events":         {},
	"no-past":        {"asked"},

	"paused":         {},
	"paused-until":   {"until"},
	"no-day":         {"asked"},
	"no-pause":       {},
	"resumed":        {},
	"resumed-nomail": {},

	"no-address": {"asked"},
	"also":       {"address"},
	"also-asked": {"address"},
	"also-yours": {"address"},
	"also-taken": {"address"},
	"also-many":  {},
	"also-later": {"address"},
	"not":        {"address"},
	"not-none":   {"asked"},

	"who":        {"count", "people", "more"},
	"who-owners": {},

	"topics":   {"topics"},
	"files":    {"files"},
	"get":      {"number"},
	"get-none": {"number"},
	"get-many": {"number"},

	"search":        {"total", "more", "hits"},
	"search-closed": {},
	"search-off":    {},
	"search-many":   {},

	"added":         {"address"},
	"add-already":   {"address"},
	"removed":       {"address"},
	"no-member":     {"address"},
	"invited":       {"address"},
	"invited-often": {"address"},

	"no-post":        {"asked"},
	"no-files":       {},
	"sealed-files":   {},
	"remove-asked":   {},
	"removed-before": {"what", "by", "at"},
	"removed-post":   {"what", "number"},

	"declined":  {},
	"revived":   {},
	"join-wish": {"from"},

	"owners-of": {"title"},
	"via":       {"name", "list"},

	"taken": {"name", "size", "link"},
	"sizes": {},

	"withdrawn": {"size"},

	// Below every post, the same for every member.
	"footer": {"title", "address", "link", "reply", "replyall", "replyauthor", "mute", "settings", "unsubscribe"},

	"failed-1": {}, "failed-1.1": {}, "failed-1.2": {}, "failed-1.6": {}, "failed-1.7": {}, "failed-1.8": {}, "failed-1.10": {},
	"failed-2": {}, "failed-2.1": {}, "failed-2.2": {}, "failed-2.3": {}, "failed-3": {}, "failed-3.4": {}, "failed-4.7": {},
	"failed-6": {}, "failed-7": {}, "failed-several": {}, "failed-other": {},

	"ask-join": {"title"}, "ask-join-text": {}, "ask-join-button": {},
	"ask-back": {"title"}, "ask-back-text": {}, "ask-back-button": {},
	"ask-leave": {"title"}, "ask-leave-text": {}, "ask-leave-button": {},
	"ask-probe": {}, "ask-probe-text": {}, "ask-probe-button": {},
	"ask-also": {}, "ask-also-text": {"member", "address"}, "ask-also-button": {},
	"ask-change": {}, "ask-change-text": {"what"}, "ask-change-button": {},
	"ask-remove": {"what"}, "ask-remove-text": {"what", "number"}, "ask-remove-button": {},
	"also-left": {},
}

// partPhrase is what the name of a phrase's block ends in.
const partPhrase = ".phrase"

// phrase says one sentence in the first of these languages that has it, and in English if none has.
func (t *Texts) phrase(name string, languages []string, values map[string]string) (string, error) {
	known, ok := phraseValues[name]
	if !ok {
		return "", fmt.Errorf("list: there is no phrase %q", name)
	}
	data := &textData{Values: map[string]string{}}
	for _, v := range known {
		data.Values[v] = ""
	}
	for k, v := range values {
		data.Values[k] = plainText(v)
	}
	for _, tag := range append(slices.Clone(languages), baseLanguage) {
		for tag = strings.ToLower(tag); tag != ""; tag = tag[:max(0, strings.LastIndexByte(tag, '-'))] {
			if set := t.byLanguage[tag]; set != nil && set.Lookup(name+partPhrase) != nil {
				text, err := set.run(tag, name+partPhrase, data, maxWork)
				if err != nil && t.built != nil {
					said, failed := t.built.phrase(name, languages, values)
					t.fault(err, failed)
					return said, failed
				}
				return strings.TrimSpace(text), err
			}
		}
	}
	return "", fmt.Errorf("list: there is no text for the phrase %q", name)
}
