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
}

// planVerbs are the words that an order begins with; those of two words before their first.
var planVerbs = []string{"postpone", "move", "skip", "unskip", "add question", "preview", "handover", "plan", "start", "cancel"}

// polite are the words with which a line begins that asks for nothing.
var polite = []string{"hi", "hello", "dear", "hey", "thanks", "thank you", "many thanks", "best", "regards", "kind regards", "cheers", "good morning", "yours",
	"bonjour", "merci", "cordialement", "bien à vous", "salut", "cher", "chère", "hola", "gracias", "saludos", "estimado", "estimada", "un saludo", "atentamente"}

// ordersRead is how many orders of one mail are done.
const ordersRead = 25

// readPlanOrders reads what somebody wants of a plan: one order a line, above everything quoted. A line that goes on belongs to the one before it, since mail
// programs break lines; greetings and names are passed over. From the first line on that is nothing of the kind, nothing is read.
func readPlanOrders(m *message.Message, name string) planOrders {
	var read planOrders
	text, _ := m.OwnAbove()
	goesOn := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		o, ok := orderOf(line)
		switch {
		case line == "":
			goesOn = false
		case len(read.unread) > 0:
			read.unread = append(read.unread, line)
		case ok && len(read.orders) < ordersRead:
			read.orders, goesOn = append(read.orders, o), o.verb == "add question"
		case goesOn:
			last := &read.orders[len(read.orders)-1]
			last.rest += " " + line
		case !isPolite(line, name):
			read.unread = append(read.unread, line)
		}
	}
	return read
}

// orderOf reads a line as an order.
func orderOf(line string) (planOrder, bool) {
	bare := strings.TrimLeftFunc(line, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) })
	for _, verb := range planVerbs {
		if len(bare) < len(verb) || !strings.EqualFold(bare[:len(verb)], verb) {
			continue
		}
		rest := bare[len(verb):]
		if rest != "" && !strings.ContainsRune(" \t:.,;!", rune(rest[0])) {
			continue
		}
		return planOrder{verb: verb, rest: strings.TrimSpace(strings.TrimLeft(rest, " \t:.,;!")), line: line}, true
	}
	return planOrder{}, false
}

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
