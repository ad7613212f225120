// Package digest runs what the schedule of a list asks for: e-discussions, from the announcement to the synthesis, and daily digests. It plans (package
// plan), finds out what was said (facts), writes it (letter), shows it to whoever speaks, and publishes it at its time.
//
// The Editor is the shell around those pure parts. It has no clock and no goroutine: Tick does what is due at now, NextDue says when there is something
// again, and Take is handed the mail that people answer with. What it has done is in papers of the list's (package store), a Course for each discussion,
// written in the transaction that does it: each duty has a key, and is done once, however often the process is killed and however long it was down.
//
// A walk through: Tick asks every source of duties (row*.go: drafts, reminders and the planned mails; responder*.go, thanks.go, quiet*.go, morning*.go,
// commitment.go: what goes to single people) what is still to be done and when; it does what is due in the order of time, list, kind and number. A duty
// reads, writes its letters (letter.Book), and in one transaction notes itself in the Course and owes the letters, or publishes the post
// (list.Engine.Publish).
//
// It never sends to who did not ask for it, and nothing of a machine's making leaves in a person's name unless they have seen it, or the plan says so.
package digest
