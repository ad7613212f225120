// Package words reads the text of people: in which language it is, where its sentences begin and end, which of them ask something, and which phrases
// matter in it.
//
// It is what the summaries of an e-discussion are made with, and by whose stems the archive is searched. It errs on the side of silence: what is no whole
// sentence is no sentence, and a phrase that says nothing is none. English, French, Spanish and Portuguese are known best; a language without stemmer or list
// of stop words still gives something to go by. Everything is deterministic: the same text gives the same answer on every machine.
//
// A walk through:
//
//	tag, sure := words.Language(text)                 // "fr"; not sure of "Oui."
//	lex := words.Of(tag)                              // its stop words, stemmer, abbreviations, greetings, words that point back
//	for _, s := range words.Sentences(text, lex) {    // lines joined, points of lists apart, no code, no tables
//		if s.Whole && lex.StandsAlone(s.Text) > 0.5 { … } // can be read by itself
//		if lex.Asks(s.Text) { … }                         // asks something; not "How are you?"
//		stems := all.Add(doc, person, s.Text)             // all := words.NewCollection(lex, omit)
//	}
//	all.Phrases()                                     // what several of them have in common, as most wrote it
//
// Nothing here knows what a post or a mail is: it gets text that is somebody's own, without quotations and signatures.
package words
