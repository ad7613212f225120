package message

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// barelySigned is how many lines may follow "--" without its space, which many programs lose, for it to begin a signature.
const barelySigned = 12

// signatureBegins reports whether the first of lines divides text from signature: "-- " (RFC 3676 §4.3; the space is gone by now), or a dash alone.
// Free mail services put one in front of it.
func signatureBegins(lines []replyLine) bool {
	switch strings.TrimPrefix(lines[0].text, " ") {
	case "--", "—", "––", "__":
	default:
		return false
	}
	n := 0
	for _, l := range lines[1:] {
		if l.quoted {
			break
		}
		if l.text != "" {
			n++
		}
		if n > barelySigned {
			return false
		}
	}
	return true
}

// footerRule is the row of underscores above what a list server appends.
var footerRule = regexp.MustCompile(`^_{5,}$`)

func isFooterRule(line string) bool { return footerRule.MatchString(line) }

// What telephones and mail programs write below a text, unasked. The first expression names a device within a few words of "sent from", the second does
// in languages that say "my" or the device; the third has phrases that nobody writes themselves.
var (
	deviceWord = `(?:i ?phone|i ?pad|i ?pod|i ?os|iwatch|watch|android|(?:smart|mobile |cell|tele)?phone|mobile?|mobil\pL*|blackberry|samsung|galaxy|htc|nokia|huawei|xiaomi|redmi|` +
		`oppo|tecno|infinix|itel|motorola|moto|sony|xperia|pixel|oneplus|fairphone|windows|mac\pL*|mail|e-?mail|outlook|airmail|mailbox|yahoo\S*|gmail|gmx|web\.de|proton\pL*|k-9|` +
		`thunderbird|cell|tablet\pL*|device|handheld|handy|smartphone|surface|telef\pL*|móvil|celular|portable|téléphone|appareil|gerät\pL*|dispositiv\pL*|ti-85|alcatel|simu\pL*|hp|pc)`
	deviceLines = []*regexp.Regexp{
		regexp.MustCompile(`(?i)^\W{0,3}sent (?:from|via|with|using|by) (?:(?:my|a|the) )?(?:[\pL\pN'’-]+ ){0,4}?\W?` + deviceWord + `(?:\W|$)`),
		regexp.MustCompile(`(?i)^\W{0,3}(?:envoyée? (?:de|depuis|à partir de|via|avec|par)|enviad[oa] (?:desde|de|do|da|a partir d[eoa]|con|com|por|via|pelo)|inviat[oa] (?:da|dal|dall|con|tramite)|` +
			`gesendet (?:von|mit|über|via)|(?:verzonden|verstuurd) (?:vanaf|vanuit|van|met|via)|skickat (?:från|med|via)|sendt (?:fra|med|via)|wysłan[eoy] (?:ze?|za)|(?:odesláno|odoslané) (?:z[eo]?|pomoc[ío]u?)|` +
			`trimis (?:de pe|de la|din|prin|cu)|elküldve|отправлено (?:с|из|через)|надіслано (?:з|із|через)|изпратено от|(?:poslan?to?|poslano) (?:sa?|iz|z)|dikirim (?:dari|melalui)|imetumwa (?:kutoka|kwa)|` +
			`lähetetty|saadetud|išsiųsta iš|nosūtīts no|(?:đã )?gửi từ|στάλθηκε από) (?:[\pL\pN'’.-]+ ){0,4}?\W?` +
			`(?:` + deviceWord + `|mon|ma|mi|meu|minha|mio|mia|meine[mr]?|mijn|min|mitt|moj\S*|moich|мо\S*|το|đ\S*)(?:\W|$)`),
		regexp.MustCompile(`(?i)^\W{0,3}(?:von (?:meinem|meiner|unterwegs)\W.{0,60}gesendet|diese (?:nachricht|e-?mail) wurde von mein.{0,60}gesendet|mit .{0,40} gesendet|from my (?:i|android|phone|mobile)` +
			`|get (?:\[?outlook|.{0,20} mail for)|download (?:the )?outlook|obtenir outlook|téléchargez outlook|obtener outlook|obter o? ?outlook|scarica outlook|outlook (?:für|voor) )`),
	}
)

// deviceFirst are the words with which deviceLines begin. Hardly any line does, and looking that up costs a hundredth.
var deviceFirst = wordSet(`sent envoyé envoyée enviado enviada inviato inviata gesendet verzonden verstuurd skickat sendt wysłane wysłano wysłany odesláno odoslané trimis elküldve отправлено
	надіслано изпратено poslano poslato poslan posláno dikirim imetumwa lähetetty saadetud išsiųsta nosūtīts đã gửi στάλθηκε von diese mit from get download obtenir téléchargez obtener scarica outlook`)

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// devicePrefixes and deviceEnds are those of languages in which what is looked for stands at the beginning or the end.
var (
	devicePrefixes = []string{"从我的", "從我的", "发自我的", "發自我的", "来自我的", "來自我的", "أُرسلت من", "أرسلت من", "تم الإرسال من", "مرسل من", "مُرسل من", "ارسال شده از", "فرستاده شده از", "נשלח מ", "ส่งจาก"}
	deviceEnds     = []string{"から送信", "에서 보냄", "에서 보냈습니다", "'dan gönderildi", "'den gönderildi", "’dan gönderildi", "’den gönderildi", "umdan gönderildi", "imden gönderildi"}
)

// isDeviceLine reports whether a program wrote the line to say which one it is.
func isDeviceLine(line string) bool {
	if len(line) > 150 {
		return false
	}
	word := strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) })
	if i := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		word = word[:i]
	}
	if deviceFirst[strings.ToLower(word)] && slices.ContainsFunc(deviceLines, func(e *regexp.Regexp) bool { return e.MatchString(line) }) || strings.HasSuffix(line, " from mobile") {
		return true
	}
	return !isASCII(line) && (slices.ContainsFunc(devicePrefixes, func(p string) bool { return strings.HasPrefix(line, p) }) ||
		slices.ContainsFunc(deviceEnds, func(p string) bool { return strings.HasSuffix(line, p) }))
}

// What gateways put above a text that comes from outside. One that a person could begin a line with needs both expressions.
var (
	bannerTag   = regexp.MustCompile(`(?i)^[\[({*<\s]*(?:external|ext|extern|externe|externo|externa|esterno|outside|sender unverified|外部|外部邮件|外部郵件|社外)(?: (?:e-?mail|sender|message|mail))?[\])}*>\s]*[\])}*>][:\s]*`)
	bannerBegin = regexp.MustCompile(`(?i)^\W*(?:caution|warning|attention|important|notice|achtung|vorsicht|warnung|avertissement|prudence|attenzione|atención|atencion|precaución|advertencia|aviso|atenção|cuidado|` +
		`let op|waarschuwing|varning|advarsel|external (?:e-?mail|sender|message|mail)|extern\pL* (?:e-?mail|mail|absender|nachricht|afzender|bericht)|` +
		`(?:e-?mail|mail|message|courriel|expéditeur|correo|mensaje|remitente|messaggio|mittente) (?:extern[aeo]|esterno)|this (?:e-?mail|message)|cet? (?:e-?mail|message|courriel|mail)|diese (?:e-?mail|nachricht|mail)|` +
		`este (?:correo|mensaje|e-?mail|email)|esta mensagem|questa (?:e-?mail|mail)|questo messaggio|you don.?t often|sie erhalten nicht|vous n.{0,3}obtenez pas souvent|no suele recibir|` +
		`some people who received this|do not click|ne cliquez pas|klicken sie|no haga clic)(?:\W|$)`)
	bannerSays = regexp.MustCompile(`(?i)external|outside|extern|außerhalb|extérieur|fuera de|fora d|esterno|all.esterno|utanför|buiten|don.?t often get|nicht (?:oft|häufig)|pas souvent|` +
		`no suele recibir|click (?:on )?(?:any )?links?|attachments?|pièces? jointes?|anhäng|adjuntos?|anexos?|allegati|bijlag|learn why this is important|recogni[sz]e|content is safe`)
)

// banner counts the lines of a gateway's warning that lines begin with, and returns what stands behind it in the last of them. Zero: there is none.
func banner(lines []replyLine) (n int, rest string) {
	first := lines[0].text
	if tag := bannerTag.FindString(first); tag != "" {
		rest = strings.TrimSpace(first[len(tag):])
		if rest == "" || !bannerSays.MatchString(rest) {
			return 1, rest
		}
	} else if !bannerBegin.MatchString(first) || !bannerSays.MatchString(first) && !nextSays(lines) {
		return 0, ""
	}
	n = 1
	for n < len(lines) && n < 8 && !lines[n].quoted && lines[n].text != "" && len(lines[n].text) <= lineLimit {
		before := lines[n-1].text
		wrapped := len(before) >= 55 && !strings.ContainsAny(before[len(before)-1:], ".!?])")
		if !wrapped && !bannerSays.MatchString(lines[n].text) {
			break
		}
		n++
	}
	return n, ""
}

// nextSays reports whether the line below a heading like "CAUTION:" says that the mail comes from outside.
func nextSays(lines []replyLine) bool {
	head := strings.TrimRight(lines[0].text, ":! *")
	return len(head) < 30 && !strings.Contains(head, " ") && len(lines) > 1 && !lines[1].quoted && bannerSays.MatchString(lines[1].text) && bannerBegin.MatchString(lines[1].text)
}
