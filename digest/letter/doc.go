// Package letter writes the mails of an e-discussion: what goes to everybody, the drafts of it, and what goes to one person.
//
// A mail is written from a text in Markdown, one for each mail and language, in texts/LANGUAGE/NAME.md: a text/template whose first line is the subject.
// Its result becomes both parts of the mail: plain text for any screen, folded at 72, with links behind their words; and HTML of a few plain elements that
// reads well at 360 pixels, in the dark, and over a line that carries little: no picture, nothing that is loaded, at most 30 kB. A site may put texts of its
// own in the place of ours; they are tried with every kind of facts when they are read.
//
// What people wrote is escaped, whatever stands in it: q in a text. Letters are pure functions of what they are given: the same facts, edits and language give
// the same octets, so that what a draft showed is what goes out. Nothing here reads a store, a clock or the network.
package letter
