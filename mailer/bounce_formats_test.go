package mailer

import (
	"strings"
	"testing"
)

// letter is a mail of a program for people.
func letter(from, subject, fields, text string) string {
	return "From: " + from + "\nTo: dev+bounce-x@lists.example.org\nSubject: " + subject + "\n" + fields + "MIME-Version: 1.0\n\n" + strings.TrimPrefix(text, "\n")
}

const daemon = "MAILER-DAEMON@mx.example"

// theCopy is what most put below: nothing in it may be taken for a recipient.
const theCopy = `
Return-Path: <dev+bounce-x@lists.example.org>
Received: from lists.example.org by mx.example for <wrong@b.example>
Message-ID: <post@author.example>
To: dev@lists.example.org

550 5.7.1 <other@b.example>... blocked
`

// letters are reports as the systems write them; of each format there is one.
func letters() map[string]struct{ raw, want string } {
	return map[string]struct{ raw, want string }{
		"qmail": {letter(daemon, "failure notice", "", `
Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@b.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 no such user
Giving up on 192.0.2.1.

<bob@b.example>:
Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
I'm not going to try again; this message has been in the queue too long.

--- Below this line is a copy of the message.
`+theCopy), "failure qmail [ann@b.example 5.1.1 550 hard] [bob@b.example 4.4.1 0 soft]"},
		"qmail, localised": {letter(daemon, "failure notice", "", `
Ciao. Questo è il programma che gestisce la posta di mx.example.

<ann@b.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Qui sotto c'è una copia del messaggio.

Message-ID: <post@author.example>

<bob@b.example>:
552 5.2.2 mailbox full
`), "failure qmail-localised [ann@b.example 5.1.1 0 hard]"},
		"Exim with a field that names them": {letter("Mail Delivery System <Mailer-Daemon@mx.example>", "Mail delivery failed: returning message to sender",
			"X-Failed-Recipients: ann@b.example,\n bob@b.example\n", `
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@b.example
    SMTP error from remote mail server after RCPT TO:<ann@b.example>:
    host mx.b.example [192.0.2.1]: 550 unknown user
  bob@b.example
    mailbox is full: retry timeout exceeded

------ This is a copy of the message, including all the headers. ------
`+theCopy), "failure exim [ann@b.example  550 hard] [bob@b.example  0 soft]"},
		"Exim in text alone, behind a forward": {letter("Mail Delivery System <Mailer-Daemon@mx.example>", "Mail delivery failed", "", `
This message was created automatically by mail delivery software.
The following address(es) failed:

  bob@elsewhere.example
    (ultimately generated from ann@b.example)
    host mx.b.example [192.0.2.1]: 550 5.2.1 account disabled
`), "failure exim [ann@b.example 5.2.1 550 hard]"},
		"Exim warns": {letter("Mail Delivery System <Mailer-Daemon@mx.example>", "Warning: message 1abc-2 delayed 24 hours", "", `
This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.

The address to which the message has not yet been delivered is:

  ann@b.example

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated.
`), "delay exim [ann@b.example  0 ]"},
		"Exchange 5.5": {letter("System Administrator <postmaster@b.example>", "Undeliverable: hello", "", `
Your message

  To:      dev@lists.example.org
  Subject: hello

did not reach the following recipient(s):

c=US;a= ;p=B;o=X;dda:SMTP=ann@b.example; on Mon, 2 Mar 2026 10:00:00 +0000
    The recipient name is not recognized
	MSEXCH:IMS:B:X:Y 0 (000C05A6) Unknown Recipient
`), "failure exchange5.5 [ann@b.example  0 hard]"},
		"Exchange 2007, localised, without a part for machines": {letter("postmaster@b.example", "Non remis : hello", "", `
Échec de la remise pour ces destinataires ou listes de distribution :

ann@b.example
L'adresse de messagerie entrée est introuvable.

Informations de diagnostic pour les administrateurs :
Serveur de génération : mx.b.example
ann@b.example
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
`), "failure exchange [ann@b.example 5.1.1 550 hard]"},
		"SMTPSVC": {letter("postmaster@b.example", "Delivery Status Notification (Failure)", "Content-Type: multipart/mixed; boundary=b\n", `
--b

Note: This report has no other form.
   ----- Transcript of session follows -----
ann@b.example
user unknown
--b--
`), "failure smtpsvc [ann@b.example  0 hard]"},
		"Yahoo": {letter("MAILER-DAEMON@yahoo.example", "Failure Notice", "", `
Sorry, we were unable to deliver your message to the following address.

<ann@b.example>:
Remote host said: 554 delivery error: dd This user doesn't have a yahoo.com account (ann@b.example) [0]

--- Below this line is a copy of the message.
`+theCopy), "failure yahoo [ann@b.example  554 hard]"},
		"Yahoo, for others": {letter(daemon, "Delivery failure", "", `
Message from  b.example.
Unable to deliver message to the following address(es).

<ann@b.example>:
user is over quota

--- Original message follows.
`+theCopy), "failure yahoo [ann@b.example  0 soft]"},
		"AOL of old": {letter("Mailer-Daemon@aol.com", "Mail delivery problem", "", `
Your mail to the following recipients could not be delivered because they are not accepting mail from dev@lists.example.org:
	annscreen

`), "failure aol [annscreen@aol.com  0 policy]"},
		"Gmail": {letter("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "", `
Delivery to the following recipient failed permanently:

     ann@b.example

Technical details of permanent failure:
The error that the other server returned was: 550 550 5.1.1 <ann@b.example>: Recipient address rejected: User unknown (state 14).

----- Original message -----
`+theCopy), "failure gmail [ann@b.example 5.1.1 550 hard]"},
		"Gmail warns": {letter("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Delay)", "", `
THIS IS A WARNING MESSAGE ONLY.

YOU DO NOT NEED TO RESEND YOUR MESSAGE.

Delivery to the following recipient has been delayed:

     ann@b.example

Message will be retried for 2 more day(s)
`), "delay gmail-delay [ann@b.example  0 ]"},
		"a Google group that is gone or closed": {letter("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)",
			"X-Failed-Recipients: g@googlegroups.com\n", `
Hello dev+bounce-x@lists.example.org,

We're writing to let you know that the group you tried to contact (g) may not exist, or you may not have permission to post messages to the group.

Google Groups
`), "failure google-groups [g@googlegroups.com  0 soft]"},
		"Postfix without a part for machines": {letter(daemon, "Undelivered Mail Returned to Sender", "Content-Type: multipart/mixed; boundary=b\n", `
--b
Content-Description: Notification

    This is the Postfix program at host mx.example.

I'm sorry to have to inform you that the message returned
below could not be delivered to one or more destinations.
For further assistance, please send mail to <postmaster@mx.example>

			The Postfix program

<ann@b.example>: host mx.b.example[192.0.2.1] said: 550 5.1.1 <ann@b.example>:
    User unknown (in reply to RCPT TO command)
<bob@b.example>: connect to mx2.b.example[192.0.2.2]: Connection timed out
--b--
`), "failure postfix [ann@b.example 5.1.1 550 hard] [bob@b.example  0 soft]"},
		"sendmail": {letter("Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "Returned mail: see transcript for details", "", `
The original message was received at Mon, 2 Mar 2026 10:00:00 GMT

   ----- The following addresses had permanent fatal errors -----
<ann@b.example>
    (reason: 550 5.1.1 User unknown)
<bob@b.example>

   ----- Transcript of session follows -----
... while talking to mx.b.example.:
>>> RCPT To:<bob@b.example>
<<< 552 5.2.2 <bob@b.example>... Mailbox full
`), "failure sendmail [ann@b.example 5.1.1 550 hard] [bob@b.example 5.2.2 552 soft]"},
		"sendmail of old": {letter("Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "Returned mail: User unknown", "", `
   ----- Transcript of session follows -----
While talking to mx.b.example:
>>> RCPT To:<ann@b.example>
<<< 550 <ann@b.example>... User unknown
550 <ann@b.example>... User unknown
554 <bob@b.example>... 550 Host unknown (Authoritative answer from name server)

   ----- Unsent message follows -----
`+theCopy), "failure sendmail-v5 [ann@b.example  550 hard] [bob@b.example  554 hard]"},
		"GroupWise": {letter("postmaster@b.example", "Message status - undeliverable", "X-Mailer: Novell GroupWise Internet Agent 5.5.3.1\n", `
The attached file had the following undeliverable recipient(s):
ann@b.example (user not found)
`), "failure groupwise [ann@b.example  0 hard]"},
		"SMTP32": {letter("Postmaster <postmaster@b.example>", "Undeliverable Mail", "X-Mailer: <SMTP32 v8.22>\n", `
User mailbox exceeds allowed size: ann@b.example

Original message follows.
`+theCopy), "failure smtp32 [ann@b.example  0 soft]"},
		"InterScan": {letter("imss@b.example", "Mail could not be delivered", "", `
******** Message from InterScan Messaging Security Suite ********
Sent <<< RCPT TO:<ann@b.example>
Received >>> 550 5.1.1 unknown user.

Unable to deliver message to <ann@b.example> (and other recipients in the same domain).
*********************     End of message     ********************
`), "failure interscan [ann@b.example 5.1.1 550 hard]"},
		"Domino": {letter("postmaster@b.example", "DELIVERY FAILURE: User ann not listed in Domino Directory", "", `
Your message

  Subject: hello

was not delivered to:

  ann@b.example

because:

  User ann (ann@b.example) not listed in Domino Directory
`), "failure domino [ann@b.example  0 hard]"},
		"Notes": {letter("postmaster@b.example", "Undeliverable message", "", `
------- Failure Reasons  --------

User  not listed in public Name & Address Book
ann@b.example

------- Returned Message --------
`+theCopy), "failure notes [ann@b.example  0 hard]"},
		"KDDI": {letter("no-reply@app.auone-net.jp", "=?UTF-8?Q?=E3=83=A1=E3=83=BC=E3=83=AB?=", "", `
Your mail sent on: Mon, 2 Mar 2026 10:00:00 +0900
     Could not be delivered to: <ann@auone-net.jp>
     As their mailbox is full.
`), "failure kddi [ann@auone-net.jp  0 soft]"},
		"ezweb": {letter("Postmaster@ezweb.ne.jp", "Mail System Error - Returned Mail", "Content-Type: text/plain; charset=utf-8\n", `
次のあて先へのメッセージはエラーのため送信できませんでした。

Each of the following recipients was rejected by a remote
mail server.

    Recipient: <ann@ezweb.ne.jp>
    >>> RCPT TO:<ann@ezweb.ne.jp>
    <<< 550 <ann@ezweb.ne.jp>: User unknown
`), "failure ezweb [ann@ezweb.ne.jp  550 hard]"},
		"BIGLOBE": {letter("postmaster@biglobe.ne.jp", "Returned mail: Service unavailable", "", `
   ----- The following addresses had delivery problems -----
ann@biglobe.ne.jp

   ----- Non-delivered information -----
The number of messages in recipient's mailbox exceeded the local limit.
`), "failure biglobe [ann@biglobe.ne.jp  0 soft]"},
		"Docomo":   {letter("postmaster@docomo.ne.jp", "Undelivered", "", "\nann@docomo.ne.jp 550 Unknown user\n"), "failure docomo [ann@docomo.ne.jp  550 hard]"},
		"SoftBank": {letter("postmaster@softbank.example", "Undelivered", "", "\n<ann@softbank.example> user unknown\n"), "failure softbank [ann@softbank.example  0 hard]"},
		"MailMarshal": {letter("postmaster@b.example", `Undeliverable Mail: "hello"`, "", `
Your message:
   From:    dev@lists.example.org
   Subject: hello

Could not be delivered because of

550 5.1.1 User unknown

The following recipients were affected:
    ann@b.example

Additional Information
======================
Original Sender:    <dev+bounce-x@lists.example.org>
`), "failure mailmarshal [ann@b.example 5.1.1 550 hard]"},
		"MailFoundry": {letter(daemon, "Message delivery has failed", "", `
Unable to deliver message to: <ann@b.example>
Delivery failed for the following reason:
mx.b.example[192.0.2.1] responded with failure: 552 sorry, mailbox ann@b.example is over quota
`), "failure mailfoundry [ann@b.example  552 soft]"},
		"MXLogic": {letter("Mail Delivery System <MAILER-DAEMON@mx.example>", "Mail delivery failed", "", `
The following address failed:

<ann@b.example>: 550 unknown user

Included is a copy of the message header:
`+theCopy), "failure mxlogic [ann@b.example  550 hard]"},
		"MessageLabs": {letter("Mail Delivery System <postmaster@messagelabs.example>", "Mail delivery failed", "", `
A message that you sent could not be delivered to one or more recipients.

<ann@b.example>
  550 no such user

---
`), "failure messagelabs [ann@b.example  550 hard]"},
		"m-FILTER": {letter("POSTMASTER <postmaster@b.example>", "failure notice", "", `
-------server message
550 5.1.1 unknown user <ann@b.example>

-------original message
`), "failure mfilter [ann@b.example 5.1.1 550 hard]"},
		"PMDF": {letter("PMDF e-Mail Interconnect <MAILER-DAEMON@b.example>", "Delivery Notification: Delivery has failed", "", `
Your message cannot be delivered to the following recipients:

  Recipient address: ann@b.example
  Reason: Remote SMTP server has rejected address
  Diagnostic code: smtp;550 5.1.1 unknown or illegal alias: ann@b.example
`), "failure pmdf [ann@b.example 5.1.1 550 hard]"},
		"Netscape": {letter(daemon, "Mail System Error - Returned Mail", "", `
This Message was undeliverable due to the following reason:

The user(s) account is disabled.

<ann@b.example>

Please reply to <postmaster@b.example> if you feel this message to be in error.
`), "failure netscape [ann@b.example  0 hard]"},
		"Courier": {letter("\"Courier mail server at mx.example\" <@>", "NOTICE: mail delivery status.", "", `
This is a delivery status notification from mx.example,
running the Courier mail server.

<ann@b.example>:
     >>> RCPT TO:<ann@b.example>
     <<< 550 User unknown.

If your message was also sent to additional recipients, their delivery
status is not included in this report.
`), "failure courier [ann@b.example  550 hard]"},
		"OpenSMTPD": {letter("Mailer Daemon <MAILER-DAEMON@mx.example>", "Delivery status notification: error", "", `
    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

ann@b.example: 550 5.1.1 no such user
bob@b.example: 550 5.2.2 Mailbox full

    Below is a copy of the original message:
`+theCopy), "failure opensmtpd [ann@b.example 5.1.1 550 hard] [bob@b.example 5.2.2 550 soft]"},
		"DragonFly": {letter("MAILER-DAEMON <>", "Mail delivery failed", "", `
This is the DragonFly Mail Agent v0.13 at mx.example.

There was an error delivering your mail to <ann@b.example>.

mx.b.example [192.0.2.1] did not like our RCPT TO:
550 5.1.1 User unknown

Message headers follow.
`+theCopy), "failure dragonfly [ann@b.example 5.1.1 550 hard]"},
		"ActiveHunter": {letter(daemon, "FAILURE NOTICE : hello", "", `
The original message was received at Mon, 2 Mar 2026 10:00:00 +0900

  ----- The following addresses had permanent fatal errors -----

>>> ann@b.example <ann@b.example>

  ----- Transcript of session follows -----
550 sorry, no mailbox here by that name (#5.1.1 - chkusr)
`), "failure activehunter [ann@b.example 5.1.1 550 hard]"},
		"Zoho": {letter("mailer-daemon@mail.zoho.example", "Undelivered Mail Returned to Sender", "X-Mailer: Zoho Mail\n", `
This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

ann@b.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <ann@b.example>... User Unknown
`), "failure zoho [ann@b.example 5.1.1 550 hard]"},
		"mail.ru": {letter("mailer-daemon@corp.mail.ru", "=?UTF-8?Q?=D0=9F=D0=B8?=", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", `
Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

ann@mail.example
  SMTP error: 550 Message was not accepted -- invalid mailbox. Local mailbox ann@mail.example is unavailable: user not found
`), "failure mail.ru [ann@mail.example  550 hard]"},
		"GMX": {letter("MAILER-DAEMON@mail.gmx.example", "Mail delivery failed: returning message to sender", "", `
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of
its recipients. This is a permanent error. The following address
failed:

<ann@gmx.example>:
Reason:
delivery retry timeout exceeded

--- The header of the original message is following. ---
`+theCopy), "failure gmx [ann@gmx.example  0 soft]"},
		"Barracuda": {letter("postmaster@b.example", "**Message you sent blocked by our bulk email filter**", "", `
Your message to: ann@b.example
was blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:
`), "failure barracuda [ann@b.example  0 policy]"},
		"Mimecast": {letter("postmaster <postmaster@b.example>", "[Postmaster] Email Delivery Failure", "", `
This is a delivery failure notification message indicating that
an email you addressed to email address :
-- ann@b.example
could not be delivered. The problem appears to be :
-- Recipient email address is possibly incorrect
Additional information follows :
-- 550 5.1.1 no such user
`), "failure mimecast [ann@b.example 5.1.1 550 hard]"},
		"Amazon WorkMail": {letter("MAILER-DAEMON@amazonses.example", "Delivery Status Notification (Failure)", "", `
An error occurred while trying to deliver the mail to the following recipients:
ann@b.example

mailbox full
`), "failure amazon-workmail [ann@b.example  0 soft]"},
		"Verizon names nobody": {letter("post_master@vzwpix.example", "Undeliverable Message", "", `
Message could not be delivered to mobile.
Error: No valid recipients for this MM
`), "failure verizon [  0 hard]"},
		"X1": {letter("Mail Deliver System <MAILER-DAEMON@mx.example>", "Mail Delivery Failure", "", `
The original message was received at Mon, 2 Mar 2026 10:00:00 +0900

---The following addresses had delivery errors---

ann@b.example [User unknown]
`), "failure sendmail-x1 [ann@b.example  0 hard]"},
		"X2": {letter(daemon, "Delivery failure", "", `
Your delivery to the following address has been failed.

Delivery failed: ann@b.example
Remote host said[Response Message]: 554 5.4.14 Hop count exceeded - possible mail loop
`), "failure x2 [ann@b.example 5.4.14 554 ours]"},
		"X3": {letter("Mail Delivery System <Mail.Delivery.System@mx.example>", "Delivery status notification", "", `
=====================================================
      This is an automatically generated Delivery Status Notification.

Delivery to the following recipients failed permanently:

   * ann@b.example

=====================================================
                             Technical details:

SMTP:RCPT host 192.0.2.1: 553 5.3.0 <ann@b.example>... No such user here
`), "failure x3 [ann@b.example 5.3.0 553 hard]"},
		"X4": {letter(daemon, "failure notice", "", `
Your mail message to the following address(es) could not be delivered. This
is a permanent error. Please verify the addresses and try again.

<ann@b.example>:
The e-mail message could not be delivered because the user's mailfolder is full.

--- Below this line is a copy of the message.
`+theCopy), "failure qmail-x4 [ann@b.example  0 soft]"},
		"X5, a notification inside": {letter("Mail Delivery System <MAILER-DAEMON@mx.example>", "Returned mail", "Content-Type: multipart/mixed; boundary=o\n", `
--o

----- The following addresses had permanent delivery errors -----

--o
Content-Type: message/rfc822

From: MAILER-DAEMON@inner.example
Content-Type: multipart/report; report-type=delivery-status; boundary=i

--i
Content-Type: message/delivery-status

Reporting-MTA: dns; inner.example

Final-Recipient: rfc822; ann@b.example
Action: failed
Status: 5.1.1
--i--
--o--
`), "failure rfc3464-enclosed [ann@b.example 5.1.1 0 hard]"},
		"X6": {letter("mailer-daemon", "There was an error sending your mail", "", `
We had trouble delivering your message. Full details follow:

1 error(s):
SMTP Server <mx.b.example> rejected recipient <ann@b.example> (Error following RCPT command). It responded as follows: [550 5.1.1 User unknown]
`), "failure x6 [ann@b.example 5.1.1 550 hard]"},
		"a quota that Dovecot enforces": {letter("Mail Delivery Subsystem <postmaster@b.example>", "Automatically rejected mail", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n", `
--b

Your message to <ann@b.example> was automatically rejected:
Quota exceeded
--b
Content-Type: message/disposition-notification

Reporting-UA: b.example; Dovecot Mail Delivery Agent
Final-Recipient: rfc822; ann@b.example
Disposition: automatic-action/MDN-sent-automatically; deleted
--b--
`), "failure dovecot-lda [ann@b.example  0 soft]"},
		"Gmail's letter": {letter("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "", `
** Address not found **

Your message wasn't delivered to ann@b.example because the address couldn't be found, or is unable to receive mail.

The response was:

550 5.1.1 The email account that you tried to reach does not exist.
`), "failure gmail-letter [ann@b.example 5.1.1 550 hard]"},
		"Yahoo's letter": {letter("MAILER-DAEMON@yahoo.example", "Failure Notice", "", `
We're sorry. Our system wasn't able to deliver the following message:

To: ann@b.example
Reason: mailbox full

--- Below this line is a copy of the message.
`+theCopy), "failure yahoo-letter [ann@b.example  0 soft]"},
		"Sina":                       {letter("mailer-daemon@sina.com", "Returned", "", "\n<ann@sina.com>\n550 unknown user\n"), "failure sina [ann@sina.com  550 hard]"},
		"IMail":                      {letter("Postmaster <postmaster@b.example>", "Undeliverable Mail", "", "\nInvalid final delivery userid: ann@b.example\n\nOriginal message follows.\n"+theCopy), "failure imail [ann@b.example  0 hard]"},
		"IEO":                        {letter(daemon, "Your message could not be delivered", "", "\nHello,\nthis is the email server at B.\nYour message to ann@b.example has reached us, but this address is wrong or no longer valid.\n"), "failure ieo [ann@b.example  0 hard]"},
		"LSMTP":                      {letter(daemon, "Undelivered mail", "", "\n--> Error description:\n\nError-for:  ann@b.example\nError-Text: 550 user unknown\n\nError-End:  One error reported.\n"), "failure lsmtp [ann@b.example  550 hard]"},
		"MDaemon":                    {letter("MDaemon@b.example", "Warning: ann@b.example - User unknown!", "", "\nann@b.example - no such user here.\n\nThere is no user by that name at this server.\n"), "failure mdaemon [ann@b.example  0 hard]"},
		"LLNL":                       {letter("postmaster@b.example", "FAILED MAIL", "", "\nThe address to\nwhich your message was addressed, ann@b.example, did not exactly match.\n"), "failure llnl [ann@b.example  0 soft]"},
		"CDO":                        {letter("admin@b.example", "Non-Delivery: hello", "", "\n--- Non-Delivery Report ---\n\nThe email below could not be delivered to the following user:\n\n\"ann@b.example\" <ann@b.example>\n\nOld message:\n"+theCopy), "failure cdo [ann@b.example  0 soft]"},
		"E500":                       {letter(daemon, "Returned mail", "", "\n------ Failed Recipients ------\n  <ann@b.example>: 550 no such user\n\n-------- Returned Mail --------\n"+theCopy), "failure lerctr [ann@b.example  550 hard]"},
		"a field alone":              {letter("robot@b.example", "hello", "X-Failed-Recipients: ann@b.example\n", "\nIt did not work.\n"), "failure failed-recipients [ann@b.example  0 soft]"},
		"a warning in its own words": {letter("postmaster@b.example", "Your mail", "", "\nYour message to:\n\tann@b.example\nis late. This is just a warning, you do not need to take any action.\n"), "delay delay [ann@b.example  0 ]"},
		"somebody's own words": {letter("Mail Delivery <postmaster@b.example>", "Leider unzustellbar", "", `
Ihre Nachricht konnte nicht zugestellt werden an:

ann@b.example

Empfänger unbekannt
`), "failure unknown [ann@b.example  0 hard]"},
	}
}

func TestReadBounceOfLetters(t *testing.T) {
	for name, c := range letters() {
		t.Run(name, func(t *testing.T) {
			r := ReadBounce(bounceMail(c.raw), true)
			if got := brief(r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if strings.Contains(c.raw, theCopy) && r.MessageID != "post@author.example" {
				t.Errorf("Message-ID is %q", r.MessageID)
			}
		})
	}
}

func TestEachFormatHasALetter(t *testing.T) {
	read := make(map[string]bool)
	for _, c := range letters() {
		read[strings.Fields(c.want)[1]] = true
	}
	for _, f := range bounceFormats {
		if !read[f.name] {
			t.Errorf("no letter of %s", f.name)
		}
	}
}
