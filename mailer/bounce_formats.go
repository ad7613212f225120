package mailer

import "convene/list"

// bounceFormats are the mail systems whose reports are not, or not always, made for machines. The more peculiar ones stand first: the first that fits
// and finds a recipient is taken. What stands in quotes is how their texts begin, in lower case and with single spaces.
var bounceFormats = []bounceFormat{
	{name: "qmail", begin: []string{"hi. this is the"},
		ways: []way{headed, leading}}, // QSBMF, cr.yp.to/proto/qsbmf.txt; ezmlm and Courier write it too
	{name: "yahoo", begin: []string{"sorry, we were unable to deliver your message to the following address",
		"unable to deliver message to the following address(es)"}, ways: []way{headed, leading}},
	{name: "qmail-x4", begin: []string{"your mail message to the following address(es) could not be delivered"}, ways: []way{headed}},
	{name: "qmail-localised", subject: "failure notice", ways: []way{headed}},
	{name: "mail.ru", begin: []string{"это письмо создано автоматически", "a message that you sent was rejected"},
		ways: []way{alone, leading, anywhere}},
	{name: "zoho", mailer: "zoho mail", begin: []string{"this message was created automatically by mail delivery software"}, ways: []way{leading}},
	{name: "gmx", begin: []string{"its recipients. this is a permanent error. the following address failed:"}, ways: []way{leading, anywhere}},
	{name: "exim", begin: []string{"this message was created automatically by mail delivery software",
		"message was created automatically by the mail delivery s"},
		end: []string{"------ this is a copy"}, ways: []way{leading, angled}},
	{name: "dovecot-lda", begin: []string{"was automatically rejected:"}, ways: []way{anywhere}},

	{name: "gmail", begin: []string{"delivery to the following recipient failed"}, ways: []way{alone}},
	{name: "gmail-delay", begin: []string{"delivery to the following recipient has been delayed"}, ways: []way{alone}},
	{name: "google-groups", from: "google", header: "X-Failed-Recipients", begin: []string{"google groups", "google 群組", "google 网上论坛"},
		class: list.ClassSoft}, // gone, or not open to us
	{name: "gmail-letter", begin: []string{"** address not found **", "** message blocked **", "** message not delivered **",
		"** recipient inbox full **", "** delivery incomplete **",
		"your message wasn't delivered to"}, from: "google", daemon: true, ways: []way{behind("delivered to", "write to", "message to", "contact ")}},
	{name: "yahoo-letter", begin: []string{"wasn't able to deliver the following message"}, ways: []way{behind("to:")}},
	{name: "aol", from: "aol.com", begin: []string{"mail to the following recipients could not be delivered"}, ways: []way{screenName}},
	{name: "sina", from: "sina.com", daemon: true, ways: []way{leading}},

	{name: "exchange5.5", begin: []string{"did not reach the following recipient(s):", "the following recipient(s) could not be reached:"},
		end:  []string{"msexch:"},
		ways: []way{behind("smtp="), leading, anywhere}, sole: true},
	{name: "exchange", begin: exchangeBegin, ways: []way{alone, leading, anywhere}},
	{name: "smtpsvc", subject: "delivery status notification", begin: []string{"transcript of session follows"}, ways: []way{alone}},
	{name: "postfix", begin: []string{"this is the mail system at host", "the postfix program", "the bns postfix program", "the keftamail program",
		"failure reason:", "the mail system <", "this is the postfix"},
		ways: []way{headed, leading, angled}},
	{name: "dragonfly", begin: []string{"this is the dragonfly mail agent"}, ways: []way{behind("delivering your mail to")}},
	{name: "opensmtpd", begin: []string{"this is the mailer-daemon, please do not reply", "this is the mailer-daemon at"}, ways: []way{leading}},
	{name: "courier", begin: []string{"this is a delivery status notification from"},
		end: []string{"if your message was also sent to additional recipients"}, ways: []way{leading}},
	{name: "activehunter", begin: []string{"the following addresses had permanent fatal errors ----- >>>"}, ways: []way{leading}},
	{name: "biglobe", from: "biglobe.ne.jp", begin: []string{"----- the following addresses had delivery problems"}, ways: []way{alone}},
	{name: "sendmail", begin: []string{"the following addresses had permanent", "the following addresses had fatal errors",
		"the following addresses had delivery problems",
		"the following addresses had transient", "the following addresses have delivery notifications", "the following address(es) had"},
		end: []string{"transcript of session follows", "non-delivered information"}, ways: []way{leading, angled}},
	{name: "sendmail-x1", begin: []string{"---the following addresses had delivery errors---"}, ways: []way{leading}},
	{name: "sendmail-v5", begin: []string{"transcript of session follows"}, ways: []way{transcript}, above: true},
	{name: "sendmail-v5", begin: []string{"transcript of session follows"}, ways: []way{alone, angled}},

	{name: "smtp32", mailer: "<smtp32 v", ways: []way{behind("user mailbox exceeds allowed size:", "user mailbox", "delivery failed",
		"unknown user", "undeliverable to", "delivery userid", "invalid final delivery userid:")}},
	{name: "imail", begin: []string{"invalid final delivery userid:", "undeliverable to ", "unknown user:", "user mailbox exceeds allowed size:"},
		ways: []way{behind("userid:", "undeliverable to", "unknown user:", "allowed size:"), anywhere}},
	{name: "groupwise", mailer: "novell groupwise", daemon: true, ways: []way{angled, leading}},
	{name: "mailfoundry", begin: []string{"unable to deliver message to: <"}, ways: []way{angled}},
	{name: "interscan", begin: []string{"unable to deliver message to", "interscan messaging security suite", "sent <<< rcpt to:",
		"sent >>> rcpt to:"},
		end: []string{"end of message"}, ways: []way{refused, angled}},
	{name: "domino", begin: []string{"was not delivered to:"}, end: []string{"because:"}, ways: []way{alone, leading, anywhere}},
	{name: "notes", begin: []string{"------- failure reasons "}, ways: []way{alone, leading, anywhere}, above: true},
	{name: "mailmarshal", begin: []string{"could not be delivered because of"}, end: []string{"additional information"}, ways: []way{alone}},
	{name: "messagelabs", begin: []string{"a message that you sent could not be delivered", "for your convenience i have included the headers"},
		ways: []way{leading, angled, anywhere}},
	{name: "mxlogic", begin: []string{"the following address failed:", "the following addresses failed:"}, end: []string{"included is a copy"},
		ways: []way{leading, angled}},
	{name: "mfilter", begin: []string{"-------server message"}, ways: []way{refused, anywhere}},
	{name: "barracuda", begin: []string{"your message to:"}, says: []string{"blocked by our spam firewall", "barracuda"}, ways: []way{behind("message to:"), leading}},
	{name: "mimecast", begin: []string{"this is a delivery failure notification message indicating that"}, end: []string{"with subject"},
		ways: []way{anywhere}},
	{name: "pmdf", begin: []string{"your message cannot be delivered to the following recipients:", "this report relates to a message you sent"},
		end:  []string{"reporting-mta:"},
		ways: []way{behind("recipient address:", "original address:")}},
	{name: "netscape", begin: []string{"this message was undeliverable due to the following reason:"}, end: []string{"please reply to"},
		ways: []way{alone, angled}},
	{name: "amazon-workmail", begin: []string{"an error occurred while trying to deliver the mail to the following recipients:"}, ways: []way{alone}},

	{name: "ezweb", begin: []string{"each of the following recipients was rejected by a remote", "the user(s) account is disabled",
		"the user(s) account is temporarily",
		"the following recipients did not receive this message"}, ways: []way{refused, leading, angled}},
	{name: "ezweb", from: "ezweb.ne.jp", daemon: true, ways: []way{leading, angled}},
	{name: "kddi", begin: []string{"could not be delivered to: <", "your mail sent on:", "your mail attempted to be delivered on:"},
		ways: []way{behind("delivered to:")}},
	{name: "docomo", from: "docomo.ne.jp", daemon: true, ways: []way{anywhere}},
	{name: "softbank", from: "softbank", daemon: true, ways: []way{anywhere}},
	{name: "verizon", begin: []string{"message could not be delivered to mobile"}},
	{name: "verizon", from: "vtext.com", ways: []way{refused}},
	{name: "x2", begin: []string{"your delivery to the following address has been failed"}, ways: []way{behind("delivery failed:")}},
	{name: "x3", begin: []string{"delivery to the following recipients failed", "delivery to the following recipients was aborted",
		"delevery to the following recipients"},
		end: []string{"technical details:"}, ways: []way{alone}},
	{name: "x6", begin: []string{"we had trouble delivering your message"}, ways: []way{behind("rejected recipient")}},

	{name: "ieo", begin: []string{"this is the email server at"}, ways: []way{anywhere}},
	{name: "lsmtp", begin: []string{"--> error description:"}, end: []string{"error-end:"}, ways: []way{behind("error-for:")}},
	{name: "mdaemon", begin: []string{"- no such user here"}, end: []string{"there is no user"}, ways: []way{leading}},
	{name: "cdo", begin: []string{"the email below could not be delivered to the following user"}, ways: []way{angled}},
	{name: "llnl", begin: []string{"the address to which your message was addressed"}, ways: []way{anywhere}},
	{name: "lerctr", begin: []string{"------ failed recipients ------"}, ways: []way{angled}},
	{name: "failed-recipients", header: "X-Failed-Recipients"},

	// What nobody has described: a mail that a program sent, which says that something was not delivered.
	{name: unknownFormat, begin: failureBegin, daemon: true, ways: whoever},
	{name: unknownFormat, begin: failureBegin, says: permanentReplies, ways: whoever},
	{name: unknownFormat, subject: "undeliver", ways: whoever},
	{name: unknownFormat, subject: "failure notice", ways: whoever},
	{name: unknownFormat, subject: "delivery fail", ways: whoever},
	{name: unknownFormat, subject: "delivery has failed", ways: whoever},
	{name: unknownFormat, subject: "returned mail", ways: whoever},
	{name: unknownFormat, subject: "returned to sender", ways: whoever},
	{name: "delay", says: delayPhrases, ways: whoever},
}

// unknownFormat is the name of all that have none.
const unknownFormat = "unknown"

// permanentReplies is what stands in front of a reply that was final: nobody's signature has that.
var permanentReplies = []string{" 550 ", " 550-", " 551 ", " 552 ", " 553 ", " 554 ", "#5.", " 5.1.", " 5.2.", " 5.7."}

// whoever takes the recipient where and how it comes.
var whoever = []way{headed, refused, transcript, alone, leading, noRole}
