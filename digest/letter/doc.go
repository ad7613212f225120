// Package letter writes the mails of an e-discussion: what goes to everybody, the drafts of it, and what goes to one person.
//
// A mail is written from a text in Markdown, one for each mail and language, in texts/LANGUAGE/NAME.md: a text/template whose first line is the subject.
// Its result becomes both parts of the mail: plain text for any screen, folded at 72, with links behind their words; and HTML of a few plain elements that
// reads well at 360 pixels, in the dark, and over a line that carries little: no picture, nothing that is loaded, at most 30 kB. A site may put texts of its
// own in the place of ours; they are tried with every kind of facts when they are read.
//
// What people wrote is escaped, whatever stands in it, without a text asking for it. Letters are pure functions of what they are given: the same facts,
// edits and language give the same octets, so that what a draft showed is what goes out. Nothing here reads a store, a clock or the network.
//
// # A text of one's own
//
// A new mail is a file texts/{en,fr,es}/NAME.md, a struct with what it says, and a line in samples (sample.go), by which every test of texts takes it up:
//
//	Subject: Would you be among the first to answer on {{day .At}}?
//	Dear {{.Name}},
//
//	{{.Why}} {{link "Yes" (mailto replyto "" "yes")}} or no: either is a help.
//
//	{{template "reply-voice" .}}
//	{{template "footer" .}}
//
// What it names must be there when nothing is filled: structs rather than pointers. A field that is Markdown of a facilitator's is tagged
// `letter:"markdown"`, and said by md. The functions are listed at markdownFuncs; the blocks "reply-all", "reply-voice", "footer", "quote", "step" and more
// are in parts.md and say which fields they want. An address replyto is put in when the mail is sent, by Mail.Reply.
// Book.Write(name, languages, data) then makes the mail, in the first language that has the text.
//
// # The mails
//
// Planned writes what goes to everybody at a row's time, and PlainForm what goes out where nobody looked at it; Draft shows it to its sender first; Thanks is for
// one person; Synthesis is the paper at the end. What a facilitator changed is in Edits, by numbers that never shift. Load reads the texts of a site.
package letter
