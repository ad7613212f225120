// Package store keeps all state of a site in one directory: a bbolt index, and raw messages in append-only segments beside it.
//
// It implements list.Store and the outbox. It never decides anything about mail, never opens a socket and never reads the clock:
// times come in with the calls.
//
//	index.db     bbolt; every record ends in a CRC-32C over its key and itself (keys.go names the buckets, record.go the fields)
//	segments/    00000001.seg …; raw messages one by one, compressed, each with a CRC-32C; offsets never change
//	journal.0/1  what was settled since it was last folded into the index
//	STORE        says that this directory is a store, so that a lost index is an error and never a fresh start
//	clean        left by a clean stop; without it the next start checks everything that may have been torn
//	pid          who has the store open; its lock is what keeps a second process out
//
// A walk through, for a message that is kept: Keep compresses it (segment.go) and hands it to the group committer (commit.go), one
// goroutine that drains whatever waits into one group: the segment is written and synced, then all functions of the group run in one
// bbolt transaction. A function that fails is left out and the others run again. Only then does Keep return. Enqueue adds one record
// to the outbox. The first Claim turns it into cursors over the member index, a domain each (plan.go), and gathers copies from them
// (claim.go). Settle appends what became of the copies to the journal and returns (settle.go, journal.go); a moment later the results
// are folded into the index together (fold.go).
//
// The first write or sync that fails ends the store's life: everything answers list.ErrBroken until it is opened again.
package store
