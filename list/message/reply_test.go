package message

import (
	"encoding/json"
	"strings"
	"testing"
)

// ownCases are texts of replies, with what is the writer's own in them; the names are sentences.
type ownCases map[string]struct{ text, want string }

func (cases ownCases) check(t *testing.T) {
	for name, c := range cases {
		for end, text := range map[string]string{"LF": c.text, "CRLF": crlf(c.text)} {
			t.Run(name+" with "+end, func(t *testing.T) {
				if got := Parse(plainReply(text)).Own(); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
	}
}

func TestOwn(t *testing.T) {
	ownCases{
		"nothing":                          {"", ""},
		"one word":                         {"approve", "approve"},
		"two paragraphs and spaces inside": {"one\n\n\n    two\n", "one\n\n\n    two"},
	}.check(t)
}

func TestOwnAboveOrBelowAQuotation(t *testing.T) {
	ownCases{
		"a quotation below":                          {"yes\n\nOn Mon, 4 May 2026 at 10:11, Ann Lee <ann@x.example> wrote:\n> To approve, answer\n> reject\n", "yes"},
		"an attribution on two lines":                {"yes\n\nOn Mon, 4 May 2026 at 10:11, Ann Lee via Peers <peers@lists.example.org>\nwrote:\n\n> reject\n", "yes"},
		"a date alone on the first line":             {"On Sun, 22 Nov 2026 07:15:51 +0300\nAnn Lee <ann@x.example> wrote:\n\n> reject\n", ""},
		"date, name and address on a line each":      {"Le Sun, 22 Nov 2026 07:15:51 +0300,\nAnn Lee\n<ann@x.example> a écrit :\n\n> reject\n", ""},
		"an answer above a date alone":               {"yes\n\nOn Sun, 22 Nov 2026 07:15:51 +0300\nAnn Lee <ann@x.example> wrote:\n\n> reject\n", "yes"},
		"an answer with a date above an attribution": {"On Sun, 22 Nov 2026 I am away\nAnn Lee <ann@x.example> wrote:\n\n> reject\n", "On Sun, 22 Nov 2026 I am away"},
		"an address alone on the second line":        {"yes\n\nOn Mon, 4 May 2026 at 10:11, Ann Lee <\nann@x.example> wrote:\n\n> reject\n", "yes"},
		"an address that was torn at its end":        {"yes\n\ntir. 18. apr. 2026 kl. 11:12 skrev Ann Lee <ann@x.example\n>:\n\n> reject\n", "yes"},
		"no empty line above the attribution":        {"yes, as far as I can see\nAm 04.05.26 um 10:11 schrieb Ann Lee:\n> reject\n", "yes, as far as I can see"},
		"an attribution in a language nobody knows":  {"Ann Lee zgrabl moprik 4/5/26:\n> reject\n\nyes\n", "yes"},
		"a name and no date, in such a language":     {"Ann Lee zgrabl moprik:\n> reject\n\nyes\n", "yes"},
		"a quotation without any attribution":        {"> reject\n\nyes\n", "yes"},
		"an answer below":                            {"On Mon, 4 May 2026 at 10:11, Ann Lee <ann@x.example> wrote:\n> reject\n> discard\n\nyes\n\n-- \nBo\n", "yes"},
		"answers between":                            {"On 4 May 2026, Ann Lee wrote:\n> one?\n\nfirst\n\n> two?\n\nsecond\n", "first\n\nsecond"},
		"answers between, and no empty lines":        {"> one?\nfirst\n> two?\nsecond\n", "first\n\nsecond"},
		"a word before the quotation it speaks of":   {"reject:\n> buy this\n", "reject:"},
		"a sentence before the quotation":            {"I say no, since you wrote this on 4 May:\n> buy this\n", "I say no, since you wrote this on 4 May:"},
		"a quotation without marks":                  {"yes\n\nOn Mon, 4 May 2026 at 10:11, Ann Lee <ann@x.example> wrote:\n\nreject\n", "yes"},
		"a date that is no attribution":              {"On 4 May 2026 I am away.\nApprove it then.", "On 4 May 2026 I am away.\nApprove it then."},
		"a list behind a colon":                      {"I met Ann, who said:\n\nwe start at 10:30 on 2026-05-04", "I met Ann, who said:\n\nwe start at 10:30 on 2026-05-04"},
		"the end of a quoted line that was torn off": {"> To approve it, and to send it to everybody, answer with the one word here:\n> to do otherwise, and send it to nobody at all, answer with the other one\nreject\n> and a reason.\n\nyes\n", "yes"},
	}.check(t)
}

func TestOwnBesideMarks(t *testing.T) {
	ownCases{
		"bars":                        {"yes\n| reject\n| me\n", "yes"},
		"a table is no quotation":     {"| a | b |\n| c | d |", "| a | b |\n| c | d |"},
		"initials":                    {"AL> reject\nAL>> me\n\nyes\n", "yes"},
		"wide signs":                  {"＞ reject\n\nyes\n", "yes"},
		"signs with spaces in front":  {"  > reject\n > > me\n\nyes\n", "yes"},
		"hidden signs in front":       {"\u200e> reject\n\u2068yes\u2069\n", "yes"},
		"French quotation marks":      {"»Ja« sage ich", "»Ja« sage ich"},
		"hard spaces, as phones like": {"approve\u00a0\u00a0\n\u00a0\n\u00a0> reject", "approve"},
	}.check(t)
}

func TestOwnAboveAHeader(t *testing.T) {
	ownCases{
		"Outlook":                        {"yes\n\n________________________________\nFrom: Ann Lee <ann@x.example>\nSent: Monday, May 4, 2026 10:11 AM\nTo: Bo <bo@x.example>\nSubject: Held\n\nreject\n", "yes"},
		"Outlook with nothing to say":    {"\n\n-----Original Message-----\nFrom: Ann Lee\nSent: Monday\nTo: Bo\nSubject: Held\n\nreject\n", ""},
		"Outlook in Swahili or whatever": {"ndiyo\n\n-----Ujumbe wa Asili-----\nreject\n", "ndiyo"},
		"Outlook in French":              {"oui\n\nDe : Ann Lee [mailto:ann@x.example]\nEnvoyé : lundi 4 mai 2026 10:11\nÀ : Bo\nObjet : En attente\n\nreject\n", "oui"},
		"Outlook in Arabic":              {"نعم\n\nمن: Ann Lee <ann@x.example>\nتاريخ الإرسال: 4 مايو 2026\nإلى: Bo\nالموضوع: x\n\nreject", "نعم"},
		"Outlook in Chinese":             {"好\n\n发件人： Ann <ann@x.example>\n发送时间： 2026年5月4日 10:11\n收件人： Bo\n主题： x\n\nreject", "好"},
		"with stars, as from HTML":       {"yes\n\n*From:* Ann Lee <ann@x.example>\n*Sent:* Monday\n*To:* Bo\n\nreject", "yes"},
		"with an empty line between":     {"yes\n\nFrom: Ann Lee <ann@x.example>\n\nDate: Monday\n\nTo: Bo\n\nreject", "yes"},
		"all on one line":                {"yes\n\nFrom: Ann Lee <ann@x.example> Sent: Monday To: Bo Subject: Held\n\nreject", "yes"},
		"To on several lines":            {"yes\n\nFrom: Ann Lee\nTo: Bo <bo@x.example>,\n  Cy <cy@x.example>,\n  Di <di@x.example>\nSubject: Held\n\nreject", "yes"},
		"a separator and marks":          {"------- Original Message -------\nOn Monday, 4 May 2026 at 10:11, Ann Lee <ann@x.example> wrote:\n\n> reject\n\nyes\n", "yes"},
		"a message forwarded":            {"see below\n\n---------- Forwarded message ---------\nFrom: Ann Lee <ann@x.example>\nDate: Mon\nSubject: x\nTo: Bo\n\nreject\n", "see below"},
		"forwarded by Apple Mail":        {"see below\n\n> Début du message réexpédié :\n> \n> De: Ann\n> reject\n", "see below"},
		"forwarded by Yahoo":             {"see below\n   ----- Weitergeleitete Nachricht ----- Von: Ann <ann@x.example>An: bo@x.example\nreject", "see below"},
		"lines of a command":             {"Title: To listen\nDate: 2026-05-04\nWeeks: 2", "Title: To listen\nDate: 2026-05-04\nWeeks: 2"},
		"one line with a name":           {"Subject: is not good\nreject", "Subject: is not good\nreject"},
		"a heading of one's own":         {"yes\n\n--- Agenda ---\nTea", "yes\n\n--- Agenda ---\nTea"},
		"a row of dashes":                {"-----\nyes\n-----\nno", "yes\n-----\nno"},
	}.check(t)
}

func TestOwnAboveASignature(t *testing.T) {
	ownCases{
		"a signature":                           {"yes\n-- \nAnn Lee\nreject\n", "yes"},
		"an advertisement below a signature":    {"yes\n --\n Free-mail, gratis: http://x.example\n \n Sponsor:\n Grill your fish at the table!\n", "yes"},
		"a signature without its space":         {"yes\n--\nAnn Lee\n", "yes"},
		"two dashes within a text":              {"yes\n--\n" + strings.Repeat("line\n", 20), "yes\n--\n" + strings.TrimSpace(strings.Repeat("line\n", 20))},
		"a signature alone":                     {"\n\n-- \nAnn Lee\n\nOn 4 May 2026, Bo <bo@x.example> wrote:\n> reject\n", ""},
		"an answer below signature and quote":   {"-- \nAnn Lee\n\nOn 4 May 2026, Bo <bo@x.example> wrote:\n> reject\n\nyes\n", "yes"},
		"what a list appends":                   {"yes\n\n_______________________________________________\nPeers mailing list\n", "yes"},
		"what a list appends below a quotation": {"> reject\n\n_______________________________________________\nPeers mailing list\n", ""},
		"a telephone in English":                {"yes\n\nSent from my iPhone\n", "yes"},
		"a telephone in French":                 {"oui\n\nEnvoyé de mon iPhone\n", "oui"},
		"a telephone in Spanish":                {"sí\n\nEnviado desde mi Samsung\n", "sí"},
		"a telephone in Portuguese":             {"sim\n\nEnviado do meu telemóvel\n", "sim"},
		"a telephone in Swahili":                {"ndiyo\n\nImetumwa kutoka simu yangu\n", "ndiyo"},
		"a telephone in Japanese":               {"はい\n\niPhoneから送信\n", "はい"},
		"a telephone in Arabic":                 {"نعم\n\nأُرسلت من الـ iPhone\n", "نعم"},
		"a telephone in Turkish":                {"evet\n\niPhone'umdan gönderildi\n", "evet"},
		"a program":                             {"yes\n\nGet Outlook for Android<https://aka.ms/x>\n", "yes"},
		"a telephone and nothing else":          {"Sent from my Galaxy\n\n> reject\n", ""},
		"a telephone in German":                 {"ja\n\nGesendet von Outlook für Android\n", "ja"},
		"a telephone in Dutch":                  {"ja\n\nVerstuurd vanaf mijn iPhone\n", "ja"},
		"a telephone in Russian":                {"да\n\nОтправлено с моего iPhone\n", "да"},
		"a telephone in Chinese":                {"好\n\n从我的 iPhone 发送\n", "好"},
		"a French sentence that begins alike":   {"Envoyé à ma collègue, refuse", "Envoyé à ma collègue, refuse"},
		"a sentence that begins alike":          {"Sent from my desk, it would be easier.", "Sent from my desk, it would be easier."},
	}.check(t)
}

func TestOwnBelowAWarning(t *testing.T) {
	ownCases{
		"a gateway's warning":                {"CAUTION: This email originated from outside of the organization. Do not click links or\nopen attachments unless you recognize the sender.\n\nyes\n", "yes"},
		"a gateway's tag":                    {"[EXTERNAL] yes\n", "yes"},
		"a gateway's tag on its own line":    {"[EXTERNAL]\nreject\n", "reject"},
		"a gateway's warning in two lines":   {"[EXTERNAL EMAIL] DO NOT CLICK links or attachments unless you recognize the sender.\nreject\n", "reject"},
		"a warning with a heading":           {"CAUTION:\nThis message came from outside the organisation.\n\nreject\n", "reject"},
		"a text that speaks of the outside":  {"reject, it comes from outside the organisation", "reject, it comes from outside the organisation"},
		"a text that begins with an outside": {"External reviewers say no", "External reviewers say no"},
		"a signed text":                      {"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nreject\n- -- \nAnn\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n", "reject"},
		"an encrypted text is not nothing":   {"-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n", "-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----"},
	}.check(t)
}

func TestOwnAbove(t *testing.T) {
	for text, want := range map[string]string{
		"one\ntwo": "one\ntwo", "one\n\n> x\n": "one", "one\n> x\ntwo": "one", "> x\none": "", "one\n-- \nAnn": "one", "-- \nAnn\n> x\none": "", "": "",
		"one\n\nOn 4 May 2026, Ann <ann@x.example> wrote:\n> x\n\ntwo": "one", "On 4 May 2026, Ann wrote:\n\n> x\n\ntwo": "", "----\none\n----\n> x\ntwo": "one",
	} {
		m := Parse(plainReply(text))
		if above, more := m.OwnAbove(); above != want || more != (want != m.Own()) {
			t.Errorf("%q: %q, more %v", text, above, more)
		}
	}
}

// TestAttributions has one of each sort of program and language; each is tried above marked lines with the answer below, and above unmarked ones.
func TestAttributions(t *testing.T) {
	for _, line := range []string{
		"On Mon, May 4, 2026 at 10:11 AM Ann Lee <ann@x.example> wrote:",
		"On 4 May 2026, at 10:11, Ann Lee <ann@x.example> wrote:",
		"On Mon, May 04, 2026 at 10:11:12AM +0200, Ann Lee wrote:",
		"On 5/4/26 10:11, Ann Lee wrote:",
		"- On 2026-05-04 10:11, Ann Lee wrote:",
		"Ann Lee <ann@x.example> writes:",
		"* Ann Lee <ann@x.example> [2026-05-04 10:11]:",
		"Quoting Ann Lee <ann@x.example>:",
		"Zitat von Ann Lee <ann@x.example>:",
		"---- On Mon, 04 May 2026 10:11:12 +0200 Ann Lee <ann@x.example> wrote ----",
		"2026-05-04 10:11 GMT+02:00 Ann Lee <ann@x.example>:",
		"2026/5/4 Ann Lee <ann@x.example>",
		"Am Mo., 4. Mai 2026 um 10:11 Uhr schrieb Ann Lee <ann@x.example>:",
		"Ann Lee <ann@x.example> schrieb am Mo., 4. Mai 2026, 10:11:",
		"Le lun. 4 mai 2026 à 10:11, Ann Lee <ann@x.example> a écrit :",
		"Le 04/05/2026 à 10:11, Ann Lee a écrit\u00a0:",
		"El lun, 4 may 2026 a las 10:11, Ann Lee (<ann@x.example>) escribió:",
		"El 4/5/26 a las 10:11, Ann Lee escribió:",
		"Il giorno lun 4 mag 2026 alle ore 10:11 Ann Lee <ann@x.example> ha scritto:",
		"Em seg., 4 de mai. de 2026 às 10:11, Ann Lee <ann@x.example> escreveu:",
		"Op ma 4 mei 2026 om 10:11 schreef Ann Lee <ann@x.example>:",
		"Den mån 4 maj 2026 kl 10:11 skrev Ann Lee <ann@x.example>:",
		"man. 4. maj 2026 kl. 10.11 skrev Ann Lee <ann@x.example>:",
		"ma 4. toukok. 2026 klo 10.11 Ann Lee (ann@x.example) kirjoitti:",
		"pon., 4 maj 2026 o 10:11 Ann Lee <ann@x.example> napisał(a):",
		"po 4. 5. 2026 v 10:11 odesílatel Ann Lee <ann@x.example> napsal:",
		"Ann Lee <ann@x.example> ezt írta (időpont: 2026. máj. 4., H, 10:11):",
		"În lun., 4 mai 2026 la 10:11, Ann Lee <ann@x.example> a scris:",
		"пн, 4 мая 2026 г. в 10:11, Ann Lee <ann@x.example>:",
		"пн, 4 трав. 2026 р. о 10:11 Ann Lee <ann@x.example> пише:",
		"Στις Δευ 4 Μαΐ 2026 στις 10:11 π.μ., ο/η Ann Lee <ann@x.example> έγραψε:",
		"Ann Lee <ann@x.example>, 4 May 2026 Pzt, 10:11 tarihinde şunu yazdı:",
		"\u202bבתאריך יום ב׳, 4 במאי 2026 ב-10:11 מאת \u202aAnn Lee\u202c\u200f <\u202aann@x.example\u202c\u200f>:\u202c",
		"في الاثنين، ٤ مايو ٢٠٢٦ في ١٠:١١ ص تمت كتابة ما يلي بواسطة Ann Lee <ann@x.example>:",
		"Ann Lee <ann@x.example> 於 2026年5月4日 週一 上午10:11寫道：",
		"2026年5月4日(月) 10:11 Ann Lee <ann@x.example>:",
		"2026년 5월 4일 (월) 오전 10:11, Ann Lee <ann@x.example>님이 작성:",
		"Vào Th 2, 4 thg 5, 2026 vào lúc 10:11 Ann Lee <ann@x.example> đã viết:",
		"Pada Sen, 4 Mei 2026 pukul 10.11 Ann Lee <ann@x.example> menulis:",
		"सोम, 4 मई 2026 को 10:11 बजे को Ann Lee <ann@x.example> ने लिखा:",
		"Tarehe Jtt, 4 Mei 2026 saa 10:11 Ann Lee <ann@x.example> ameandika:",
	} {
		t.Run(line, func(t *testing.T) {
			for name, c := range map[string]struct{ text, want string }{
				"above":        {"yes\n\n" + line + "\n\n> reject\n> this\n", "yes"},
				"at once":      {"yes\n" + line + "\n> reject\n", "yes"},
				"below":        {line + "\n> reject\n> this\n\nyes\n", "yes"},
				"no marks":     {"yes\n\n" + line + "\n\nreject\nthis\n", "yes"},
				"nothing said": {line + "\n\n> reject\n", ""},
			} {
				own, read := Parse(plainReply(c.text)).Reply()
				if own != c.want || !read {
					t.Errorf("%s: got %q, %v, want %q", name, own, read, c.want)
				}
			}
			if own, read := Parse(plainReply(line + "\n\nreject\n")).Reply(); own != "" || read {
				t.Errorf("a quotation without marks, which an answer may follow: got %q, %v", own, read)
			}
		})
	}
}

// TestReplyIsNotRead has what must not be taken for a reply without a word.
func TestReplyIsNotRead(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		read bool
	}{
		"an empty body":                         {"Subject: x\n\n", true},
		"an empty text beside an empty HTML":    {"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/html\n\n<div><br></div>\n--b--\n", true},
		"an empty text beside a picture":        {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: image/png\n\nx\n--b--\n", true},
		"an empty text beside a file shown":     {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n--b\nContent-Disposition: inline; filename=x.txt\n\nreject\n--b--\n", false},
		"an empty text beside an empty file":    {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n--b\nContent-Disposition: inline; filename=x.txt\n\n\n--b--\n", true},
		"a picture alone":                       {"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n", false},
		"base64 that is none":                   {"Content-Transfer-Encoding: base64\n\n!!!!\n", false},
		"base64 of an empty line":               {"Content-Transfer-Encoding: base64\n\nDQo=\n", true},
		"encrypted with S/MIME":                 {"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\nAAAA\n", false},
		"encrypted with OpenPGP":                {"Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nx\n--b--\n", false},
		"a quotation longer than anybody reads": {"Subject: x\n\n" + strings.Repeat("> quoted\n", 10000) + "\nreject\n", false},
		"HTML longer than anybody reads":        {"Content-Type: text/html\n\n<blockquote>" + strings.Repeat("quoted<br>", 10000) + "</blockquote>reject\n", false},
		"markup longer than anybody reads":      {"Content-Type: text/html\n\n" + strings.Repeat("<b></b>", 700000) + "reject\n", false},
		"a script that never ends":              {"Content-Type: text/html\n\n<script>reject\n", false},
		"what may be torn off, and no more":     {"Subject: x\n\n> " + strings.Repeat("word ", 15) + "\nreject\n> more\n", false},
		"what may be a warning, and no more":    {"Subject: x\n\nThis message comes from outside, reject\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			if own, read := Parse([]byte(c.raw)).Reply(); own != "" || read != c.read {
				t.Errorf("got %q, read %v", own, read)
			}
		})
	}
}

// TestReplyPart says which part of a message is read.
func TestReplyPart(t *testing.T) {
	const html, plain = "--b\nContent-Type: text/html\n\n<p>markup</p>\n", "--b\nContent-Type: text/plain\n\nplain\n"
	const mixed = "Content-Type: multipart/mixed; boundary=b\n\n"
	for name, c := range map[string]struct{ raw, want string }{
		"text before HTML":                   {mixed + html + plain + "--b--\n", "plain"},
		"HTML where the text is empty":       {mixed + "--b\nContent-Type: text/plain\n\n \n" + html + "--b--\n", "markup"},
		"not a file shown in the mail":       {mixed + "--b\nContent-Type: text/plain; name=minutes.txt\nContent-Disposition: inline; filename=minutes.txt\n\nreject\n" + html + "--b--\n", "markup"},
		"not what has the name of a file":    {mixed + plain + "--b\nContent-Type: text/html; name=x.html\n\nreject\n--b--\n", "plain"},
		"not a file with a name in pieces":   {mixed + "--b\nContent-Disposition: inline; filename*0*=utf-8''m; filename*1=x\n\nreject\n" + plain + "--b--\n", "plain"},
		"not one of two files":               {mixed + "--b\nContent-Type: text/plain; name=a\n\nreject\n--b\nContent-Type: text/plain; name=b\n\nreject\n--b--\n", ""},
		"the only text, though it is named":  {mixed + "--b\nContent-Type: image/png; name=x.png\n\nx\n--b\nContent-Type: text/plain; name=message.txt\n\nyes\n--b--\n", "yes"},
		"nor where it is an attachment":      {"Content-Disposition: attachment; filename=x.txt\n\nreject\n", ""},
		"an empty name is none":              {mixed + "--b\nContent-Type: text/plain; name=\"\"\n\nyes\n" + html + "--b--\n", "yes"},
		"not an attachment":                  {mixed + "--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nreject\n" + html + "--b--\n", "markup"},
		"not an enclosed message":            {mixed + "--b\nContent-Type: message/rfc822\n\nSubject: x\n\nreject\n" + html + "--b--\n", "markup"},
		"base64":                             {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nc8OtCg==\n", "sí"},
		"another charset":                    {"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\ns=ED\n", "sí"},
		"a multipart without any delimiter":  {"Content-Type: multipart/mixed; boundary=q\n\njust text\n", "just text"},
		"format=flowed":                      {"Content-Type: text/plain; format=flowed\n\nreject it is \noff topic\n\nOn 4 May 2026 at 10:11, Ann Lee \n<ann@x.example> wrote:\n> approve \n> it\n", "reject it is off topic"},
		"format=flowed, a stuffed line":      {"Content-Type: text/plain; format=flowed\n\n From here on\n > reject\n", "From here on"},
		"format=flowed, DelSp and signature": {"Content-Type: text/plain; format=flowed; delsp=yes\n\nap \nprove \n-- \nAnn\n", "approve"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Parse([]byte(c.raw)).Own(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestUnflow compares with what others make of format=flowed.
func TestUnflow(t *testing.T) {
	seen := 0
	readLines(t, needShared(t, "corpora/mime/vectors/format-flowed.jsonl"), func(line string) {
		var v struct {
			Case, Input, Deflowed string
			DelSp                 bool
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		seen++
		tidy := func(s string) string {
			var out []string
			for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
				out = append(out, visible(line))
			}
			return strings.Join(out, "\n")
		}
		if got := tidy(unflow(strings.ReplaceAll(v.Input, "\r\n", "\n"), v.DelSp)); got != tidy(v.Deflowed) {
			t.Errorf("%s: got %q, want %q", v.Case, got, tidy(v.Deflowed))
		}
	})
	if seen < 10 {
		t.Errorf("only %d vectors were read", seen)
	}
}

func TestOwnWhole(t *testing.T) {
	for body, want := range map[string]bool{
		"edit\nA text.\n\n  Indented.\n-- \nAmina\n":                            true,
		"edit\nA text.\n\nOn Monday, Zoe wrote:\n> What?\n":                     true,
		"> What?\n\nedit\nA text.\n":                                            true,
		"edit\nA text.\n\nSent from my iPhone\n":                                true,
		"edit\nA text.\n\n-----Original Message-----\nFrom: Zoe\nWhat?\n":       true,
		"edit\nA text.\n> What?\nMore of it.\n":                                 false,
		"> What?\nedit\n> Really?\nA text.\n":                                   false,
		"edit\nA text.\n\nOn Mon, 2 Mar 2026 at 09:00, Zoe <z@x> wrote:\nMe.\n": false,
		"edit\nA text.\n_______\nMore of it.\n":                                 false,
		"edit\n" + strings.Repeat("A text.\n", replyLimit/8):                    false,
	} {
		m := Parse([]byte(crlf("Subject: x\n\n" + body)))
		if own, whole := m.OwnWhole(); whole != want || own != m.Own() {
			t.Errorf("%.80q: %v, %.60q", body, whole, own)
		}
	}
}
