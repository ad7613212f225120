package message

import (
	"strings"
	"testing"
)

// TestOwnHTML has what mail programs write where there is no plain text beside it.
func TestOwnHTML(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"Gmail": {`<div dir="ltr">yes<div>gladly</div></div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, 4 May 2026 at 10:11, Ann &lt;<a href="mailto:a@x.example">a@x.example</a>&gt; wrote:<br></div>` +
			`<blockquote class="gmail_quote" style="margin:0"><div>reject</div></blockquote></div>`, "yes\ngladly"},
		"Gmail, below": {`<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Mon Ann wrote:<br></div><blockquote class="gmail_quote">reject</blockquote><div><br></div><div>yes</div></div></div>`, "yes"},
		"Gmail, between": {`<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Mon Ann wrote:<br></div><blockquote class="gmail_quote">one?</blockquote><div>first</div><blockquote class="gmail_quote">two?</blockquote>` +
			`<div>second</div></div></div>`, "first\n\nsecond"},
		"Gmail, with an attribution of its own":    {`yes<div class="gmail_quote">On Mon, 4 May 2026 Ann &lt;a@x.example&gt; wrote:<div>reject</div></div>`, "yes"},
		"Gmail, forwarded":                         {`see<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Ann</div>reject</div>`, "see"},
		"Gmail, with a signature":                  {`<div>yes</div><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature"><div>Ann</div><div>reject</div></div>`, "yes"},
		"Thunderbird":                              {`<p>yes</p><div class="moz-cite-prefix">Am 04.05.26 um 10:11 schrieb Ann:<br></div><blockquote type="cite" cite="mid:1@x"><p>reject</p></blockquote><p>Ann</p>`, "yes\n\nAnn"},
		"Thunderbird, below":                       {`<div class="moz-cite-prefix">On 5/4/26 Ann wrote:<br></div><blockquote type="cite">reject</blockquote>yes<pre class="moz-signature">-- ` + "\n" + `Ann</pre>`, "yes"},
		"Apple Mail":                               {`<div>yes</div><br><div><blockquote type="cite"><div>On 4 May 2026, at 10:11, Ann &lt;a@x.example&gt; wrote:</div><div>reject</div></blockquote></div>`, "yes"},
		"Outlook":                                  {`<div class="WordSection1"><p class="MsoNormal">yes<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>Zgrabl:</b> Ann<br><b>Mop:</b> Monday</p></div></div><p class="MsoNormal">reject</p></div>`, "yes"},
		"Outlook on the web":                       {`<div class="elementToProof">yes</div><div id="appendonsend"></div><hr tabindex="-1" style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Ann</div><div>reject</div>`, "yes"},
		"Outlook on the web, quoted a second time": {`yes<div id="divRplyFwdMsg">From: Ann</div><div>reject<div id="x_divRplyFwdMsg"></div></div>`, "yes"},
		"Outlook on a telephone":                   {`<div>yes</div><div class="ms-outlook-mobile-signature">Get Outlook for iOS</div><div class="ms-outlook-mobile-reference-message"><hr>From: Ann<div>reject</div></div>`, "yes"},
		"Outlook for Mac":                          {`<div>yes</div><span id="OLK_SRC_BODY_SECTION"><div>From: Ann</div><div>reject</div></span>`, "yes"},
		"Hotmail":                                  {`<body class="hmmessage">yes<hr id="stopSpelling">Date: Mon<br>From: a@x.example<br>To: b@x.example<br><br>reject</body>`, "yes"},
		"Yahoo":                                    {`<div class="yahoo-style-wrap">yes</div><div id="yahoo_quoted_1234" class="yahoo_quoted"><div>On Monday, Ann wrote:</div><div>reject</div></div>`, "yes"},
		"Proton":                                   {`yes<div class="protonmail_signature_block">Sent with Proton</div><div class="protonmail_quote">On Monday, Ann wrote:<br><blockquote class="protonmail_quote">reject</blockquote></div>`, "yes"},
		"QQ":                                       {`好<includetail><div>------------------ Original ------------------</div><div>reject</div></includetail>`, "好"},
		"Roundcube":                                {`<p id="reply-intro">On 2026-05-04 10:11, Ann wrote:</p><blockquote type="cite" style="padding: 0 0.4em">reject</blockquote><div>yes</div>`, "yes"},
		"a program that nobody knows":              {`<div>yes</div><div>From: Ann Lee &lt;ann@x.example&gt;<br>Sent: Monday<br>To: Bo<br></div><div>reject</div>`, "yes"},
		"a blockquote that is all":                 {`<blockquote>reject</blockquote>`, ""},
		"a blockquote that is not closed":          {`yes<blockquote>reject<div>this`, "yes"},
		"a blockquote within one":                  {`<blockquote>a<blockquote>b</blockquote>reject</blockquote>yes`, "yes"},
		"signs of quotation written out":           {`&gt; reject<br>&gt; this<br><br>yes`, "yes"},
		"hidden text":                              {`<head><title>reject</title><style>reject{}</style></head><body><script>reject()</script><!-- reject -->yes</body>`, "yes"},
		"a line break before the word":             {`<br><br><p>&nbsp;</p><div>yes</div>`, "yes"},
		"a table":                                  {`<table><tr><td>yes</td><td>please</td></tr></table>`, "yes please"},
		"a telephone":                              {`<div>yes</div><div>Sent from my iPhone</div>`, "yes"},
		"a signature":                              {`<div>yes</div><div>-- <br></div><div>Ann</div>`, "yes"},
		"lines kept as they are":                   {"<pre>one\n  two\n</pre>three", "one\n  two\nthree"},
		"entities and accents":                     {`s&iacute; &mdash; y qu&eacute;`, "sí — y qué"},
		"nothing":                                  {``, ""},
		"a class that only begins alike":           {`<div class="gmail_quoted_not">yes</div>`, "yes"},
		"a tag that closes what nobody opened":     {`</div></blockquote></pre>yes</div>`, "yes"},
		"what stands behind a quotation of Gmail":  {`<div class="gmail_quote">reject</div><div>yes</div>`, "yes"},
		"a blockquote that is open where Gmail's ends": {`<div class="gmail_quote"><blockquote>reject</div><div>yes</div>`, "yes"},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte("Content-Type: text/html; charset=utf-8\r\n\r\n" + c.html))
			own, read := m.Reply()
			if own != c.want || !read {
				t.Errorf("got %q, read %v, want %q", own, read, c.want)
			}
		})
	}
}

// TestHiddenTextIsNotOwn: nobody answers with words that they do not see.
func TestHiddenTextIsNotOwn(t *testing.T) {
	for name, html := range map[string]string{
		"display":                            `<div style="display:none">reject</div><p>yes</p>`,
		"display, in capitals":               `<DIV STYLE="Color:red; DISPLAY : None !important;">reject</DIV><p>yes</p>`,
		"display, with a comment":            `<div style="display:/**/none">reject</div><p>yes</p>`,
		"a slash that ends nothing":          `<div style="display:none"/>reject</div><p>yes</p>`,
		"an element within":                  `<div style="display:none"><div>reject</div><b>reject</b></div><p>yes</p>`,
		"in the middle of a word":            `<p>ye<span style="display:none">llow reject</span>s</p>`,
		"a paragraph that is not closed":     `<p hidden>reject<p>yes`,
		"a list item that is not closed":     `<ul><li hidden>reject<li>yes</ul>`,
		"hidden":                             `<p hidden>reject</p><p>yes</p>`,
		"visibility":                         `<p style='visibility:hidden'>reject</p><p>yes</p>`,
		"letters without size":               `<p style="font-size:0">reject</p><p>yes</p>`,
		"letters of a dot":                   `<p style="font-size:1px">reject</p><p>yes</p>`,
		"a font without size":                `<p style="font:0/0 a">reject</p><p>yes</p>`,
		"opacity":                            `<p style="opacity:0.0">reject</p><p>yes</p>`,
		"Word's own":                         `<span style="mso-hide:all">reject</span><p>yes</p>`,
		"no height":                          `<div style="max-height:0px;overflow:hidden">reject</div><p>yes</p>`,
		"outside of the screen":              `<div style="position:absolute;left:-9999px">reject</div><p>yes</p>`,
		"white, on what is white":            `<p style="color:#fff">reject</p><p>yes</p>`,
		"nearly white":                       `<p style="color:#fefefe">reject</p><p>yes</p>`,
		"white by its name":                  `<font color="White" size=0>reject</font><p>yes</p>`,
		"white in numbers":                   `<p style="color: rgb(255, 255, 255)">reject</p><p>yes</p>`,
		"black on black":                     `<p style="background:#000 none">reject</p><p>yes</p>`,
		"grey on grey":                       `<table bgcolor="#808080"><tr><td style="color:gray">reject</table><p>yes</p>`,
		"without a colour":                   `<p style="color:transparent">reject</p><p>yes</p>`,
		"through and through":                `<p style="color:rgba(0,0,0,0)">reject</p><p>yes</p>`,
		"small letters around normal ones":   `<div style="font-size:0px">reject<p style="font-size:14px">yes</p></div>`,
		"white letters on black ones' paper": `<div style="color:white">reject<p style="background-color:black">yes</p></div>`,
		"white on a picture":                 `<div style="color:white">reject<p style="background:url(x.png)">yes</p></div>`,
		"below more than anybody nests":      strings.Repeat("<b>", 300) + `<i style="display:none">` + strings.Repeat("</b>", 300) + `<p hidden>reject</p><p>yes</p>`,
	} {
		t.Run(name, func(t *testing.T) {
			if own, _ := Parse([]byte("Content-Type: text/html\r\n\r\n" + html)).Reply(); own != "yes" {
				t.Errorf("got %q", own)
			}
			nothing := strings.NewReplacer("yes", "", "ye", "", "</span>s", "</span>").Replace(html)
			if own, read := Parse([]byte("Content-Type: text/html\r\n\r\n" + nothing)).Reply(); own != "" || read {
				t.Errorf("with nothing but what is hidden: %q, read %v", own, read)
			}
		})
	}
}

// TestShownTextIsOwn has what only looks as if it were hidden, and hidden text that is no answer.
func TestShownTextIsOwn(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"a picture's size":                   {`<div style="height:0">yes</div>`, "yes"},
		"the size of the letters around":     {`<div style="font-size:0"><p style="font-size:100%">no</p></div><p style="font-size:100%">yes</p>`, "yes"},
		"a dark screen":                      {`<body style="background-color:#121212;color:#fff"><p>yes</p></body>`, "yes"},
		"a dark table":                       {`<table bgcolor=black><tr><td><font color=white>yes</font></td></tr></table>`, "yes"},
		"a colour that nobody knows":         {`<p style="color:var(--x);background:oklch(1 0 0)">yes</p>`, "yes"},
		"a quotation with its hidden line":   {`<p>yes</p><blockquote><div style="display:none">reject</div>no</blockquote>`, "yes"},
		"nothing but a quotation's":          {`<blockquote><div style="display:none">reject</div>no</blockquote>`, ""},
		"hidden white space":                 {"<div style=\"display:none\">&nbsp;&zwnj;\u200b</div>", ""},
		"an end of what is not open":         {`</p></div><p>yes</p>`, "yes"},
		"half transparent":                   {`<p style="opacity:0.5">yes</p>`, "yes"},
		"a paragraph that hides and is over": {`<p style="display:none">no<div>yes</div>`, "yes"},
	} {
		t.Run(name, func(t *testing.T) {
			if own, read := Parse([]byte("Content-Type: text/html; charset=utf-8\r\n\r\n" + c.html)).Reply(); own != c.want || own == "" && !read {
				t.Errorf("got %q, read %v", own, read)
			}
		})
	}
}

// TestReplyTime reads what takes a parser long that looks back, or ahead, without a bound: time grows no faster than the text.
func TestReplyTime(t *testing.T) {
	for name, piece := range map[string]string{
		"attributions that end nowhere": "On 4 May 2026, Ann <a@x.example\n", "colons": "On 4 May 2026 a:\n", "dates": "4/5/26 ", "headers": "From: a\n", "folded headers": "From: a\nx\nx\nx\n",
		"dashes": "--\n", "separators": "----- a -----\n", "empty lines": "\n\n\n\n\n\n\n\nOn 2026-05-04:\n", "torn": "> " + strings.Repeat("x", 80) + "\nx\n",
		"hidden divs": "<div style='display:block;color:red'>", "ends": "</div><b>",
		"open divs": "<div class=gmail_quote>", "open quotes": "<blockquote>", "addresses": "a@b.c <", "warnings": "CAUTION: external\n", "tags": "[EXTERNAL] ", "tags on lines": "[EXTERNAL] [EXTERNAL] ---\n",
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range []string{"plain; format=flowed", "html"} {
				own := Parse([]byte("Content-Type: text/" + kind + "\r\n\r\n" + strings.Repeat(piece, 2*replyLimit/len(piece)))).Own()
				if len(own) > replyLimit+lineLimit {
					t.Errorf("%s: %d octets", kind, len(own))
				}
			}
		})
	}
}

func FuzzOwn(f *testing.F) {
	seeds(f)
	for _, s := range []string{"yes\n\nOn 4 May 2026, Ann <a@x.example>\nwrote:\n> reject\n", "> a\n\nb\n-- \nc", "-----Original Message-----\nFrom: a\nSent: b\nTo: c\n", "[EXTERNAL] yes", " > x\n\u200e> y\n"} {
		f.Add(plainReply(s))
		f.Add([]byte("Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n" + s))
	}
	f.Add([]byte("Content-Type: text/html\r\n\r\n<div class=gmail_quote>a<blockquote>b</blockquote>&gt;c</div>d"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw)
		own, read := m.Reply()
		checkOwn(t, "fuzz", own)
		if own != "" && (!read || isRule(strings.ReplaceAll(own, "\n", " "))) {
			t.Errorf("%q is somebody's own, read %v", own, read)
		}
		if again, _ := m.Reply(); again != own {
			t.Errorf("%q is read as %q the next time", own, again)
		}
	})
}

func BenchmarkOwn(b *testing.B) { benchmark(b, func(raw []byte) { Parse(raw).Own() }) }
