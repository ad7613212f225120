package cafe

import (
	"math/bits"
	"slices"
)

// house shares people out among rooms.
type house struct {
	people  people
	tongues []uint64 // the language of each room
	room    []int    // of each person; -1: none yet
	size    []int    // of each room
}

// shares is how many ways rooms knows.
const shares = 4

// rooms gives everybody a room. Who speaks the language of one room alone is in it; of the others each room first gets as many as it needs for a table, then what
// share asks for: 0 as many for each of its own as all rooms have; 1 half of them; 2 as many as make its own two at each table; 3 none, but for a full table. The rest
// are in the first room that they can be in.
func (ps people) rooms(tongues []uint64, share int, o Options) [][]int {
	h := &house{people: ps, tongues: tongues, room: make([]int, len(ps)), size: make([]int, len(tongues))}
	able := union(tongues)
	var lost []int
	free := 0
	for p := range ps {
		h.room[p] = -1
		switch bits.OnesCount64(ps[p].speaks & able) {
		case 0:
			lost = append(lost, p)
		case 1:
			h.enter(p, slices.IndexFunc(tongues, func(l uint64) bool { return l&ps[p].speaks != 0 }))
		default:
			free++
		}
	}
	own, all := slices.Clone(h.size), len(ps)-len(lost)-free
	for room := range tongues {
		h.invite(room, leastSeats)
	}
	for room := len(tongues) - 1; room > 0; room-- {
		h.invite(room, wanted(share, own[room], all, free, o))
	}
	for p := range ps {
		if h.room[p] < 0 && !slices.Contains(lost, p) {
			h.enter(p, slices.IndexFunc(tongues, func(l uint64) bool { return l&ps[p].speaks != 0 }))
		}
	}
	rooms := make([][]int, len(tongues))
	for p, room := range h.room {
		if room >= 0 {
			rooms[room] = append(rooms[room], p)
		}
	}
	switch {
	case len(lost) >= leastSeats || len(rooms) == 0:
		rooms = append(rooms, lost)
	case len(lost) > 0:
		nearest := h.nearest(lost)
		rooms[nearest] = append(rooms[nearest], lost...)
		slices.Sort(rooms[nearest])
	}
	return rooms
}

// wanted is how large a room should be of which so many, and so many in all rooms, speak no other room's language.
func wanted(share, own, all, free int, o Options) int {
	switch share {
	case 0:
		return own + free*own/max(all, 1)
	case 1:
		return own + free/2
	case 2:
		return (own + 1) / 2 * o.Size
	}
	return max(o.Size-1, leastSeats)
}

func (h *house) enter(p, room int) {
	h.room[p] = room
	h.size[room]++
}

// invite brings people without a room to this one until it has so many, or nobody is left; where those who are left do not speak its language, somebody of another room
// comes who does, and one of them takes that person's place.
func (h *house) invite(room, size int) {
	for h.size[room] < size && h.fetch(room, 1<<room) {
	}
}

// fetch brings one person to a room, but not out of those rooms that were tried (bits).
func (h *house) fetch(room int, tried uint) bool {
	for p := range h.people {
		if h.room[p] < 0 && h.people[p].speaks&h.tongues[room] != 0 {
			h.enter(p, room)
			return true
		}
	}
	for p := range h.people {
		other := h.room[p]
		if other < 0 || tried>>other&1 == 1 || h.people[p].speaks&h.tongues[room] == 0 {
			continue
		}
		tried |= 1 << other
		if h.fetch(other, tried) {
			h.size[other]--
			h.enter(p, room)
			return true
		}
	}
	return false
}

// nearest is the room in which most people have a language in common with one of these.
func (h *house) nearest(lost []int) int {
	common := make([]int, len(h.tongues))
	for p, room := range h.room {
		if room >= 0 && slices.ContainsFunc(lost, func(l int) bool { return h.people[l].speaks&h.people[p].speaks != 0 }) {
			common[room]++
		}
	}
	return slices.Index(common, slices.Max(common))
}
