package list

// noticeValues has every notice that is written from a text: its name, and what its template finds in .Values. A value that the note does not
// have is empty. What a template names beside these is an error when the texts are read.
var noticeValues = map[string][]string{
	"rejected": {"subject", "reason", "why"},                                                   // to the author: a moderator, or a rule, did not let the post through
	"held":     {"subject", "about", "from", "authentic", "reasons", "text", "cut", "expires"}, // to a moderator: a post waits
	"reminder": {"count", "more", "posts", "gone", "summary", "bundle"},                        // to a moderator: these wait
	"choices":  {"said", "several", "posts"},                                                   // to a moderator: the answer was not understood
	"decided":  {"what", "by", "at", "subject", "from"},                                        // to the other moderators
	"late":     {"what", "by", "at", "subject", "from"},                                        // to a moderator who answered what was decided
	"done":     {"what", "by", "at", "subject", "from", "why"},                                 // to a moderator: not all went as they may think
	"post":     {"number", "subject", "from"},                                                  // to a member: a post that they asked for, with its files
	"edited":   {"subject", "text", "cut"},                                                     // to the author: a moderator let the post through with another text
	"waiting":  {"subject", "command", "digest"},                                               // to the author: a moderator looks first
	"expired":  {"subject"},                                                                    // to the author: nobody decided
	"fate":     {"subject", "what", "by", "at", "number", "reasons"},                           // to who forwarded a mail to the moderators: what became of it
	"goodbye":  {"done", "back"},                                                               // to who has left
	"already":  {"said"},                                                                       // to who confirmed what was confirmed or refused before

	"confirm":          {"what"},                                                        // to who is named as the sender of commands: was it you?
	"unclear":          {"what", "member", "expires"},                                   // to who answered a question neither yes nor no
	"confirm-also":     {"member"},                                                      // to a further address of a member: is it yours?
	"confirm-remove":   {"what", "subject", "from", "number", "date", "by", "reason"},   // to an owner: shall this be removed?
	"taken-out":        {"what", "subject", "from", "number", "date", "by", "reason"},   // to the owners: something was removed
	"taken-out-author": {"what", "subject", "from", "number", "date", "by", "reason"},   // to its author
	"invitation":       {"by", "domain", "community", "practice", "values", "announce"}, // to who is invited
	"help":             {"domain", "community", "practice", "values", "announce"},       // to who asks
	"welcome": {"domain", "community", "practice", "values", "announce", "done", "member", "name", "mode", "state", "until", "language", "timezone",
		"own", "others", "follow", "duplicates", "attachments", "max", "muted", "mutedmore", "followed", "followedmore",
		"digest", "format", "thanks", "quote"}, // to a new member
	"settings": {"done", "help", "member", "name", "mode", "state", "until", "language", "timezone", "own", "others", "follow", "duplicates", "attachments",
		"max", "muted", "mutedmore", "followed", "followedmore", "digest", "format", "thanks", "quote"}, // to who changed or asked something
	"probe":         {"why"},             // to an address that mail failed for: does it work?
	"resumed":       {},                  // to a member whose break is over
	"join-request":  {"from", "expires"}, // to a moderator: somebody wants to join
	"join-expired":  {},                  // to who wanted to join: nobody decided
	"join-rejected": {"reason"},          // to who wanted to join

	"mailbox": {"host", "port", "security", "user", "password", "again"}, // to who asks: how a mail program reads the archives

	"signin": {},          // to who wants to read on the web: the link that signs in
	"feed":   {"expires"}, // to a member: the address of the events for their calendar program

	"failures": {"copies", "rest", "more", "changed", "changedmore"}, // to the owners, once a day; with .Changes and .Posts
	"stopped":  {"hop", "status"},                                    // to the owners and the admin: a post is refused at a server; with .Posts
	"frozen":   {"hop", "status"},                                    // to the admin: a server refuses our password
	// To the admin: notices that cannot be written, and texts of the site's own that failed. What a site writes over this one is not said.
	"unwritten": {"waiting", "texts", "faults", "more"},
}
