package cafe

import "math"

// tablesFor says how many tables so many people sit at: with five at a table as few as make none larger, with four or fewer as many as make none smaller, unless one
// would be larger by two; none of under three, if there are three.
//
// Six are two tables of three, at which all six meet in three rounds; in a single round they are one of six. Seven are four and three, eleven four, four and three.
func (o Options) tablesFor(n int) int {
	come := int(math.Round(float64(n) * o.Show))
	tables := 1
	switch {
	case o.Rounds == 1 && come <= 6, come <= 5:
	case o.Size >= 5:
		tables = (come + o.Size - 1) / o.Size
	default:
		if tables = come / o.Size; come > tables*(o.Size+1) {
			tables++
		}
	}
	return max(tables, (n+mostSeats-1)/mostSeats)
}

// fits says how many may sit at a table before another is opened, and how many at the very most: as many as five and six come of.
func (o Options) fits() (well, most int) {
	well = int(math.Round(float64(max(o.Size, 5)) / o.Show))
	return min(well, mostSeats), min(int(6.5/o.Show), mostSeats)
}
