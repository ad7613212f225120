package calendar

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"convene/list/event/cafe"
)

// publicMail are the names under which anybody gets an address, by the first label of their domain: it says nothing of whom somebody works with.
const publicMail = " gmail googlemail google yahoo ymail rocketmail hotmail outlook live msn passport icloud me mac aol aim gmx web mail email inbox proton protonmail pm tutanota " +
	"tuta fastmail zoho zohomail yandex rambler bk list hey hushmail posteo mailbox riseup disroot autistici orange wanadoo free laposte sfr neuf bbox libero virgilio tiscali " +
	"alice t-online freenet arcor terra uol bol ig globo telefonica movistar prodigy naver daum hanmail qq 163 126 sina sohu foxmail rediffmail comcast verizon att sbcglobal " +
	"bellsouth cox charter btinternet sky talktalk virginmedia bigpond optusnet shaw rogers telus sympatico skynet telenet ziggo kpnmail xs4all bluewin telia safaricom mweb "

// groupOf is the organisation whose mail somebody has, as far as their address tells; empty: it does not.
func groupOf(address string) string {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	own, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(own, ".")
	if strings.Contains(publicMail, " "+name+" ") {
		return ""
	}
	return own
}

// group has colleagues not all sit together where that can be had, so that people meet others. What more than half have in common tells nothing: it is a provider's, or everybody
// works there.
func group(guests []cafe.Guest) {
	count := map[string]int{}
	for i := range guests {
		guests[i].Group = groupOf(guests[i].Key)
		count[guests[i].Group]++
	}
	for i := range guests {
		if 2*count[guests[i].Group] > len(guests) {
			guests[i].Group = ""
		}
	}
}
