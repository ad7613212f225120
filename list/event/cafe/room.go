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

// rooms gives everybody a room. Who speaks the language of one room alone is in it; of the others each room first gets as many as it needs for a table, then what
// share asks for: 0 nothing but full tables; 1 as many for each of its own as the first room has; 2 four for each two of its own. The rest are in the first room that
// they can be in.
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
	own := slices.Clone(h.size)
	for room := range tongues {
		h.invite(room, leastSeats)
	}
	for room := len(tongues) - 1; room > 0; room-- {
		h.invite(room, wanted(share, own[room], own, free, o))
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

// wanted is how large a room should be of which so many speak no other room's language.
func wanted(share, own int, all []int, free int, o Options) int {
	sum := 0
	for _, n := range all {
		sum += n
	}
	switch share {
	case 0:
		full := max(o.Size-1, leastSeats)
		return max(own, full)
	case 1:
		return own + free*own/max(sum, 1)
	}
	return max(own, (own+1)/2*o.Size)
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
