package list

import "slices"

// consent is what a reply says to a question that is asked for a confirmation.
type consent int

// The consents.
const (
	unclear consent = iota // words that are neither: nothing is decided
	agreed
	refused
)

// agreeWords are what people answer to "was this you?" beside the words for yes, and refuseWords beside those for no. A word with which a sentence of
// the other meaning may begin ("do not", "please remove me") is in neither.
var agreeWords = wordSet(`confirm confirmed confirmer confirme confirmé confirmar confirmo confirmado`)
var refuseWords = wordSet(`stop cancel refuse decline not annuler arrêter arrêtez refuser pas cancelar parar rechazar`)

// readConsent reads the reply to a question. One without a word of its own agrees, and so does a yes in whatever language, or the name of what was
// asked about; names are those. A text that nobody can read, or that is neither yes nor no, decides nothing: it may be of a program that answers for
// its owner and does not say that it is one. A probe asks nothing but whether somebody reads the mail.
func readConsent(a Answer, purpose Purpose, names []string) consent {
	switch v := a.Verb; {
	case No(v) || refuseWords[v]:
		return refused
	case v == "" || purpose == ForProbe || agreeWords[v] || slices.Contains(names, v) || v == "join" && slices.Contains(names, "subscribe"):
		return agreed
	case Yes(v) && (v != "si" || a.Rest == ""): // before other words it is a French "if"
		return agreed
	}
	return unclear
}
