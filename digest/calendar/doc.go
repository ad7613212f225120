// Package calendar keeps the events of the lists: it takes them from the config, from the plans of discussions and from the mail of members, has those of
// members approved, invites, hears who comes, reminds, seats a World Café, keeps waiting lists, and rounds up what is to come.
//
// It is a part of the schedule, and package digest is the shell around it: Duties says what is to be done and when, and Take is handed the mail of its addresses
// (+events@, +rsvp-TOKEN@). There is no clock here, and no goroutine but those that write the forms of a round-up, which end before they are sent. What has happened with an event is in one paper of its list's, a Register, which is written in the
// transaction that does it: so each thing is done once, however often the process is killed.
//
// An event by itself, its dates and its calendar objects are package event's; who sits where is package cafe's; the words of the mails are package letter's.
//
// Who is invited: every member of the list who gets mail. An invitation is each member's own, with their own line as attendee and nobody else's. Its organiser is the list's
// events address, so that a change of it comes from the same organiser as long as it lives, and answers of calendar programs come there; an answer by mail comes to an
// address with a token of the member's own. Only who was invited answers for themselves.
package calendar
