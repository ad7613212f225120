package digest

import (
	"strings"
	"unicode"

	"convene/list/message"
)

// planOrder is one line of an answer to a plan.
type planOrder struct {
	verb, rest string
	line       string
}

// planOrders are what was read of an answer.
type planOrders struct {
	orders []planOrder
	unread []string // lines that say something else, from the first on
	polite bool     // there are words that ask for nothing
}

// planVerbs are the words that an order begins with, as foldText has them: one, two or three.
var planVerbs = verbsOf(map[string]string{
	"postpone":     "postpone|delay|reporter|reporte|reportez|repousser|aplazar|posponer",
	"move":         "move|deplacer|deplace|mover",
	"skip":         "skip|sauter|saute|omitir|omite|saltar",
	"unskip":       "unskip|reprendre|retablir|recuperar",
	"add question": "add question|add a question|ajouter question|ajouter une question|anadir pregunta|agregar pregunta|agregar una pregunta",
	"preview":      "preview|apercu|vista previa",
	"handover":     "handover|hand over|transmettre|pasar|ceder|entregar",
	"meaning":      "meaning|sens|sentido",
	"synthesis":    "synthesis|synthese|sintesis",
	"plan":         "plan",
	"start":        "start|lancer|demarrer|empezar|iniciar",
	"cancel":       "cancel|annuler|cancelar",
})

func verbsOf(words map[string]string) map[string]string {
	table := map[string]string{}
	for verb, all := range words {
		for word := range strings.SplitSeq(all, "|") {
			table[word] = verb
		}
	}
	return table
}

// nothingMore may stand behind "cancel" and "start", which are orders only by themselves: "Cancel the second question" and "Start a week later" are for a person.
var nothingMore = textSet("please it all everything the this whole plan discussion now thanks thank you svp merci tout le la por favor todo el gracias s'il vous plait")

// polite are the words with which a line begins that asks for nothing.
var polite = []string{"hi", "hello", "dear", "hey", "thanks", "thank you", "many thanks", "best", "regards", "kind regards", "cheers", "good morning", "yours",
	"ok", "okay", "yes", "fine", "good", "great", "perfect", "looks good", "sent from my", "bonjour", "merci", "oui", "parfait", "sí", "perfecto", "cordialement", "bien à vous", "salut", "cher", "chère", "hola", "gracias", "saludos", "estimado", "estimada", "un saludo", "atentamente"}

// ordersRead is how many orders of one mail are done.
const ordersRead = 25

// readPlanOrders reads what somebody wants of a plan: one order a line, above everything quoted. A line that goes on belongs to the one before it, since mail
// programs break lines; greetings and names are passed over. From the first line on that is nothing of the kind, nothing is read.
func readPlanOrders(m *message.Message, name string) planOrders {
	var read planOrders
	text, _ := m.OwnAbove()
	goesOn, taking := false, false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		o, ok := orderOf(line)
		switch {
		case line == "" && !taking:
			goesOn = false
		case len(read.unread) > 0:
			read.unread = append(read.unread, line)
		case taking: // what a discussion means is in paragraphs
			last := &read.orders[len(read.orders)-1]
			last.rest += "\n" + line
		case ok && len(read.orders) < ordersRead:
			read.orders = append(read.orders, severalOf(o)...)
			read.orders = read.orders[:min(len(read.orders), ordersRead)]
			goesOn, taking = o.verb == "add question", o.verb == "meaning"
		case goesOn:
			last := &read.orders[len(read.orders)-1]
			last.rest += " " + line
		case isPolite(line, name):
			read.polite = true
		default:
			read.unread = append(read.unread, line)
		}
	}
	return read
}

// orderOf reads a line as an order.
func orderOf(line string) (planOrder, bool) {
	rest := strings.TrimLeftFunc(line, isMark)
	if word, behind, _ := strings.Cut(rest, " "); foldText(word) == "please" {
		rest = behind
	}
	verb, said := "", ""
	for range 3 {
		rest = strings.TrimLeftFunc(rest, isMark)
		end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(":.,;!?\"”»", r) })
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			break
		}
		said = strings.TrimSpace(said + " " + strings.Trim(foldText(rest[:end]), "'"))
		rest = rest[end:]
		if verb = planVerbs[said]; verb != "" {
			break
		}
	}
	o := planOrder{verb: verb, rest: strings.TrimSpace(strings.TrimLeft(rest, " \t:.,;!\"”»")), line: line}
	if verb == "add question" || verb == "meaning" {
		return o, true
	}
	o.rest = strings.TrimRight(o.rest, " \t.,;!\"'”’»")
	if verb == "cancel" || verb == "start" {
		for word := range strings.FieldsSeq(foldText(o.rest)) {
			if !nothingMore[strings.TrimFunc(word, unicode.IsPunct)] {
				return planOrder{}, false
			}
		}
	}
	return o, verb != ""
}

// isMark reports whether a sign may stand in front of an order: a mark of a list, or of a quotation.
func isMark(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) }

// severalOf makes an order for each number of "skip 4, 5 and 7".
func severalOf(o planOrder) []planOrder {
	if o.verb != "skip" && o.verb != "unskip" {
		return []planOrder{o}
	}
	var all []planOrder
	for word := range strings.FieldsFuncSeq(o.rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;&+", r) }) {
		switch n := strings.TrimLeft(word, "#"); {
		case number(n) > 0:
			all = append(all, planOrder{verb: o.verb, rest: n, line: o.line})
		case !andWords[foldText(word)]:
			return []planOrder{o}
		}
	}
	if len(all) == 0 {
		return []planOrder{o}
	}
	return all
}

// andWords may stand between and behind numbers.
var andWords = textSet("and et y please svp")

// isPolite reports whether a line asks for nothing: it greets, thanks, or is the writer's name.
func isPolite(line, name string) bool {
	folded := strings.ToLower(strings.TrimFunc(line, func(r rune) bool { return !unicode.IsLetter(r) }))
	if folded == "" {
		return true
	}
	for part := range strings.FieldsSeq(strings.ToLower(name) + " " + strings.Join(strings.Fields(strings.ToLower(name)), "")) {
		if folded == part {
			return true
		}
	}
	if folded == strings.ToLower(name) {
		return true
	}
	for _, word := range polite {
		if rest, ok := strings.CutPrefix(folded, word); ok && (rest == "" || !unicode.IsLetter([]rune(rest)[0])) && len(strings.Fields(rest)) <= 3 {
			return true
		}
	}
	return false
}
