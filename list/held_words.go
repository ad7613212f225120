package list

import (
	"regexp"
	"strings"
)

// heldVerb is what a moderator's first word asks for.
type heldVerb string

// The verbs. Those that decide have a Ruled; the others are answered.
const (
	verbApprove heldVerb = "approve"
	verbReject  heldVerb = "reject"
	verbDiscard heldVerb = "discard"
	verbTrust   heldVerb = "trust"
	verbBan     heldVerb = "ban"
	verbSpecial heldVerb = "special"
	verbEdit    heldVerb = "edit"
	verbUnknown heldVerb = "" // no verb of these
)

// heldRuled is what each verb makes of a post.
var heldRuled = map[heldVerb]Ruled{verbApprove: RuledApproved, verbReject: RuledRejected, verbDiscard: RuledDiscarded, verbTrust: RuledTrusted,
	verbBan: RuledBanned, verbSpecial: RuledSpecial, verbEdit: RuledEdited}

// heldWords are the words for each verb, in the languages of the texts and those nearest to them; approve has those for yes beside them. No word
// stands for two verbs. Those for no are in none: whether the author is to be told is for the moderator to say.
var heldWords = map[string]heldVerb{
	"approve": verbApprove, "approved": verbApprove, "accept": verbApprove, "accepted": verbApprove, "approuver": verbApprove, "approuve": verbApprove,
	"approuvé": verbApprove, "accepter": verbApprove, "aprobar": verbApprove, "aprobado": verbApprove, "aceptar": verbApprove, "aprovar": verbApprove,
	"aprovado": verbApprove, "accepte": verbApprove, "accepté": verbApprove, "j'approuve": verbApprove, "j'accepte": verbApprove, "apruebo": verbApprove,
	"aprueba": verbApprove, "acepto": verbApprove, "acepta": verbApprove, "aceptado": verbApprove,

	"reject": verbReject, "rejected": verbReject, "refuse": verbReject, "rejeter": verbReject, "rejette": verbReject, "refuser": verbReject,
	"rechazar": verbReject, "rechazado": verbReject, "rejeitar": verbReject, "rejeté": verbReject, "refusé": verbReject, "rechazo": verbReject, "rechaza": verbReject,

	"discard": verbDiscard, "drop": verbDiscard, "delete": verbDiscard, "spam": verbDiscard, "supprimer": verbDiscard, "jeter": verbDiscard,
	"ignorer": verbDiscard, "descartar": verbDiscard, "borrar": verbDiscard, "eliminar": verbDiscard, "supprime": verbDiscard, "descarta": verbDiscard,
	"borra": verbDiscard, "elimina": verbDiscard,

	"trust": verbTrust, "confiance": verbTrust, "confiar": verbTrust, "confianza": verbTrust,

	"ban": verbBan, "bannir": verbBan, "bloquer": verbBan, "bloquear": verbBan, "vetar": verbBan, "banir": verbBan,

	"special": verbSpecial, "spécial": verbSpecial, "especial": verbSpecial,
	"edit": verbEdit, "modifier": verbEdit, "editar": verbEdit,
}

// Deciding is what the first word of an answer asks a moderator's mail for, in any of many languages: "approve", which is also yes and a reply with nothing of its own,
// "reject", "edit" and the others of a held post. Empty: none of them.
func Deciding(a Answer) string {
	if a.Verb == "" {
		return string(verbApprove)
	}
	return string(verbOfWord(a))
}

// verbOfWord reads a first word. "Si" alone is a Spanish yes, and before other words a French if.
func verbOfWord(a Answer) heldVerb {
	if v, ok := heldWords[a.Verb]; ok {
		return v
	}
	if Yes(a.Verb) && (a.Verb != "si" || a.Rest == "") {
		return verbApprove
	}
	return verbUnknown
}

// heldOrder is what a moderator says of the posts that a notice was about.
type heldOrder struct {
	verb  heldVerb
	posts []uint64 // none: which are meant is not said
	every bool     // all of a notice that lists several: whatever of it still waits
	text  string
	// rest is what stands on the line of verbEdit: its text is to stand below.
	rest string
}

// tokenPlace is where a token of ours may stand: behind the separator of an address or a link, which may be written as in another link.
var tokenPlace = regexp.MustCompile(`(?i)([-/]|%2[df])[a-z2-7]{26}`)

// withoutTokens overwrites what may be a token in words that a moderator's answer has for somebody else: a notice that they quote in a way which
// nobody recognises has theirs in it.
func withoutTokens(s string) string {
	return tokenPlace.ReplaceAllString(s, "${1}"+strings.Repeat("x", tokenLength))
}
