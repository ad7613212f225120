// Package imap serves the archives of lists to mail programs (IMAP4rev1, RFC 3501, with the extensions that capabilities names): each list that somebody may read is a read-only
// mailbox, Lists/ADDRESS. Who may read what is for package list to say, each time anew.
//
// It never changes a post, never waits for a client within a transaction of the store, and gives out nothing but what was stored: Post.Head and the message behind it,
// the same octets under the same UID for ever.
//
// A walk through: Server accepts connections and counts them. A conn stands between the socket and go-imap, whose parser and state machine drive the session: it reads whole
// commands within bounds, answers itself what go-imap cannot (all before TLS, ID, what is too long), hands on one command at a time, and gathers the answers. session is what
// go-imap calls for each command. A mailbox is what all sessions share of one list: which UIDs there are, as spans, kept in step with the store. A view is one
// session's: the UIDs that its client knows of, in which sequence numbers count.
package imap
