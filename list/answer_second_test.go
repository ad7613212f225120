package list

import "testing"

// TestAnswerThatTakesItselfBack has sentences of which nobody can say what they decide.
func TestAnswerThatTakesItselfBack(t *testing.T) {
	for _, text := range []string{
		"ok, reject this", "Approve… no wait, discard", "approve... no wait, discard", "Yes it is spam", "Sure looks like spam", "OK - discard", "Oui, mais rejeter", "sí, rechazar por favor",
		"approve or reject?", "Approve? No.", "ok? no", "Yes. No - wait.", "approve this and\nban him", "Approve 1\nreject 2 off topic\ndiscard 3", "Ban him? No, approve", "discard, or ban",
		"discard (ban)", "approve and trust", "trust? reject", "Yes, do not approve this", "approve, no discard", "drop (or approve)", "👍 ok reject",
		"approve, special", "approve... no, special", "special or discard",
	} {
		a := ReadAnswer(plainMail(text + "\n"))
		if a.Verb != VerbUnread || a.Whole != text {
			t.Errorf("%q: %+q", text, a)
		}
	}
}

// TestAnswerThatGoesOn has sentences that decide what their first word says.
func TestAnswerThatGoesOn(t *testing.T) {
	for text, verb := range map[string]string{
		"reject ban evasion, and please approve of our rules first": "reject",
		"Reject. No.": "reject", "reject: spam": "reject", "reject, or discard": "reject",
		"approve, not spam": "approve", "Approve, this is no spam.": "approve", "Oui, ce n'est pas du spam": "oui", "sí, no es spam": "sí", "Yes, do not reject it": "yes",
		"Approve, no problem": "approve", "OK, approved": "ok", "ban: spam": "ban", "discard spam": "discard", "trust and approve": "trust", "discard, not approved": "discard",
		"Approve. He asked me to discard\nanything.": VerbUnread, "approve this\n\nI shall ban the next one": "approve", "approve.\nThe next I reject": "approve",
		"Approve, thanks.\nreject was for the other": "approve", "later, reject": "later", "no, discard": "no", "approve a special request": "approve", "special, approved": "special", "si": "si", "si reject": "si",
	} {
		if a := ReadAnswer(plainMail(text + "\n")); a.Verb != verb {
			t.Errorf("%q: %+q, want %q", text, a, verb)
		}
	}
}
