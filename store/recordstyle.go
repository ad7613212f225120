package store

import "convene/list"

func putStyle(e *encoder, s *list.Style) {
	e.str(1, s.List)
	e.str(2, s.ListName)
	e.str(3, s.Hostname)
	e.str(4, s.SubjectPrefix)
	e.str(5, string(s.ReplyTo))
	e.flag(6, s.Announce)
	e.str(7, s.MessageID)
	e.str(8, s.Date)
	e.str(9, s.Received)
	for _, id := range s.AuthservIDs {
		e.always(10, id)
	}
	e.flag(11, s.Personal)
	e.str(12, s.BaseURL)
	for _, name := range s.Signing {
		e.always(13, name)
	}
	e.flag(14, s.Joinable)
}

func takeStyle(d *decoder) (s list.Style, err error) {
	for d.next() {
		switch d.num {
		case 1:
			s.List = d.str()
		case 2:
			s.ListName = d.str()
		case 3:
			s.Hostname = d.str()
		case 4:
			s.SubjectPrefix = d.str()
		case 5:
			s.ReplyTo = list.ReplyTo(d.str())
		case 6:
			s.Announce = d.flag()
		case 7:
			s.MessageID = d.str()
		case 8:
			s.Date = d.str()
		case 9:
			s.Received = d.str()
		case 10:
			s.AuthservIDs = append(s.AuthservIDs, d.str())
		case 11:
			s.Personal = d.flag()
		case 12:
			s.BaseURL = d.str()
		case 13:
			s.Signing = append(s.Signing, d.str())
		case 14:
			s.Joinable = d.flag()
		}
	}
	return s, d.err
}
