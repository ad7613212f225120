package main

import "fmt"

// plans checks what discussions and events say of one another and of the lists.
func (d *decoder) plans(c *Config, taken map[string]claim) {
	ids, hashtags := map[string]bool{}, map[string]string{}
	for i := range c.Discussions {
		x := &c.Discussions[i]
		path := fmt.Sprintf("discussion[%d]", i)
		d.knownList(c, taken, path+".list", x.List)
		if ids[x.ID] && x.ID != "" {
			d.complain(path+".id", "there is a discussion %q already", x.ID)
		}
		ids[x.ID] = true
		tag := x.List + " " + x.Hashtag
		if other, dup := hashtags[tag]; dup && x.Hashtag != "" {
			d.complain(path+".hashtag", "%s is the hashtag of the discussion %q on the same list", x.Hashtag, other)
		}
		hashtags[tag] = x.ID
		d.responders(x, path)
		for j, e := range x.Emails {
			if e.BodyFile != "" && len(e.Body) > 0 {
				d.complain(fmt.Sprintf("%s.email[%d].body_file", path, j), "there is a body too: one of the two")
			}
		}
	}
	d.events(c, taken, ids)
}

// responders checks that first responders are asked about something that is planned.
func (d *decoder) responders(x *DiscussionConfig, path string) {
	for j, r := range x.FirstResponders {
		at := fmt.Sprintf("%s.first_responders[%d]", path, j)
		switch {
		case (r.Question == 0) == (r.Email == 0):
			d.complain(at, "needs question = N or email = N, one of the two")
		case r.Question > len(x.Questions) && len(x.Questions) > 0:
			d.complain(at+".question", "there are %d questions, so there is no question %d", len(x.Questions), r.Question)
		}
		if len(r.Members) == 0 {
			d.complain(at, "names no members")
		}
	}
}

// events checks the events.
func (d *decoder) events(c *Config, taken map[string]claim, discussions map[string]bool) {
	ids := map[string]bool{}
	for i, e := range c.Events {
		path := fmt.Sprintf("event[%d]", i)
		d.knownList(c, taken, path+".list", e.List)
		if ids[e.ID] && e.ID != "" {
			d.complain(path+".id", "there is an event %q already", e.ID)
		}
		ids[e.ID] = true
		if e.Discussion != "" && !discussions[e.Discussion] && !d.partial {
			var names []string
			for id := range discussions {
				names = append(names, id)
			}
			d.complain(path+".discussion", "there is no discussion %q%s", e.Discussion, suggest(e.Discussion, names))
		}
		if e.RegisterBy != "" && e.Start != "" && e.RegisterBy > e.Start {
			d.complain(path+".register_by", "%s is after the start, %s", e.RegisterBy, e.Start)
		}
	}
}
