// Package facts finds out what was said in an e-discussion: its themes with the sentences that say them best, the questions that people asked and whether
// anybody answered, what they shared, who took part, and whom to thank for what.
//
// Facts are a pure function of posts, window and plan: made again they are the same, to the octet. They hold no word that nobody wrote but numbers, and no
// part of a sentence: what is quoted stands as it was written. Read makes a Post of a message as it is stored; Gather makes Facts of posts.
//
// Who asked not to be quoted is not, who asked not to be thanked is not named, and what machines, facilitators' plans and quotations say does not count.
package facts
