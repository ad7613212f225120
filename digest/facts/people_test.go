package facts

import (
	"slices"
	"testing"
	"time"
)

// names are those in the spotlights.
func names(lights []Spotlight) (all []string) {
	for _, l := range lights {
		all = append(all, l.Name)
	}
	return all
}

// lively is an exchange in which everybody does something: Ann asks, Bob answers first, Cem begins what two people answer, Dan writes for the first time
// and Eve welcomes him.
func lively() []Post {
	return []Post{
		post(2, "Ann One", "Who pays for the phone calls to the village committees?", answering(1)),
		post(3, "Bob Two", "The phone company pays, because the station announces their shop on market day.", answering(2)),
		post(4, "Cem Three", story("fixed day for every question"), answering(1)),
		post(5, "Dan Four", story("savings group with a treasurer"), answering(1), first),
		post(6, "Eve Five", "Savings groups are new to me, and ours will try the treasurer next month.", answering(5)),
		post(7, "Ann One", "A fixed day would help the committee on the island very much.", answering(4)),
		post(8, "Bob Two", "The fixed day was Sunday in our network until the harvest began.", answering(4), func(p *Post) { p.At = monday.AddDate(0, 0, 2) }),
		post(9, "Luis Prieto", "The facilitator answers every single post of the whole discussion.", answering(6), facilitator),
	}
}

func TestSpotlights(t *testing.T) {
	for name, c := range map[string]struct {
		change func(in *Input)
		want   []string
	}{
		"those who did most, in the order of their first post, a first-time writer among them": {func(*Input) {}, []string{"Bob Two", "Dan Four", "Eve Five"}},
		"of two places one is a first-time writer's":                                           {func(in *Input) { in.Discussion.Spotlights = 2 }, []string{"Bob Two", "Dan Four"}},
		"there may be none":          {func(in *Input) { in.Discussion.Spotlights = 0 }, nil},
		"nobody of the last summary": {func(in *Input) { in.LastSpotlights = []string{"BOB@x.example"} }, []string{"Cem Three", "Dan Four", "Eve Five"}},
		"nobody who wants no thanks in public": {func(in *Input) {
			for i := range in.Posts {
				in.Posts[i].PrivateThanks = in.Posts[i].Name == "Cem Three"
			}
		}, []string{"Bob Two", "Dan Four", "Eve Five"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(lively()...)
			c.change(&in)
			if got := names(Gather(in).Spotlights); !slices.Equal(got, c.want) {
				t.Errorf("in the spotlights are %q, want %q", got, c.want)
			}
		})
	}
}

func TestReasons(t *testing.T) {
	got := map[string]string{}
	in := input(lively()...)
	in.Discussion.Spotlights = 4
	for _, l := range Gather(in).Spotlights {
		got[l.Name] = l.Reason
	}
	for name, want := range map[string]string{
		"Bob Two": "answered one question that nobody had taken up", "Cem Three": "began what two people answered", "Eve Five": "answered one person who wrote for the first time",
	} {
		if got[name] != want {
			t.Errorf("%s %q, want %q", name, got[name], want)
		}
	}
	for d, want := range map[deed]string{
		{reason: ForWelcoming, n: 1}: "answered one person who wrote for the first time", {reason: ForComingBack, n: 3}: "came back on three days",
		{reason: ForSharing, n: 14}: "shared 14 links or files", {reason: ForTakingItOn, n: 1}: "took up what one other had said",
	} {
		if d.words() != want {
			t.Errorf("%+v is %q, want %q", d, d.words(), want)
		}
	}
}

// TestWelcome holds that who answers somebody welcomes them where they are new: they joined while the discussion ran, or write for the first time where few do.
func TestWelcome(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *Post)
		want   bool
	}{
		"one of many writes for the first time": {func(*Post) {}, true},
		"everybody does":                        {first, false},
		"everybody does, and Dan has just come": {func(p *Post) { p.First, p.Newcomer = true, p.Name == "Dan Four" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(lively()...)
			in.Discussion.Spotlights = 5
			for i := range in.Posts[1:] {
				c.change(&in.Posts[i+1])
			}
			got := slices.ContainsFunc(Gather(in).Spotlights, func(l Spotlight) bool { return l.Name == "Eve Five" && l.For == ForWelcoming })
			if got != c.want {
				t.Errorf("Eve welcomed somebody: %t", got)
			}
		})
	}
}

// TestVolume holds that writing much is no merit.
func TestVolume(t *testing.T) {
	posts := lively()
	for n := uint32(20); n < 60; n++ {
		posts = append(posts, post(n, "Zed Loud", "I write once more what I wrote an hour ago on everything.", answering(1), func(p *Post) { p.At = monday.Add(time.Hour) }))
	}
	if got := names(Gather(input(posts...)).Spotlights); slices.Contains(got, "Zed Loud") {
		t.Errorf("in the spotlights are %q", got)
	}
}

func TestContributors(t *testing.T) {
	posts := lively()
	for n, name := range []string{"Fay Six", "Gus Seven", "Hal Eight"} {
		posts = append(posts, post(uint32(20+n), name, "We have the fixed day on Tuesday, and nobody forgets it.", answering(4)))
	}
	all := Gather(input(posts...)).Contributors
	if len(all) != 8 || all[0].Name != "Ann One" || all[1].Days != 2 || all[1].Posts != 2 || !all[3].First {
		t.Errorf("contributed %+v", all)
	}
	if cem := all[2]; cem.RepliesDrawn != drawnOf {
		t.Errorf("of five who answered one post %d count", cem.RepliesDrawn)
	}
}

func TestThanks(t *testing.T) {
	in := input(append(lively(), post(10, "Fay Six", "Thank you all so much, dear friends.", answering(4)), post(11, "Gus Seven", story("private radio frequency"), private))...)
	got := map[string]Thank{}
	for _, th := range Gather(in).Thanks {
		got[th.Name] = th
	}
	if _, ok := got["Fay Six"]; ok {
		t.Error("somebody is thanked for nothing")
	}
	if _, ok := got["Gus Seven"]; !ok {
		t.Error("who wants no thanks in public gets none in private")
	}
	if th := got["Cem Three"]; th.Quote.Text != story("fixed day for every question") || !slices.Equal(th.TakenUpBy, []string{"Ann One", "Bob Two"}) || th.Open {
		t.Errorf("Cem is thanked with %+v", th)
	}
	in.ThankFrom = in.Posts[len(in.Posts)-1].At // what came before was thanked for
	for _, th := range Gather(in).Thanks {
		if i := slices.IndexFunc(in.Posts, func(p Post) bool { return p.Number == th.Quote.Post }); th.Name == "Cem Three" || in.Posts[i].At.Before(in.ThankFrom) {
			t.Errorf("a later summary thanks again: %+v", th)
		}
	}
	open := Gather(input(lively()[0])).Thanks
	if len(open) != 1 || !open[0].Open {
		t.Errorf("an open question is %+v", open)
	}
}

func TestDoubts(t *testing.T) {
	in := input(
		post(2, "Ann One", "The fixed day helped our committee because everybody waited for Tuesday."),
		post(3, "Bob Two", "A fixed day failed in our school since the teachers had lessons.", askFirst),
		post(4, "Cem Three", "Le silence de deux jours est normal dans notre village au bord du fleuve.", func(p *Post) { p.Language = "fr" }),
	)
	in.Discussion.Languages = []string{"en", "fr"}
	f := Gather(in)
	want := []Doubt{{What: "no theme", Posts: 1, Tag: "fr"}, {What: "ask first", Theme: 1, Name: "Bob Two"}}
	if !slices.Equal(f.Doubts, want) {
		t.Errorf("the doubts are %+v, want %+v; themes %+v", f.Doubts, want, f.Themes)
	}
	alone := Gather(input(post(2, "Ann One", "The fixed day helped our committee because the fixed day was a Tuesday.")))
	if len(alone.Themes) != 1 || len(alone.Doubts) != 1 || alone.Doubts[0] != (Doubt{What: "one post", Theme: 1, Posts: 1}) {
		t.Errorf("of one post: %+v, %+v", alone.Themes, alone.Doubts)
	}
}

func TestShared(t *testing.T) {
	in := input(
		post(2, "Ann One", "See the page.", func(p *Post) { p.Links, p.Files = []string{"http://x.example/a/"}, []File{{Name: "a.pdf", Size: 7}} }),
		post(3, "Bob Two", "See the page.", func(p *Post) { p.Links = []string{"http://x.example/a", "http://x.example/b"} }),
	)
	in.Posts[0].Links = []string{"http://x.example/plan"}
	f := Gather(in)
	if want := []Link{{"http://x.example/a/", "Ann One", "2@x.example", 2}, {"http://x.example/b", "Bob Two", "3@x.example", 3}}; !slices.Equal(f.Links, want) {
		t.Errorf("the links are %+v, want %+v", f.Links, want)
	}
	if want := []File{{Name: "a.pdf", Size: 7, Post: 2}}; !slices.Equal(f.Files, want) {
		t.Errorf("the files are %+v, want %+v", f.Files, want)
	}
}

// TestThreads holds what an exchange is: what began with an answer to a planned email, or in a topic of a member's own.
func TestThreads(t *testing.T) {
	own := func(p *Post) { p.Topic, p.Subject = 9, "Solar radios" }
	posts := append(lively(),
		post(20, "Fay Six", "Solar radios helped us because the grid fails every evening.", own),
		post(21, "Gus Seven", "Our solar radios failed when the dust came in the dry season.", own))
	all := Gather(input(posts...)).Threads
	if len(all) != 4 || all[0].Post != 4 || all[0].People != 3 || all[3].Subject != "Solar radios" || all[3].Posts != 2 || all[3].Quote.Text == "" {
		t.Errorf("the exchanges are %+v", all)
	}
}
