package message

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// quotedNames are classes and ids of elements that hold what is quoted, what introduces it, or a signature; in lower case. Outlook puts "x_" before
// those of a message that it quotes.
var quotedNames = map[string]bool{
	"gmail_attr": true, "gmail_signature": true, "gmail_signature_prefix": true, // Gmail
	"moz-cite-prefix": true, "moz-email-headers-table": true, "moz-forward-container": true, "moz-signature": true, // Thunderbird
	"yahoo_quoted": true, "yahoo-quoted-begin": true, "ymail_android_signature": true, // Yahoo
	"ms-outlook-mobile-signature": true, "ms-outlook-mobile-reference-message": true, "mail-editor-reference-message-container": true, // Outlook
	"applemailsignature": true, "olk_src_body_section": true, // Apple Mail, Outlook for Mac
	"protonmail_quote": true, "protonmail_signature_block": true, "tutanota_quote": true, "zmail_extra": true, // Proton, Tuta, Zoho
	"reply-intro": true, "isreplycontent": true, "isforwardcontent": true, // Roundcube, NetEase
	"__quoted_text__": true, "messagereplysection": true, "freshdesk_quote": true, // Zimbra, Spark, Freshdesk
}

// restNames are ids of elements where what is quoted begins and goes on to the end, in elements of their own.
var restNames = map[string]bool{"divrplyfwdmsg": true, "appendonsend": true, "stopspelling": true}

// restRule is the line that Outlook draws above the header of the message that it quotes, with nothing else to know it by.
var restRule = regexp.MustCompile(`(?i)border: ?none; ?border-top: ?solid (?:#(?:E1E1E1|B5C4DF)|windowtext) 1\.0pt; ?padding: ?3\.0pt 0`)

// markupOf says what an element tells about the text in it, by what mail programs write.
func markupOf(t html.Token) markupKind {
	switch t.Data {
	case "script", "style", "title", "noscript", "template", "iframe", "noembed", "noframes", "textarea":
		return markupHidden
	case "blockquote", "includetail": // the latter QQ
		return markupQuoted
	}
	holder := false
	for _, a := range t.Attr {
		switch a.Key {
		case "class", "id", "name", "data-marker":
			for name := range strings.FieldsSeq(strings.ToLower(a.Val)) {
				switch {
				case restNames[name]:
					return markupRest
				case quotedNames[name], strings.HasPrefix(name, "yahoo_quoted_"):
					return markupQuoted
				case name == "gmail_quote" || name == "gmail_quote_container":
					holder = true
				}
			}
		case "style":
			if restRule.MatchString(a.Val) {
				return markupRest
			}
		case "data-signature-widget": // mail.ru
			return markupQuoted
		}
	}
	if holder {
		return markupHolder
	}
	return markupOwn
}
