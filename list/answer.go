package list

// Answer is what a person says in reply to a mail of ours: the one grammar for moderators, confirmations and whatever else is asked by mail. The
// first word of the first line that is their own decides; quoted text never does, and neither does an automatic mail.
type Answer struct {
	Verb string // the first word, in lower case, without punctuation; empty: they wrote nothing of their own
	Rest string // what follows it on that line
	Text string // the lines after it, up to the signature or the quotation; LF line ends
	// Whole is all of their own text, for an answer that fits no verb.
	Whole string
}

// Own is Rest and Text together: the reason that follows "reject", the words that follow "say".
func (a Answer) Own() string {
	switch {
	case a.Rest == "":
		return a.Text
	case a.Text == "":
		return a.Rest
	}
	return a.Rest + "\n" + a.Text
}
