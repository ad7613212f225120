package digest

import "strings"

// verb is what an order asks for.
type verb string

// The verbs.
const (
	verbSend        verb = "send" // as it is shown, at its time
	verbNow         verb = "now"
	verbSay         verb = "say"    // the facilitator's own opening
	verbDrop        verb = "drop"   // a theme, a quotation, a line of thanks
	verbRename      verb = "rename" // a theme
	verbAsk         verb = "ask"    // a further question
	verbAdd         verb = "add"    // a question of a member's
	verbKeep        verb = "keep"   // a quotation, as another experience; a theme that was dropped
	verbThank       verb = "thank"  // t2: a line of thanks in other words
	verbSpotlight   verb = "spotlight"
	verbNoSpotlight verb = "no spotlight"
	verbSubject     verb = "subject"
	verbEdit        verb = "edit"
	verbLater       verb = "later"
	verbHold        verb = "hold"
	verbSkip        verb = "skip"
	verbHandover    verb = "handover"
)

// takesText reports whether lines behind a verb's own may belong to it.
func (v verb) takesText() bool {
	switch v {
	case verbSay, verbAsk, verbRename, verbThank, verbSubject, verbEdit:
		return true
	}
	return false
}

// textVerbs are the words for verbs whose text is the rest of the line, as foldText has them.
var textVerbs = verbTable(map[verb]string{
	verbSay:       "say dis dire dites di decir diga",
	verbAsk:       "ask demande demander demandez pregunta preguntar pregunte",
	verbRename:    "rename renomme renommer renommez renombra renombrar renombre",
	verbSpotlight: "spotlight spotlights saluer salue destacar destaca",
	verbSubject:   "subject objet sujet asunto",
	verbEdit:      "edit edite editer editez modifier modifie editar edita",
	verbHandover:  "handover transmettre transmets confier pasar ceder entregar",
})

// plainVerbs are the words for verbs that stand by themselves, or with numbers and days.
var plainVerbs = verbTable(map[verb]string{
	verbSend:      "send sent good great fine perfect parfait perfecto approve approved go envoie envoyer envoyez envoi approuve approuver enviar envia envie envialo mandar manda aprobar aprobado",
	verbNow:       "now immediately maintenant immediatement ahora",
	verbDrop:      "drop remove delete supprime supprimer enlever enleve retirer retire ote oter quitar quita eliminar elimina borrar borra",
	verbAdd:       "add ajoute ajouter ajoutez anadir anade agregar agrega",
	verbKeep:      "keep other garder garde conserver autre mantener otra guardar",
	verbLater:     "later postpone delay reporter reporte repousser aplazar posponer despues",
	verbHold:      "hold wait stop pause attends attendre attendez suspendre suspends arrete arreter arretez esperar espera espere parar detener",
	verbSkip:      "skip sauter saute annuler annule omitir omite saltar salta cancelar cancela cancel",
	verbSpotlight: "spotlight spotlights",
})

// labelKinds are the words for what numbers may be of.
var labelKinds = map[string]byte{
	"theme": 0, "themes": 0, "tema": 0, "temas": 0, "thread": 0, "threads": 0,
	"quote": 'q', "quotes": 'q', "quotation": 'q', "citation": 'q', "citations": 'q', "cita": 'q', "citas": 'q',
	"question": 'n', "questions": 'n', "pregunta": 'n', "preguntas": 'n',
}

// units are the words for a shift's, dayWords those for a whole one.
var (
	units = map[string]string{"d": "d", "day": "d", "days": "d", "jour": "d", "jours": "d", "dia": "d", "dias": "d", "h": "h", "hour": "h", "hours": "h", "heure": "h", "heures": "h",
		"hora": "h", "horas": "h", "week": "w", "weeks": "w", "semaine": "w", "semaines": "w", "semana": "w", "semanas": "w"}
	dayWords = map[string]int{"tomorrow": 1, "demain": 1, "manana": 1}
)

// denials deny the verb beside them.
var denials = textSet("not don't dont never no ne pas jamais sans non sin nunca without n'envoie n'envoyez")

// fillers weigh nothing beside a verb. courtesies are what a mail may say besides without asking for anything.
var (
	fillers = textSet(`it this that is as the a an at its time please pls kindly thank thanks you ok okay all looks nice do does just to by on for draft mail email number nr n° on off
		le la les l' un une ce cet cette ca c'est est comme tel telle quel svp stp s'il te vous plait merci bien tout a de du des jusqu'a suite heure brouillon courriel el lo los las una este esta asi tal cual como por favor
		gracias bien todo de del borrador correo en vez theme yet encore todavia aun until hasta aux me moi mi from`)
	courtesies = textSet(`hi hello hey dear good morning afternoon evening best regards cheers kind warm greetings bonjour bonsoir salut cher chere cordialement bonne journee amities hola buenos buenas dias tardes estimado
		estimada saludos abrazo cordiales un all colleagues convene`)
)

// knownLanguages are those that "edit" may name in front of a text on its line.
var knownLanguages = textSet("en fr es pt ar sw de it nl ru hi bn id vi am ha yo zu")

func verbTable(words map[verb]string) map[string]verb {
	table := map[string]verb{}
	for v, all := range words {
		for word := range strings.FieldsSeq(all) {
			table[word] = v
		}
	}
	return table
}

func textSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
