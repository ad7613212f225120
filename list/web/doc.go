// Package web is the pages of a site: what a person meets who follows a link in one of its mails, and what a mail service meets that
// unsubscribes somebody by RFC 8058. Every page is one small HTML document without script, image or font; a browser that is told so
// by its Content-Security-Policy would not load one either. There is one cookie, of who has signed in to read what is for members; no page that unsubscribes or
// confirms looks at it. Only a POST changes anything: mail scanners follow every link, and some run
// a page's script.
//
// It never decides who may do what (that is the engine's, by the token), never takes an address of its own from the Host field (links
// begin with the base URL of the config), never logs a token, an address or a query, and says the same to every token that is not ours.
//
// The way of a request:
//
//	a connection is counted, or turned away     book.admit           book.go
//	TLS and HTTP/1.1 or h2, deadlines           Server.Serve         server.go
//	who asks, behind which proxies              Settings.client      client.go
//	the header fields of every answer           Server.ServeHTTP     handler.go
//	path to route, method, 4 KiB of body        Server.route         handler.go, form.go
//	who has guessed too often waits             guard                guard.go
//	the page of an unsubscribe link             visit.leave          leave.go
//	the page of a link that asks for a yes      visit.confirm        confirm.go
//	what can be read of an archive              visit.post, topics …  read.go
//	a text in paragraphs, lists, quotations     pieces               text.go, paragraph.go, link.go
//	posts on a page, none of which is too large viewTopic, leaf      conversation.go, measure.go
//	the events of a list, and their feed        visit.calendar, feed  calendar.go
//	the newest posts, for feed readers          visit.atom           atom.go
//	what a member has read                      visit.markRead       reader.go
//	what a member has set                       visit.settingsPage   settings.go
//	who is signed in, and how one gets there    visit.signin, enter   signin.go
//	which language it is in                     visit.language       language.go
//	templates/*/*.html, with their texts        pages.render         page.go
package web
