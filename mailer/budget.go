package mailer

import "sync/atomic"

// budget counts the octets of messages that are being received, over all sessions, so that many large ones at once are put off and not fatal.
type budget struct {
	used  atomic.Int64
	limit int64
}

// take reserves n octets, or reports that there is no room for them.
func (b *budget) take(n int64) bool {
	if b.used.Add(n) <= b.limit {
		return true
	}
	b.used.Add(-n)
	return false
}

func (b *budget) give(n int64) { b.used.Add(-n) }
