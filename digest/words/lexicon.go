package words

import (
	"strings"
	"unicode"

	snowball "github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

// Lexicon is what is known of the words of one language. All words in it are in lower case.
type Lexicon struct {
	tag string
	// stop are words that say nothing by themselves. Those of join may stand within a phrase, and an article behind them.
	stop, join, articles map[string]bool
	// manner are words that make of a noun how something is done: "by name".
	manner map[string]bool
	// before are words that stand before a noun, and doing those before a verb.
	before, doing map[string]bool
	// weak are words that anybody uses of anything: no phrase is made of them alone. verbs are those that a phrase neither begins nor ends with.
	weak, verbs map[string]bool
	// numbers are numbers and ordinals, which tell a theme only of what they count.
	numbers map[string]bool
	// pointing are words with which a sentence begins that leans on the one before it; echoes are those that lean on it wherever they stand.
	pointing, echoes map[string]bool
	// leaning are words for what was named before; addressing are those for the one who is written to.
	leaning, addressing map[string]bool
	// adding are words that say that something was said before.
	adding map[string]bool
	// anybody are words for whoever reads.
	anybody map[string]bool
	// leads are words with which a sentence begins that goes on with another, turns those with which it comes back to one, and starts are words with
	// which it may begin, but better does not: verbs that tell one person what to do, and "so".
	leads, turns []string
	starts       map[string]bool
	// telling are words of those who tell what they did and learned.
	telling map[string]bool
	// askers are words that point back in a statement, and ask at the beginning of a question.
	askers map[string]bool
	// contrast are words with which something else is told.
	contrast map[string]bool
	// short are abbreviations that a full stop follows; courtesies are words of greetings, thanks and farewells.
	short, courtesies map[string]bool
	// idle are whole questions, in lower case, to which nobody expects an answer.
	idle  map[string]bool
	props props
	stem  func(env *snowball.Env) bool
}

// Of is the lexicon for a language by its BCP 47 tag. A language that is not known has one too: no word of it is left out but for its length.
func Of(tag string) *Lexicon {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l, ok := lexicons[base]; ok {
		return l
	}
	return &Lexicon{tag: base, stem: stemmers[base]}
}

var lexicons = map[string]*Lexicon{"en": &englishWords, "fr": &frenchWords, "es": &spanishWords, "pt": &portugueseWords, "de": &germanWords, "it": &italianWords, "nl": &dutchWords, "sw": &swahiliWords}

// stemmers are those of languages that have no lists of words.
var stemmers = map[string]func(*snowball.Env) bool{
	"da": danish.Stem, "fi": finnish.Stem, "hu": hungarian.Stem, "no": norwegian.Stem, "nb": norwegian.Stem, "nn": norwegian.Stem, "ro": romanian.Stem,
	"ru": russian.Stem, "sv": swedish.Stem, "tr": turkish.Stem,
}

// Known reports whether there are lists of words for the language.
func (l *Lexicon) Known() bool { return l.stop != nil }

// Stem is what a word and its inflected forms have in common, in lower case. Without a stemmer for the language it is the word.
func (l *Lexicon) Stem(word string) string {
	word = strings.ToLower(word)
	word = strings.ReplaceAll(word, "’", "'")
	if i := strings.IndexByte(word, '\''); i > 0 && i <= 7 && elided[word[:i]] && i+1 < len(word) { // "l'appel"
		word = word[i+1:]
	}
	word = strings.TrimSuffix(word, "'s")
	if l.stem == nil || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return word
	}
	if l.tag == "pt" { // plurals that the stemmer leaves apart
		for _, end := range [][2]string{{"ões", "ão"}, {"ães", "ão"}, {"ns", "m"}} {
			if rest, ok := strings.CutSuffix(word, end[0]); ok {
				word = rest + end[1]
			}
		}
	}
	env := snowball.NewEnv(word)
	l.stem(env)
	return env.Current()
}

// elided are the words that French, Italian, Catalan and Portuguese shorten before a vowel.
var elided = set("l d j m t s n c qu jusqu lorsqu puisqu quelqu presqu dell nell all sull un gl")

// Stop reports whether a word says nothing by itself.
func (l *Lexicon) Stop(word string) bool {
	word = strings.ReplaceAll(strings.ToLower(word), "’", "'")
	if l.stop[word] {
		return true
	}
	if i := strings.IndexByte(word, '\''); i > 0 {
		return l.stop[word[i+1:]] || l.tag == "en" && l.stop[word[:i]]
	}
	return false
}

// Weak reports whether a word may be used of anything, so that it tells no theme.
func (l *Lexicon) Weak(word string) bool {
	word = strings.ToLower(word)
	if one, ok := strings.CutSuffix(word, "s"); ok && l.plurals() {
		if l.weak[one] || l.weak[strings.TrimSuffix(one, "e")] {
			return true
		}
		if one, ok = strings.CutSuffix(one, "ie"); ok && l.weak[one+"y"] {
			return true
		}
	}
	return l.weak[word] || l.verbs[word] || l.courtesies[word] || l.numbers[word] || Calendar(word)
}

// plurals reports whether nouns of the language have a plural on -s.
func (l *Lexicon) plurals() bool {
	return l.tag == "en" || l.tag == "fr" || l.tag == "es" || l.tag == "pt"
}

// edge reports whether a phrase may begin or end with a word: not with a verb, and not with an adverb.
func (l *Lexicon) edge(word string) bool {
	word = strings.ToLower(word)
	return !l.verbs[word] && !(l.tag == "en" && strings.HasSuffix(word, "ly") && len(word) > 5)
}

// set makes a set of words that stand with white space between them.
func set(words string) map[string]bool {
	all := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

// lines makes a set of lines.
func lines(text string) map[string]bool {
	all := make(map[string]bool)
	for _, line := range turns(text) {
		all[line] = true
	}
	return all
}

// turns are the lines of a text.
func turns(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// The other languages with lists.
var (
	germanWords = Lexicon{tag: "de", stem: german.Stem, join: set("von"), articles: set("der dem den"), before: set("der die das des dem den ein eine einen einem einer von mit für im am zum zur unser unsere mein meine kein keine"), doing: set("ich wir sie er man zu"), short: set("z b d h usw bzw ca dr hr fr nr prof str vgl inkl evtl ggf u a s o"),
		stop: set(`aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei beim bin bis bist da damit dann das dass daß dein deine dem den denn der des dich die dies
			diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer für gegen gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre
			ihrem ihren ihrer im in indem ins ist jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen können könnte machen man mein meine meinem meinen mich mir mit muss musste nach nicht nichts noch nun
			nur ob oder ohne sehr sein seine seinem seinen seiner sich sie sind so solche soll sollte sondern sonst über um und uns unser unsere unter viel vom von vor war waren warum was weg weil weiter welche welchem
			welcher wenn werde werden wie wieder will wir wird wo wollen wollte wurde würde würden zu zum zur zwar zwischen mehr schon immer ja nein`),
		numbers:    set("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend dutzend halb hälfte zweite zweiten dritte dritten erste ersten letzte letzten nächste nächsten"),
		weak:       set("mail mails email beispiel dinge ding frage fragen gruppe jahr jahre leute mal menschen problem sache teil thema weise woche zeit"),
		pointing:   set("das dies diese dieser dieses er es sie aber und auch deshalb dann ja nein so trotzdem außerdem"),
		courtesies: set("danke vielen dank grüße gruß hallo liebe lieber lg mfg freundlichen")}
	italianWords = Lexicon{tag: "it", stem: italian.Stem, join: set("di del della dei delle dello degli"), articles: set("la il lo"), before: set("il lo la i gli le un uno una di del della dei delle con per nel nella nostro nostra mio mia"), doing: set("io noi loro lui lei si non"), short: set("sig sigg dott ecc es pag art prof n"),
		stop: set(`a abbiamo ad agli ai al alla alle allo anche ancora aveva avere c'è che chi ci come con contro cosa così cui da dagli dai dal dalla dalle dallo degli dei del dell della delle dello dentro di dove due e ed era
			erano essere fa fino fra gli ha hanno ho i il in io la le lei li lo loro lui ma mi mia mie miei mio molto ne negli nei nel nella nelle nello noi non nostra nostre nostri nostro o ogni oppure per perché
			però più poi prima può qual quale quali quando quanto quella quelle quelli quello questa queste questi questo qui se sei sempre senza si sia siamo sono sopra su sua sue sugli sui sul sulla sulle suo suoi
			tra tu tua tuo tutta tutte tutti tutto un una uno vi voi è`),
		numbers:    set("due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta quaranta cinquanta cento mille mila metà secondo seconda terzo terza ultimo ultima ultimi ultime prossimo prossima"),
		weak:       set("mail email anno anni cosa cose esempio gente gruppo modo parte persone problema tempo volta volte settimana domanda"),
		pointing:   set("questo questa quello quella ma e poi anche quindi però lui lei loro sì no così"),
		courtesies: set("grazie ciao saluti cordiali buongiorno cari caro cara")}
	dutchWords = Lexicon{tag: "nl", stem: dutch.Stem, join: set("van"), articles: set("de het"), before: set("de het een van met voor onze ons mijn geen deze die"), doing: set("ik wij we zij hij ze je te"), short: set("bijv enz dhr mevr dr o a d w z blz nr"),
		stop: set(`aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je kan
			kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van veel voor want waren was wat werd wezen wie wil worden wordt
			zal ze zelf zich zij zijn zo zonder zou we wij onze jullie`),
		numbers:    set("twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig honderd duizend half helft tweede derde eerste laatste volgende"),
		weak:       set("mail mails email ding dingen groep jaar keer mensen probleem tijd vraag voorbeeld week manier deel"),
		pointing:   set("dat dit deze die hij zij ze het maar en ook dus ja nee"),
		courtesies: set("bedankt dank groeten groet hallo beste vriendelijke")}
	swahiliWords = Lexicon{tag: "sw", join: set("ya wa za la cha kwa"), short: set("dkt bw bi"),
		stop: set(`na ya wa kwa ni za la katika cha hii hiyo huo huu haya hayo hizo hizi kama lakini au pia sana kila yake wake yao wao yangu yetu wetu sisi mimi wewe yeye nyinyi si hapa hapo kuwa ili baada kabla bila tu bado
			ambao ambayo ambaye je nini nani lini wapi vipi gani ndiyo hapana kuna hakuna alikuwa walikuwa tuna ana wana nina`),
		numbers:    set("mbili tatu nne tano sita saba nane tisa kumi ishirini thelathini arobaini hamsini mia elfu nusu"),
		weak:       set("barua pepe kitu vitu mtu watu siku mwaka wiki swali mfano namna njia"),
		courtesies: set("asante asanteni habari karibu salamu ndugu")}
)

// The four that are known best stand in files of their own; these are their stemmers.
var (
	stemEnglish    = english.Stem
	stemFrench     = french.Stem
	stemSpanish    = spanish.Stem
	stemPortuguese = portuguese.Stem
)
