package mailer

import "convene/list"

// providerTexts are taken before all else: their providers say something else by their codes than RFC 3463 does, or nothing. Sources: what the
// providers publish on their replies, and reports that came back.
var providerTexts = []providerText{
	// Gmail
	{"", "the email account that you tried to reach does not exist", list.ClassHard},
	{"", "the email account that you tried to reach is disabled", list.ClassHard},
	{"", "the email account that you tried to reach is inactive", list.ClassHard},
	{"", "the email account that you tried to reach is over quota", list.ClassSoft},
	{"", "the recipient's inbox is out of storage", list.ClassSoft},
	{"5.2.1", "receiving mail at a rate", list.ClassSoft},
	{"", "receiving mail too quickly", list.ClassSoft},
	{"", "domain doesn't receive email according to the administrator", list.ClassHard},
	{"", "returned null mx", list.ClassHard},
	// Yahoo, AOL
	{"", "this user doesn't have a", list.ClassHard},
	{"", "dd requested mail action aborted mailbox not found", list.ClassHard},
	{"", "dd not a valid recipient", list.ClassHard},
	{"", "mailbox is disabled 30", list.ClassHard},
	{"", "user account is overquota", list.ClassSoft},
	{"", "mailbox temporarily disabled", list.ClassSoft},
	// Microsoft
	{"5.4.1", "recipient address rejected access denied", list.ClassHard}, // Directory-Based Edge Blocking: not in the directory
	{"", "resolver adr recipientnotfound", list.ClassHard},
	{"", "resolver adr recipnotfound", list.ClassHard},
	{"", "resolver adr exrecipnotfound", list.ClassHard},
	{"", "resolver rst recipsizelimit", list.ClassContent},
	{"", "resolver rst sendsizelimit", list.ClassContent},
	{"", "resolver rst notauthorized", list.ClassPolicy},
	{"", "resolver rst authrequired", list.ClassPolicy},
	{"5.5.0", "requested action not taken mailbox unavailable", list.ClassHard}, // outlook.com
	{"5.2.122", "", list.ClassSoft},
	{"", "unfortunately messages from", list.ClassPolicy},
	{"", "dns domain does not exist", list.ClassHard},
	// Postfix: "not found" is NXDOMAIN, "try again" a name server that did not answer
	{"", "host not found try again", list.ClassSoft},
	{"5.4.4", "host or domain name not found", list.ClassHard},
	// Apple
	{"5.1.1", "unknown or illegal alias", list.ClassHard},
	{"", "mailbox is inactive", list.ClassHard},
	// GMX, web.de, 1&1
	{"", "requested action not taken mailbox unavailable for explanation visit", list.ClassPolicy},
	{"", "nemesis esmtp service not available", list.ClassPolicy},
	// Orange, wanadoo, Free
	{"", "adresse d au moins un destinataire invalide", list.ClassHard},
	{"", "adresse d'au moins un destinataire invalide", list.ClassHard},
	{"", "invalid recipient ofr", list.ClassHard},
	{"", "boite du destinataire pleine", list.ClassSoft},
	{"", "boite du destinataire archivee", list.ClassHard},
	{"", "ofr", list.ClassPolicy}, // OFR_506 and the like, if it is none of those above
	// mail.ru, Yandex
	{"", "message was not accepted invalid mailbox", list.ClassHard},
	{"", "local mailbox", list.ClassHard},
	{"", "account is unavailable", list.ClassHard},
	// QQ, NetEase, Sina
	{"", "mailbox unavailable or access denied", list.ClassHard},
	{"", "mail content denied", list.ClassPolicy},
	{"", "suspected bounce attacks", list.ClassPolicy},
	{"", "connection frequency limited", list.ClassPolicy},
	{"", "mi spb", list.ClassPolicy},
	{"", "user suspended", list.ClassHard},
}

// wordRow is words that say what a reply is about.
type wordRow struct {
	class list.BounceClass
	wins  bool // over an enhanced code that blames the address
	words []string
}

// wordRows are read from the top: a message that says two things is taken for what counts less against the member. The words are as plainWords makes
// them, and each stands for all that begins so.
var wordRows = []wordRow{
	{list.ClassOurs, false, []string{"mail loop", "routing loop", "too many hops", "hop count exceeded", "possible mail loop", "message looping",
		"maximum hop",
		"too many received", "line limit exceeded", "line too long", "syntax error", "command not recognized", "unrecognized command", "bare lf",
		"malformed",
		"not rfc compliant", "rfc 5322", "rfc 2822"}},
	{list.ClassContent, true, []string{"message size", "message too large", "message too big", "exceeds size limit", "exceeded size limit",
		"message exceeds",
		"message length exceeds", "maximum message size", "larger than the current system limit", "too large to", "max message size", "virus",
		"infected",
		"message file too big", "mail size limit", "mesg too big", "file too big", "attachment type"}},
	{list.ClassPolicy, true, []string{"spam", "junk mail", "unsolicited", "blocked", "block list", "blocklist", "blacklist", "black list",
		"blackhole", "rbl ", "dnsbl",
		"is listed", "are listed", "been listed", "listed at", "listed by", "listed on", "banned", "reputation", "dmarc", "spf ", "dkim", "policy",
		"policies", "unauthenticated",
		"authentication required", "must authenticate", "rate limit", "rate control", "rate exceed", "sending rate", "too many messages",
		"too many connections",
		"too many mails", "too many recipients", "too much mail", "throttl", "temporarily deferred", "sending limit", "relay quota", "reverse dns",
		"rdns", "ptr ", "no reverse",
		"starttls", "relaying", "relay access", "relay not", "relay denied", "mail relay", "open relay", "to relay", "cannot relay", "phish",
		"bad sender",
		"sender rejected", "sender denied", "sender address rejected", "sender refused", "domain of sender", "unroutable sender", "sender domain",
		"invalid sender", "sender verif", "untrusted", "greylist", "graylist", "gray list", "grey list", "client host rejected", "your ip",
		"invalid ip",
		"dynamic ip", "bad dns"}},
	{list.ClassSoft, true, []string{"over quota", "overquota", "exceeded storage", "storage allocation", "quota exceeded", "quota violation",
		"quota full",
		"exceeds quota", "exceeded quota", "exceeded its quota", "exceed the quota", "disk quota", "out of storage", "not enough storage",
		"insufficient system storage", "insufficient disk", "mailbox full", "mailbox is full", "inbox full", "inbox is full", "full mailbox",
		"mailfolder is full", "mailbox has exceeded", "mailbox exceed", "exceeds allowed size", "exceeded the local limit", "mailbox size",
		"account is full",
		"user is over", "maildir over", "mailbox over", "qqt", "storage limit", "storage quota", "boîte pleine", "boite pleine", "casilla llena",
		"容量", "空间不足"}},
	{list.ClassHard, false, []string{"user unknown", "unknown user", "unknown recipient", "recipient unknown", "unknown address", "address unknown",
		"unknown mailbox",
		"unknown local", "unknown account", "account unknown", "unknown alias", "unknown or illegal", "no such", "no mailbox", "no mail box",
		"no user", "no recipient",
		"no account", "no valid recipient", "not found", "not known", "not exist", "n't exist", "no longer exist", "no longer valid",
		"no longer here",
		"no longer available", "no longer active", "no longer in use", "no longer on server", "n't a valid", "not a valid", "is not valid",
		"invalid recipient",
		"invalid user", "invalid mailbox", "invalid address", "invalid final delivery userid", "user invalid", "bad destination", "bad recipient",
		"recipient name is not recognized", "unrecognized recipient", "not listed in domino directory", "not listed in public", "not our customer",
		"not a known", "not a registered",
		"not in directory", "does not have an account", "has no mailbox", "not a mailbox", "illegal alias", "undeliverable address",
		"not a deliverable",
		"couldn't be found", "could not be found", "wasn't found", "couldn't find any host", "recipient rejected", "mailbox unavailable",
		"final email delivery point", "destinataire inconnu", "utilisateur inconnu", "n'existe pas", "no existe", "unbekannt", "existiert nicht",
		"non esiste",
		"sconosciuto", "não existe", "desconhecido", "не найден", "не существует", "宛先が存在", "見つからない", "不存在"}},
	{list.ClassHard, false, []string{"host unknown", "unknown host", "unknown domain", "unrouteable", "unroutable", "nxdomain",
		"name service error", "does not have any mx",
		"null mx", "nullmx", "does not accept mail", "does not accept any mail", "not accept email", "doesn't accept mail", "doesn't receive email",
		"has moved",
		"have moved", "address has changed"}},
	{list.ClassHard, false, []string{"account is disabled", "account disabled", "account has been disabled", "disabled recipient", "mailbox disabled",
		"mailbox is disabled", "user disabled", "account inactive", "account is inactive", "inactive account", "inactive user", "is inactive",
		"account has been closed",
		"account closed", "account deleted", "deactivated", "suspended", "account is locked", "account expired", "terminated"}},
	{list.ClassPolicy, true, []string{"access denied", "access from", "not authenticated", "authenticat", "not authorized", "not authorised",
		"unauthorized", "not allowed",
		"not permitted", "permission denied", "refused by", "rejected for", "security", "suspicious", "content reject", "filter", "abuse", "poor ",
		"distrust",
		"whitelist", "white list", "invalid helo", "helo command", "bad helo", "helo reject", "not accepted from", "not accepting mail from",
		"accept mail from", "administrative prohibition", "prohibited", "denied by", "does not want",
		"doesn't want", "we do not accept"}},
	{list.ClassSoft, false, []string{"timed out", "timeout", "time out", "queue too long", "too long in the queue", "connection refused",
		"connection lost",
		"connection reset", "no route to host", "unreachable", "retry time", "multiple retries", "been failing for a long time", "not responding",
		"did not respond", "temporar", "try again later", "not delivered within", "could not deliver for the last", "unable to connect",
		"unable to contact",
		"could not connect", "expired", "mail exchanger", "system error", "out of memory", "could not find a gateway", "socket error", "resources"}},
}
