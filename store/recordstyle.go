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
	e.str(15, s.Footer)
	e.str(16, string(s.Attachments))
	e.uint(17, uint64(s.AttachmentsOver))
	e.str(18, s.Files)
	e.str(19, s.Link)
	e.str(20, s.Archive)
	e.flag(21, s.Munge)
	e.str(22, s.MungeWhy)
	e.str(23, s.FromName)
	for _, name := range s.Sealing {
		e.always(24, name)
	}
	e.str(25, s.Results)
	e.str(30, s.Taken)
	e.str(31, s.TakenLinked)
	e.str(32, s.Sizes)
	e.flag(26, s.Edited)
	e.str(27, s.Signers)
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
		default:
			takeStyleRest(d, &s)
		}
	}
	return s, d.err
}

func takeStyleRest(d *decoder, s *list.Style) {
	switch d.num {
	case 15:
		s.Footer = d.str()
	case 16:
		s.Attachments = list.Attachments(d.str())
	case 17:
		s.AttachmentsOver = int64(d.u)
	case 18:
		s.Files = d.str()
	case 19:
		s.Link = d.str()
	case 20:
		s.Archive = d.str()
	case 21:
		s.Munge = d.flag()
	case 22:
		s.MungeWhy = d.str()
	case 23:
		s.FromName = d.str()
	case 24:
		s.Sealing = append(s.Sealing, d.str())
	case 25:
		s.Results = d.str()
	case 30:
		s.Taken = d.str()
	case 31:
		s.TakenLinked = d.str()
	case 32:
		s.Sizes = d.str()
	case 26:
		s.Edited = d.flag()
	case 27:
		s.Signers = d.str()
	}
}
