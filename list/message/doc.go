// Package message holds one RFC 5322 message as the bytes that arrived: it reads header fields, addresses, subjects, Message-IDs and text out of
// them leniently, edits the header without touching any other byte, and changes the body part by part: what does not change is not even copied.
//
// It never fails on a message, never serialises a field or a body that it was not asked to change, never looks at the clock, and does no I/O.
// Mail in the wild breaks every rule; what a sender must get right to be let in is said by Guard and Check, everything else copes.
//
// A walk through:
//
//	if err := message.Guard(raw, limits); err != nil { … }  // one linear pass, before anything is parsed: *GuardError has the sentence for the sender
//	m := message.Parse(raw)                                 // fields as byte ranges; cannot fail
//	if err := m.Check(); err != nil { … }                   // what makes a post unfit: no single From, a Subject twice, a line without a colon
//	from, err := m.From()                                   // the one author, for policy and for output alike
//	base, reply, was := message.TopicSubject(m.Subject(), "[dev]")
//	text, passedOn := m.Written()                           // all that they wrote themselves; Own is what decides something
//	parents := m.References()                               // last is the parent
//	e := message.NewEdit(m)
//	e.Remove(func(name, value string) bool { return strings.EqualFold(name, "Bcc") })
//	e.Prepend(message.EncodeText("Subject", message.PrefixSubject(m.Subject(), "[dev]")))
//	e.Change(m.ChangeBody(message.BodyChange{Footer: "Peers"})) // below the text, in its charset, in every shape of mail; see ChangeBody
//	out := e.Bytes()                                        // all other fields and the body are the bytes that arrived
//	header, body := e.Pieces().Split()                      // the same without a copy of the body; message.Relaxed and Simple are how signatures read both
//	out, err = message.SevenBit(out)                        // for a server that takes no 8-bit content: only the parts that have some are encoded
//
// Encoded-words (RFC 2047) are decoded after a field is parsed, never before, and whatever comes out of a decoder holds no control characters:
// what was read can be written again without becoming a header line.
package message
