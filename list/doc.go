// Package list is what a mailing list is: the words of the field, the decisions about a post, the changes that its copies get, and the
// engine that holds these together. It reads no clock, opens no socket and knows no database: time comes in as now, storage through
// the Store interface, and what happened goes out as values.
//
// The life of a post, and where to read on:
//
//	a recipient address is understood           Site.Route            address.go
//	a message comes in                          Engine.Receive        receive.go
//	every fact about it is gathered             Arrival               pending.go, arrival.go, facts.go
//	the rules decide, each by name              Decide, Rules         decide.go, rules.go
//	it waits for a moderator, if one must see it Engine.Approve …     moderate.go
//	it joins a topic                            forest.place          thread.go, forest.go
//	it gets its number and its settings         pending.accept        accept.go
//	it enters the outbox: one record            Tx.Enqueue            outbox.go
//	its copies are made from stored settings    Transform, Steps      transform.go, steps.go
//	a member's copy says whose it is            Engine.Personal       personal.go, mark.go
//	a copy comes back, or a member leaves       Engine.Receive        bounce.go, leave.go
//	what became of it is told                   Engine.Explain        explain.go
//
// What the engine itself writes:
//
//	a notice is owed, with what it is about     Tx.PutNote            note.go
//	it is written in somebody's language        Texts                 texts.go, texts/*.tmpl
//	it becomes mail, once                       Engine.SendNotes      notes.go, notemail.go
//	it asks for an answer that only they have   Engine.secret         secret.go
//	the answer comes, by mail or on a page      Engine.Confirm        confirm.go, confirm_mail.go
//
// And of a mail with commands:
//
//	its lines are read                          readCommands          command_read.go, by the table in command.go
//	who asks is known, or is asked first        Engine.takeCommands   command_receive.go, command_confirm.go
//	who may join is decided                     admit                 join.go
//	it is done in one transaction               turn                  command_turn.go, preference.go
//	one answer is owed                          Note                  texts/
//
// Deciding reads and acting writes; no function here does both. Words: a post is a message accepted for a list; a held post waits for a
// moderator; a topic is a thread of posts; a notice is mail that the engine itself writes; the return path is the envelope sender;
// a mark is what a token of ours in an address or a link says: whose copy came back, or who leaves.
package list
