package words

import (
	"slices"
	"testing"
)

func TestSentences(t *testing.T) {
	for name, c := range map[string]struct {
		lang, text string
		whole      []string
	}{
		"lines broken for a screen are joined": {"en", "We call one person\nbefore we write to forty. Then we wait\nfor a day.", []string{"We call one person before we write to forty.", "Then we wait for a day."}},
		"an abbreviation ends nothing":         {"en", "Dr. Mensah came, e.g. Tuesday. Mr. Rahman did not.", []string{"Dr. Mensah came, e.g. Tuesday.", "Mr. Rahman did not."}},
		"initials end nothing":                 {"en", "We read J. R. R. Tolkien aloud. It helped a lot.", []string{"We read J. R. R. Tolkien aloud.", "It helped a lot."}},
		"an ellipsis before a small letter goes on": {"en", "They waited... and then they spoke. Nobody laughed... We went on.",
			[]string{"They waited... and then they spoke.", "Nobody laughed...", "We went on."}},
		"a link holds full stops": {"en", "See http://radio.example/a.b.html for it. It is short enough.", []string{"See http://radio.example/a.b.html for it.", "It is short enough."}},
		"points of a list are apart": {"en", "We did this:\n- Call the youngest first.\n- Wait for an answer.\n1. Write it down again.",
			[]string{"Call the youngest first.", "Wait for an answer.", "Write it down again."}},
		"what ends without a mark is not whole":     {"en", "Hello all\n\nThe phone rang and then", nil},
		"what begins within a sentence is not":      {"en", "that nobody reads. The rest is good.", []string{"The rest is good."}},
		"names below a text are not":                {"en", "We meet again on Monday.\nAnn Mensah\nVillage Radio\nTamale", []string{"We meet again on Monday."}},
		"guillemets stay with their sentence":       {"fr", "Elle a dit « bonjour. » Nous avons ri. « Le premier appel, c'est à la plus jeune. »", []string{"Elle a dit « bonjour. »", "Nous avons ri.", "« Le premier appel, c'est à la plus jeune. »"}},
		"inverted marks begin a sentence":           {"es", "Fue difícil. ¿Quién llama primero? ¡Nadie lo sabe!", []string{"Fue difícil.", "¿Quién llama primero?", "¡Nadie lo sabe!"}},
		"an ideographic full stop needs no space":   {"zh", "我们先打电话给一个人。然后再写信给大家。", []string{"我们先打电话给一个人。", "然后再写信给大家。"}},
		"an Arabic question mark ends one":          {"ar", "من يتصل أولا؟ نحن نتصل بالأصغر.", []string{"من يتصل أولا؟", "نحن نتصل بالأصغر."}},
		"Thai has no marks: a paragraph is one":     {"th", "เราโทรหาคนหนึ่งก่อนเขียนถึงทุกคน", []string{"เราโทรหาคนหนึ่งก่อนเขียนถึงทุกคน"}},
		"a face is no part of what follows":         {"en", "That was all we had. :-) Next time we call first.", []string{"That was all we had.", "Next time we call first."}},
		"what opens a bracket and leaves it is not": {"en", "We tried (and failed to write it. The rest is good.", []string{"The rest is good."}},
		"code is left out": {"en", "Try the following code:\n\n    def f(x):\n        return x + 1\n\nThe rest is plain text.",
			[]string{"The rest is plain text."}},
		"a trace is left out": {"en", "It fails for all of us.\nTraceback (most recent call last):\n  File \"a.py\", line 3, in ?\n    import b\nImportError: No module named b\nWe did not see why.",
			[]string{"It fails for all of us.", "We did not see why."}},
		"a table is left out": {"en", "These are the numbers.\n\nname     calls    answers\nAwa      12       9\nDede     4        4\n\nWe were surprised by them.",
			[]string{"These are the numbers.", "We were surprised by them."}},
		"a diff is left out": {"en", "The change is small.\n\n--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n-x = 1\n+x = 2\n\nPlease look at it.", []string{"The change is small.", "Please look at it."}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, s := range Sentences(c.text, Of(c.lang)) {
				if s.Whole {
					got = append(got, s.Text)
				}
			}
			if !slices.Equal(got, c.whole) {
				t.Errorf("got %q, want %q", got, c.whole)
			}
		})
	}
}

func TestAsks(t *testing.T) {
	for lang, c := range map[string]struct{ yes, no []string }{
		"en": {[]string{"Does anybody know how to reach people without a phone?", "How do you pay for the calls?", "A question to Awa: what do you do on Sunday?"},
			[]string{"How are you?", "What do you think?", "Really?", "It works, right?", "We call one person first.", "Is that so?", "Any ideas?", "Names came, and people asked each other: why her?"}},
		"fr": {[]string{"Comment payez-vous les appels aux membres ?"}, []string{"Comment ça va ?", "Qu'en pensez-vous ?", "Pourquoi pas ?"}},
		"es": {[]string{"¿Quién paga las llamadas de la radio?"}, []string{"¿Cómo están?", "¿Qué opinan?", "¿Y ustedes?"}},
		"pt": {[]string{"Quem paga as chamadas da rádio?"}, []string{"Tudo bem?", "O que acham?"}},
		"ar": {[]string{"من يدفع ثمن المكالمات الهاتفية؟"}, nil},
		"ja": {[]string{"誰が電話代を払いますか。", "誰が電話代を払いますか？"}, []string{"本当？"}},
	} {
		for _, s := range c.yes {
			if !Of(lang).Asks(s) {
				t.Errorf("%s: %q asks something", lang, s)
			}
		}
		for _, s := range c.no {
			if Of(lang).Asks(s) {
				t.Errorf("%s: %q asks nothing", lang, s)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"We call one person before we write to all of them.":                                  "en",
		"Le premier appel, c'est à la plus jeune.":                                            "fr",
		"La primera llamada es para la más joven del grupo.":                                  "es",
		"A primeira chamada é para a mais jovem do grupo, e não para todos.":                  "pt",
		"Der erste Anruf gilt der Jüngsten in der Gruppe, und dann warten wir.":               "de",
		"Tunampigia simu mtu mmoja kwanza, na kisha tunaandika kwa wote katika kikundi hiki.": "sw",
		"Сначала мы звоним одному человеку, а потом пишем всем остальным людям в нашей группе, и это помогает": "ru",
		"Yes.":                "",
		"ROM MRG 3904 XMLRPC": "",
	} {
		if got, sure := Language(text); got != want || sure != (want != "") {
			t.Errorf("%q is in %q (%t), want %q", text, got, sure, want)
		}
	}
}

func TestStem(t *testing.T) {
	for _, c := range []struct{ lang, a, b string }{
		{"en", "phones", "phone"}, {"fr", "l'appel", "appels"}, {"es", "llamadas", "llamada"}, {"pt", "chamadas", "chamada"}, {"de", "Anrufe", "Anrufen"}, {"ru", "звонки", "звонков"},
		{"en", "member’s", "members"}, {"xx", "Word", "word"},
	} {
		if a, b := Of(c.lang).Stem(c.a), Of(c.lang).Stem(c.b); a != b || a == "" {
			t.Errorf("%s: %q and %q have no stem in common: %q, %q", c.lang, c.a, c.b, a, b)
		}
	}
}
