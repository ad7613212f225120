// Package facts finds out what was said in an e-discussion: its themes with the sentences that say them best, the questions that people asked and whether
// anybody answered, what they shared, who took part, and whom to thank for what.
//
// Facts are a pure function of posts, window and plan: made again they are the same, to the octet. They hold no word that nobody wrote but numbers, and no
// part of a sentence: what is quoted stands as it was written. Read makes a Post of a message as it is stored; Gather makes Facts of posts.
//
// A walk through:
//
//	p := facts.Read(&stored, msg, facts.Post{Link: …, Answers: …, Quote: …}) // own words only, whose language, which links and files
//	f := facts.Gather(facts.Input{Posts: posts, From: …, Until: …, Discussion: d})
//	f.Themes[0].Phrase, f.Themes[0].Quotes // theirs, unchanged, each of another person
//	f.Questions                            // open ones first, and who answered the others
//	f.Doubts                               // what the draft asks its reader to look at
//
// A theme is an exchange below a subject of members' own, titled by that subject where they kept to it, or a phrase that several people used in a
// discussion that has one topic for all. Its quotes are whole sentences that can be read alone: they begin with no "it" and no "but", talk to nobody, and
// have no code in them. Themes do not cross languages.
//
// Who asked not to be quoted is not, who asked not to be thanked is not named, and what machines, facilitators' plans and quotations say does not count.
package facts
