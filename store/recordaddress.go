package store

import "convene/list"

func encodeAddressState(s *list.AddressState) []byte {
	e := newEncoder(256)
	e.str(1, s.Address)
	e.str(2, string(s.State))
	e.time(3, s.Since)
	for _, d := range s.Days {
		e.message(4, 32, func(e *encoder) {
			e.time(1, d.Day)
			e.uint(2, uint64(d.List))
			e.flag(3, d.Hard)
		})
	}
	e.uint(5, uint64(s.List))
	e.str(6, s.Status)
	for _, p := range s.Probes {
		e.message(7, 32, func(e *encoder) {
			e.time(1, p.Sent)
			e.flag(2, p.Failed)
			e.uint(3, p.Outgoing)
			e.flag(4, p.Void)
			e.uint(5, uint64(p.List))
			e.uint(6, uint64(p.Member))
		})
	}
	for _, id := range s.Complaints {
		e.message(8, 8, func(e *encoder) { e.uint(1, uint64(id)) })
	}
	e.time(9, s.Due)
	return e.b
}

func decodeAddressState(v []byte) (s list.AddressState, err error) {
	d := newDecoder(v)
	for d.next() && err == nil {
		switch d.num {
		case 1:
			s.Address = d.str()
		case 2:
			s.State = list.State(d.str())
		case 3:
			s.Since = d.time()
		case 4:
			var day list.BounceDay
			day, err = takeBounceDay(d.sub())
			s.Days = append(s.Days, day)
		case 5:
			s.List = d.u32()
		case 6:
			s.Status = d.str()
		case 7:
			var p list.Probe
			p, err = takeProbe(d.sub())
			s.Probes = append(s.Probes, p)
		case 8:
			var id uint32
			id, err = takeID(d.sub())
			s.Complaints = append(s.Complaints, id)
		case 9:
			s.Due = d.time()
		}
	}
	if err == nil {
		err = d.err
	}
	return s, err
}

func takeBounceDay(d *decoder) (day list.BounceDay, err error) {
	for d.next() {
		switch d.num {
		case 1:
			day.Day = d.time()
		case 2:
			day.List = d.u32()
		case 3:
			day.Hard = d.flag()
		}
	}
	return day, d.err
}

func takeProbe(d *decoder) (p list.Probe, err error) {
	for d.next() {
		switch d.num {
		case 1:
			p.Sent = d.time()
		case 2:
			p.Failed = d.flag()
		case 3:
			p.Outgoing = d.u
		case 4:
			p.Void = d.flag()
		case 5:
			p.List = d.u32()
		case 6:
			p.Member = d.u32()
		}
	}
	return p, d.err
}

func takeID(d *decoder) (id uint32, err error) {
	for d.next() {
		if d.num == 1 {
			id = d.u32()
		}
	}
	return id, d.err
}

func encodeAddressChange(c *list.AddressChange) []byte {
	e := newEncoder(128)
	e.uint(1, uint64(c.List))
	e.time(2, c.At)
	e.str(3, c.Address)
	e.str(4, string(c.What))
	e.str(5, c.Why)
	return e.b
}

func decodeAddressChange(v []byte) (c list.AddressChange, err error) {
	d := newDecoder(v)
	for d.next() {
		switch d.num {
		case 1:
			c.List = d.u32()
		case 2:
			c.At = d.time()
		case 3:
			c.Address = d.str()
		case 4:
			c.What = list.ChangeKind(d.str())
		case 5:
			c.Why = d.str()
		}
	}
	return c, d.err
}
