package facts

import (
	"strings"
	"testing"
)

// TestFamily holds that exchanges with one name in their subjects are one theme, of which the title says what they are about.
func TestFamily(t *testing.T) {
	topic := func(n uint32, subject string) func(*Post) {
		return func(p *Post) { p.Topic, p.Subject = n, subject }
	}
	var posts []Post
	for i, subject := range []string{"Sessions with the Harvester", "A Harvester in every village", "Dust in our Harvester"} {
		n := uint32(10 * (i + 1))
		posts = append(posts,
			post(n, "Ann One", "The "+subject+" cost us a week because nobody here can weld.", topic(n, subject)),
			post(n+1, "Bob Two", "Our teachers mended "+subject+" with wire because no spare part ever came by road.", topic(n, "Re: "+subject), answering(n)))
	}
	for k, how := range []string{"Closed ", "Flooded ", "Distant "} {
		for i, subject := range strings.Fields("wells roads schools clinics markets bridges goats bicycles rivers songs") {
			n := uint32(40*(k+1) + i)
			posts = append(posts, post(n, "Cem Three", how+subject+" are closed because somebody lost the keys.", topic(n, how+subject)))
		}
	}
	themes := Gather(input(posts...)).Themes
	if len(themes) == 0 || themes[0].Phrase != "Harvester (sessions, village)" || themes[0].Posts != 6 {
		t.Errorf("the themes are %+v", themes)
	}
}

// TestNoFamily holds that a word of which the whole list is full is the name of none.
func TestNoFamily(t *testing.T) {
	var posts []Post
	for i, subject := range strings.Fields("wells roads schools clinics markets bridges goats bicycles rivers songs") {
		n := uint32(10 * (i + 1))
		of := func(p *Post) { p.Topic, p.Subject = n, "The village and its "+subject }
		posts = append(posts, post(n, "Ann One", "The village "+subject+" opened because somebody asked for the key.", of),
			post(n+1, "Bob Two", "Our village has no "+subject+" because the river took all of them.", of, answering(n)))
	}
	for _, theme := range Gather(input(posts...)).Themes {
		if strings.EqualFold(theme.Phrase, "village") {
			t.Errorf("%q is a theme of %d posts", theme.Phrase, theme.Posts)
		}
	}
}
