package words

import (
	"slices"
	"testing"
)

// phrases are those of some documents, each of another person, as far as they can be the name of something.
func phrases(lang string, docs ...string) (all []string) {
	lex := Of(lang)
	c := NewCollection(lex, nil)
	for i, doc := range docs {
		for _, s := range Sentences(doc, lex) {
			c.Add(i, i, s.Text)
		}
	}
	for _, p := range c.Phrases() {
		if len(p.Stems) > 1 || p.Alone {
			all = append(all, p.Text)
		}
	}
	return all
}

func TestPhrases(t *testing.T) {
	for name, c := range map[string]struct {
		lang       string
		docs       []string
		want, none []string
	}{
		"nouns and their company": {"en", []string{"A missed call costs nothing.", "They send a missed call, and wait.", "I like Tuesdays."},
			[]string{"missed call"}, []string{"costs", "wait", "a missed", "nothing"}},
		"inflected forms are one, as most wrote it": {"en", []string{"Voice messages help the farmers.", "A farmer sends a voice message.", "We hear voice messages."},
			[]string{"voice messages", "farmer"}, []string{"voice message"}},
		"small words join them in French": {"fr", []string{"La qualité de l'eau inquiète le village.", "Nous mesurons la qualité de l'eau chaque mois."},
			[]string{"qualité de l'eau", "eau"}, []string{"de l'eau", "l'eau"}},
		"in Spanish":                                    {"es", []string{"Un mensaje de voz cuesta poco.", "Los mensajes de voz ayudan."}, []string{"mensaje de voz"}, []string{"de voz"}},
		"in Portuguese":                                 {"pt", []string{"As mensagens de voz ajudam.", "A mensagem de voz custa pouco."}, []string{"mensagem de voz"}, []string{"de voz"}},
		"not over the end of a clause":                  {"en", []string{"We used the radio, our phones came.", "They had the radio, the phones came later."}, []string{"radio", "phones"}, []string{"radio, phones", "radio phones"}},
		"no links, addresses and code":                  {"en", []string{"See http://radio.example/shop and x_y = radio_shop.", "See http://radio.example/shop and x_y = radio_shop."}, nil, []string{"radio_shop", "http", "radio.example"}},
		"what everybody says says nothing":              {"en", []string{"The important thing works.", "Important things work."}, nil, []string{"important thing", "thing", "important"}},
		"a number is one with what it counts":           {"en", []string{"We have a rule of three sentences.", "Try the three sentences or the three.", "The three of us wrote."}, []string{"three sentences"}, []string{"three"}},
		"so is an ordinal in French":                    {"fr", []string{"Le chef répond le dernier.", "Chez nous aussi, le dernier parle bien.", "La sienne suit la sienne."}, nil, []string{"dernier", "sienne"}},
		"and a day":                                     {"en", []string{"Names stand on the Friday page.", "On the last Friday page stood four.", "We meet on Friday."}, []string{"Friday page"}, []string{"Friday"}},
		"what says how something is, is none":           {"en", []string{"A silent list costs a year.", "The list was silent.", "They are silent on Sundays."}, nil, []string{"silent"}},
		"nor what somebody did":                         {"en", []string{"Voice helped us.", "She helped them.", "The radio helped."}, nil, []string{"helped"}},
		"a verb may begin one as it is in a dictionary": {"en", []string{"I called one person.", "She calls one person.", "They call one person first."}, []string{"call one person"}, []string{"called one person", "calls one person"}},
		"how it is done is said with it":                {"en", []string{"I wrote to them by name.", "She asked me by name.", "The name came later."}, []string{"by name"}, []string{"name"}},
		"a plural of what anybody says of anything":     {"en", []string{"The stories came.", "We tell the stories.", "The mails came."}, nil, []string{"stories", "mails"}},
		"a language without lists has some":             {"ru", []string{"Голосовые сообщения помогают фермерам.", "Фермеры слушают голосовые сообщения."}, []string{"голосовые сообщения"}, nil},
		"so has one without spaces":                     {"zh", []string{"村里的人喜欢语音消息。", "语音消息不用识字。"}, []string{"语音消息"}, nil},
		"what stands in one document is shared by none": {"en", []string{"A missed call costs nothing.", "I like Tuesdays."}, nil, []string{"missed call"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := phrases(c.lang, c.docs...)
			for _, want := range c.want {
				if !slices.Contains(got, want) {
					t.Errorf("%q is none of %q", want, got)
				}
			}
			for _, none := range c.none {
				if slices.Contains(got, none) {
					t.Errorf("%q is one of %q", none, got)
				}
			}
		})
	}
}

func TestStandsAlone(t *testing.T) {
	for lang, c := range map[string]struct{ yes, no []string }{
		"en": {[]string{"When Mama Esther answers, the others know it is allowed.", "People answer with a voice message to the stall owner, and his daughter types it.", "With our water committees a phone call works better than any message.", "The radio station pays for all the calls of a month."},
			[]string{"It works better than before in our village.", "That is why the farmers did not call again.", "But nobody came to the meeting on Sunday.", "As you said, the radio pays for all of it.", "Thanks for the long story about radio.",
				"See the attached file for the whole story.", "Call radio_shop(x) and wait for the farmers.", "The story is mine, too.", "The locateChild calls rend.Page and childFactory and getRemoteHost for us.", "\"Nobody came to the meeting on Sunday.\"", "(Nobody came to the meeting on Sunday.)", "Too short.",
				"J. Smith, K. Jones, B. Brown, Radio for farmers."}},
		"fr": {[]string{"Chez nous le premier appel est pour la plus jeune du groupe."}, []string{"Cela ne marche pas dans notre village au bord du fleuve.", "Mais personne n'est venu à la réunion de dimanche.", "Merci pour ce beau témoignage sur la radio."}},
		"es": {[]string{"Los mensajes de voz cuestan poco en nuestra red de maestros."}, []string{"Eso no funciona en nuestra red de maestros rurales.", "Pero nadie vino a la reunión del domingo.", "Por eso nadie vino a la reunión del domingo."}},
		"pt": {[]string{"As mensagens de voz custam pouco na nossa rede de professores."}, []string{"Isso não funciona na nossa rede de professores.", "Mas ninguém veio à reunião de domingo."}},
		"zh": {[]string{"我们先打电话给一个人，然后再写信给大家。"}, []string{"好的。"}},
	} {
		const least = 0.45
		for _, s := range c.yes {
			if n := Of(lang).StandsAlone(s); n < least {
				t.Errorf("%s: %q stands alone, not %.2f", lang, s, n)
			}
		}
		for _, s := range c.no {
			if n := Of(lang).StandsAlone(s); n >= least {
				t.Errorf("%s: %q leans on something, not %.2f", lang, s, n)
			}
		}
	}
}

func TestContrasts(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		want       bool
	}{
		{"en", "With us the first voice never closes the matter.", true}, {"en", "The first voice opens the matter.", false},
		{"fr", "Chez nous ça ne marche pas.", true}, {"es", "Nadie responde.", true}, {"pt", "Ninguém responde.", true}, {"ru", "Никто не отвечает.", false},
	} {
		if got := Of(c.lang).Contrasts(c.text); got != c.want {
			t.Errorf("%s: %q contrasts: %t", c.lang, c.text, got)
		}
	}
}
