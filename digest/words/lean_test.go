package words

import (
	"slices"
	"testing"
)

// TestLeans holds that what a sentence takes from those before it counts against it, wherever it stands: neither the sentences nor the words of one are of
// any list of mail that was looked at.
func TestLeans(t *testing.T) {
	const quoted = 0.7 // as well as a quote stands at least
	for lang, c := range map[string]struct{ yes, no []string }{
		"en": {[]string{
			"We call one person in the village before we write to forty.",
			"No nurse in our hills ever wrote to a minister.",
			"I think it is easier to ask two farmers by telephone than to write a letter.",
			"Too many reports make the ministry deaf to what the nurses say.",
			"What worked in our district was a drum at six in the evening.",
			"People who read slowly answer when a neighbour reads aloud."},
			[]string{
				"A neighbour of mine saw the broken pump and wrote about these reports.",
				"I would say the problem is older than most of our villages.",
				"Our nurses in the hills tried a drum as well.",
				"A louder drum would be much better for most of our villages.",
				"Most nurses in the hills understood, however, what the ministry wanted.",
				"Sounds like a good plan for the nurses of our district.",
				"Drum - a signal that nurses give at six in the evening.",
				"A drum at six in the evening, perhaps a bell...",
				"Only a stupid ministry would send letters to nurses who cannot read.",
				"Our nurses in the hills walked two days because of that.",
				"Our nurses in the hills met two ministers and used that drum.",
				"Our nurses in the hills walked, and I?m proud of them all.",
				"As soon as two ministers decide upon a drum for our hills.",
				"On a related note our nurses ask ministers for drums.",
				"A small village yes, but our hills have no room for drums.",
				"Suppose for a moment two nurses walked into our hills.",
				"In the 2nd case a nurse walks into our hills alone.",
				"Here's a first draft of a letter to our ministry.",
				"Other than that our nurses write letters to two ministries.",
				"Apart from those, our nurses write letters to two ministries.",
				"In both cases our nurses wrote letters to two ministries.",
				"The first just shows a drum; the second shows how nurses beat it.",
				"Nurses in the hills know that drums are much, much faster.",
				"Nurses in the hills know few drums for something like that.",
				"Our nurses in the hills met two ministers with a similar problem.",
				"Our nurses in the hills now answer at six in the evening.",
				"Our nurses in the hills answered two ministers as I expected.",
				"Our nurses in the hills do see two ministers as we said.",
				"Say I have two nurses and a drum in the hills.",
				"Bearing in mind that nurses of the hills may have no drum.",
				"Nurses of our hills may make that argument reach two ministers.",
				"My second topic is a drum for two nurses of our hills.",
				"I'll see what two nurses of our hills say of drums.",
				"Nurses of our hills think highly of the present list and its drums."}},
		"fr": {[]string{
			"Dans notre district, les infirmières appellent deux paysans avant d'écrire aux autres.",
			"Il faut du temps pour qu'un village réponde à une lettre du ministère.",
			"Ce qui a aidé nos infirmières, c'est un tambour à six heures du soir.",
			"Si l'aînée du village répond, les infirmières écrivent moins.",
			"Celles qui ne lisent pas demandent à leurs filles.",
			"En une semaine, nos infirmières ont reçu quarante messages vocaux."},
			[]string{
				"Dans notre district, cette méthode a coûté deux années de travail.",
				"Nos infirmières pensent que le problème est plus ancien.",
				"Si, nos infirmières en parlent avec des paysans.",
				"Ce tambour a coûté deux vaches à nos infirmières.",
				"Nos infirmières des collines en ont déjà parlé aux paysans.",
				"À part cela, nos infirmières écrivent deux lettres au ministère.",
				"La première montre un tambour ; une autre montre des infirmières.",
				"Avec deux tambours, nos infirmières des collines travaillent beaucoup mieux.",
				"Nos infirmières des collines ont vécu des situations semblables.",
				"Nos infirmières des collines répondent maintenant à deux ministres.",
				"Nos infirmières des collines ont répondu à deux ministres comme prévu.",
				"Imaginons deux infirmières et un tambour dans nos collines.",
				"Mon deuxième souci concerne un tambour pour deux infirmières."}},
		"es": {[]string{
			"Nuestras enfermeras llaman a dos campesinos antes de escribir a los demás.",
			"No llega una carta donde llega un mensaje de voz.",
			"En esta semana nuestras enfermeras recibieron cuarenta mensajes de voz."},
			[]string{
				"Nuestras enfermeras usaron ese método durante dos años en la sierra.",
				"Nuestras enfermeras creen que el problema es más antiguo.",
				"Aparte de eso, nuestras enfermeras escriben dos cartas.",
				"El primero muestra un tambor, y otro muestra dos enfermeras.",
				"Con dos tambores nuestras enfermeras trabajan mucho mejor.",
				"Nuestras enfermeras vivieron dos situaciones parecidas en la sierra.",
				"Nuestras enfermeras responden ahora a dos ministros de la sierra.",
				"Nuestras enfermeras respondieron a dos ministros como esperaba.",
				"Imaginemos dos enfermeras y un tambor en nuestra sierra."}},
		"pt": {[]string{"As nossas enfermeiras telefonam a dois camponeses antes de escrever aos outros."},
			[]string{
				"As nossas enfermeiras usaram esse método durante dois anos na serra.",
				"As nossas enfermeiras acham que o problema é mais antigo.",
				"Fora isso, as nossas enfermeiras escrevem duas cartas.",
				"O primeiro mostra um tambor, e outro mostra duas enfermeiras.",
				"Com dois tambores as nossas enfermeiras trabalham muito melhor.",
				"As nossas enfermeiras viveram duas situações parecidas na serra.",
				"As nossas enfermeiras respondem agora a dois ministros da serra.",
				"As nossas enfermeiras responderam a dois ministros como esperava.",
				"Imaginemos duas enfermeiras e um tambor na nossa serra."}},
	} {
		for _, s := range c.yes {
			if n := Of(lang).StandsAlone(s); n < quoted {
				t.Errorf("%s: %q stands alone, not %.2f", lang, s, n)
			}
		}
		for _, s := range c.no {
			if n := Of(lang).StandsAlone(s); n >= quoted {
				t.Errorf("%s: %q leans on something, not %.2f", lang, s, n)
			}
		}
	}
}

func TestGiven(t *testing.T) {
	for text, want := range map[string][]string{
		"I think the pump sends the bill.":                            {"pump", "bill"},
		"The pump of our village is broken.":                          nil, // which pump is said
		"The nurses who came on foot were tired.":                     nil,
		"A pump stands in the middle of the village.":                 nil, // there is one
		"Nobody paid for the new water pump, and we waited.":          {"water pump"},
		"We heard on the radio that the youngest nurse had called us": nil,
	} {
		var got []string
		for _, g := range Of("en").Given(text) {
			got = append(got, g.Words[len(g.Words)-1])
		}
		for i, w := range want {
			want[i] = Words(w)[len(Words(w))-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q takes %q as given, not %q", text, got, want)
		}
	}
	for _, lang := range []string{"fr", "xx", "zh"} { // whose article is before everything, or which has none that is known
		if got := Of(lang).Given("La pompe envoie le the pump 水泵。"); got != nil {
			t.Errorf("%s: %v is given", lang, got)
		}
	}
}

// TestPremise holds that what somebody has is told for what follows it.
func TestPremise(t *testing.T) {
	for _, c := range []struct {
		sentence, next string
		asks, want     bool
	}{
		{"I've been using a drum of the third kind.", "Is there a louder one?", true, true},
		{"I use a drum for calls to our nurses.", "I now have a problem with goats.", false, true},
		{"Nous utilisons un tambour pour appeler nos infirmières.", "Mais il est trop petit.", false, true},
		{"Usamos un tambor para llamar a las enfermeras.", "Pero es pequeño.", false, true},
		{"Usamos um tambor para chamar as enfermeiras.", "Mas é pequeno.", false, true},
		{"I use a drum for calls to our nurses.", "They like it.", false, false},
		{"A drum at six worked for all of our nurses.", "What worked for yours?", true, false},
	} {
		if got := Of("en").Premise(c.sentence, c.next, c.asks); got != c.want {
			t.Errorf("%q before %q is a premise: %t", c.sentence, c.next, got)
		}
	}
	if n := Of("en").QuestionAlone("Do nurses anywhere in our hills own something like this?"); n > 0.4 {
		t.Errorf("a question about something like this stands alone with %.2f", n)
	}
}

func TestAsksOne(t *testing.T) {
	for text, want := range map[string]bool{"Are you talking of drums?": true, "So do you mean a drum?": true, "Avez-vous un tambour à part celui-là ?": true, "¿Puede usted decir más?": true, "How do you mend a drum?": false,
		"Does anybody have a drum?": false} {
		if got := Of("en").AsksOne(text); got != want {
			t.Errorf("%q asks one: %t", text, got)
		}
	}
}

func TestFollows(t *testing.T) {
	const first, quoted = "What worked in our district was a rule of three sentences.", 0.7
	for second, want := range map[string]bool{
		"It made the shy nurses write more than their ministers.":  true,
		"That rule was painted on the wall of every clinic.":       true,
		"Our nurses did, however, not follow this advice as well.": false, // leans on what neither says
		"Thanks for the question about rules.":                     false,
		"You asked whether that is written down.":                  false, // talks to somebody
		"It calls set_rule(x) and stops.":                          false,
		"See the attached list of all our clinics for it.":         false,
		"But no.": false,
		"It is said in many hills " + string(make([]byte, 300)) + " so.": false, // too long for both
	} {
		if n := Of("en").Follows(first, second); n >= quoted != want {
			t.Errorf("%q behind %q stands with %.2f", second, first, n)
		}
	}
	if n := Of("en").Follows("That is what they said about it in the hills.", "It made our nurses write."); n >= quoted {
		t.Errorf("two sentences of which the first leans stand with %.2f", n)
	}
}

func TestGoesOn(t *testing.T) {
	for text, want := range map[string]bool{"Since then we call.": true, "Depuis lors, nous appelons.": true, "Desde entonces llamamos.": true, "Desde então telefonamos.": true,
		"Since June we call, and then we write.": false, "We have called since.": false} {
		if got := Of("en").GoesOn(text); got != want {
			t.Errorf("%q goes on: %t", text, got)
		}
	}
}
