package store

import "convene/list"

func putRef(e *encoder, r list.Ref) {
	e.uint(1, uint64(r.Segment))
	e.uint(2, r.Offset)
	e.uint(3, uint64(r.Length))
}

func takeRef(d *decoder) (r list.Ref, err error) {
	for d.next() {
		switch d.num {
		case 1:
			r.Segment = d.u32()
		case 2:
			r.Offset = d.u
		case 3:
			r.Length = d.u32()
		}
	}
	return r, d.err
}

func putEnvelope(e *encoder, v *list.Envelope) {
	e.str(1, v.ID)
	e.str(2, v.From)
	e.str(3, v.Helo)
	e.str(4, v.IP)
	e.str(5, v.Protocol)
	e.flag(6, v.Relay)
	e.flag(7, v.Authenticated)
	e.time(8, v.Received)
}

func takeEnvelope(d *decoder) (v list.Envelope, err error) {
	for d.next() {
		switch d.num {
		case 1:
			v.ID = d.str()
		case 2:
			v.From = d.str()
		case 3:
			v.Helo = d.str()
		case 4:
			v.IP = d.str()
		case 5:
			v.Protocol = d.str()
		case 6:
			v.Relay = d.flag()
		case 7:
			v.Authenticated = d.flag()
		case 8:
			v.Received = d.time()
		}
	}
	return v, d.err
}

func putAuthentication(e *encoder, a *list.Authentication) {
	e.str(1, string(a.SPF))
	e.str(2, string(a.DKIM))
	e.str(3, string(a.DMARC))
	e.flag(4, a.SPFAligned)
	e.flag(5, a.DKIMAligned)
	e.str(6, a.Policy)
	e.str(7, a.Source)
	e.str(8, a.Detail)
	e.flag(9, a.Strict)
	e.str(10, a.PolicyWhy)
	e.str(11, a.Results)
	e.str(12, a.Signers)
}

func takeAuthentication(d *decoder) (a list.Authentication, err error) {
	for d.next() {
		switch d.num {
		case 1:
			a.SPF = list.Result(d.str())
		case 2:
			a.DKIM = list.Result(d.str())
		case 3:
			a.DMARC = list.Result(d.str())
		case 4:
			a.SPFAligned = d.flag()
		case 5:
			a.DKIMAligned = d.flag()
		case 6:
			a.Policy = d.str()
		case 7:
			a.Source = d.str()
		case 8:
			a.Detail = d.str()
		case 9:
			a.Strict = d.flag()
		case 10:
			a.PolicyWhy = d.str()
		case 11:
			a.Results = d.str()
		case 12:
			a.Signers = d.str()
		}
	}
	return a, d.err
}

func putOpinion(e *encoder, o *list.Opinion) {
	e.str(1, o.Rule)
	if o.Action != "pass" { // which most are; "" is written, so that it does not read as pass
		e.always(2, o.Action)
	}
	e.str(3, o.Reason)
}

func takeOpinion(d *decoder) (o list.Opinion, err error) {
	o.Action = "pass"
	for d.next() {
		switch d.num {
		case 1:
			o.Rule = d.str()
		case 2:
			o.Action = d.str()
		case 3:
			o.Reason = d.str()
		}
	}
	return o, d.err
}

func encodePost(p *list.Post) []byte {
	e := newEncoder(640)
	putPost(e, p)
	return e.b
}

func putPost(e *encoder, p *list.Post) {
	e.uint(1, uint64(p.List))
	e.uint(2, uint64(p.Number))
	e.message(3, 16, func(e *encoder) { putRef(e, p.Ref) })
	e.message(4, 160, func(e *encoder) { putEnvelope(e, &p.Envelope) })
	e.str(5, p.MessageID)
	e.bytes(6, p.Node[:])
	e.uint(7, uint64(p.Topic))
	e.str(8, p.From)
	e.str(9, p.FromName)
	e.str(10, p.Subject)
	e.time(11, p.Date)
	e.time(12, p.Arrived)
	e.time(13, p.Accepted)
	e.bytes(14, p.ContentKey[:])
	e.uint(15, p.Outgoing)
	for i := range p.Trace {
		e.message(16, 48, func(e *encoder) { putOpinion(e, &p.Trace[i]) })
	}
	e.str(17, p.DecidedBy)
	if p.Auth != (list.Authentication{}) {
		e.message(18, 96, func(e *encoder) { putAuthentication(e, &p.Auth) })
	}
	e.flag(40, p.Special)
	if p.Original != (list.Ref{}) {
		e.message(41, 16, func(e *encoder) { putRef(e, p.Original) })
	}
	e.flag(19, p.NoArchive)
	e.str(42, p.Planned)
	for _, id := range p.Further {
		e.uint(43, id)
	}
	e.str(44, p.Head)
	e.uint(45, uint64(p.UID))
	e.time(46, p.Removed)
	e.time(50, p.Imported)
}

func decodePost(b []byte) (list.Post, error) { return takePost(newDecoder(b)) }

func takePost(d *decoder) (p list.Post, err error) {
	for d.next() && err == nil {
		switch d.num {
		case 1:
			p.List = d.u32()
		case 2:
			p.Number = d.u32()
		case 3:
			p.Ref, err = takeRef(d.sub())
		case 4:
			p.Envelope, err = takeEnvelope(d.sub())
		case 5:
			p.MessageID = d.str()
		case 6:
			p.Node = d.id()
		case 7:
			p.Topic = d.u32()
		case 8:
			p.From = d.str()
		case 9:
			p.FromName = d.str()
		case 10:
			p.Subject = d.str()
		case 16:
			var o list.Opinion
			o, err = takeOpinion(d.sub())
			p.Trace = append(p.Trace, o)
		case 18:
			p.Auth, err = takeAuthentication(d.sub())
		case 41:
			p.Original, err = takeRef(d.sub())
		default:
			takePostRest(d, &p)
		}
	}
	if err == nil {
		err = d.err
	}
	return p, err
}

func takePostRest(d *decoder, p *list.Post) {
	switch d.num {
	case 11:
		p.Date = d.time()
	case 12:
		p.Arrived = d.time()
	case 13:
		p.Accepted = d.time()
	case 14:
		p.ContentKey = d.id()
	case 15:
		p.Outgoing = d.u
	case 17:
		p.DecidedBy = d.str()
	case 40:
		p.Special = d.flag()
	case 19:
		p.NoArchive = d.flag()
	case 42:
		p.Planned = d.str()
	case 43:
		p.Further = append(p.Further, d.u)
	case 44:
		p.Head = d.str()
	case 45:
		p.UID = d.u32()
	case 46:
		p.Removed = d.time()
	case 50:
		p.Imported = d.time()
	}
}
