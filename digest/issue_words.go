package digest

import (
	"fmt"
	"strings"
)

// issueWords are the few words that stand between the posts of a digest, by language. What RFC 1153 has programs look for is English in all of them.
type issueWords struct {
	contents, answer, read, file, files string
	quoted                              string // how many lines of a quotation are left out
	rest                                string // the text goes on
	untitled                            string // of a topic without a subject
	textless                            string // of a post that has neither text nor files
	kilo, mega, comma                   string
}

var issueLanguages = map[string]issueWords{
	"en": {contents: "Today's Topics:", answer: "Answer:", read: "Read on the web:", file: "File:", files: "Files:", quoted: "[… %d lines quoted]", rest: "[… the post goes on]",
		untitled: "(no subject)", textless: "[This post has no text that can be shown here.]",
		kilo: "kB", mega: "MB", comma: "."},
	"fr": {contents: "Sujets du jour :", answer: "Répondre :", read: "Lire sur le web :", file: "Fichier :", files: "Fichiers :", quoted: "[… %d lignes citées]", rest: "[… le message continue]",
		untitled: "(sans objet)", textless: "[Ce message n’a pas de texte qui puisse être montré ici.]",
		kilo: "ko", mega: "Mo", comma: ","},
	"es": {contents: "Temas de hoy:", answer: "Responder:", read: "Leer en la web:", file: "Archivo:", files: "Archivos:", quoted: "[… %d líneas citadas]", rest: "[… el mensaje sigue]",
		untitled: "(sin asunto)", textless: "[Este mensaje no tiene texto que se pueda mostrar aquí.]",
		kilo: "kB", mega: "MB", comma: ","},
}

// wordsOf are the words of a language, or English ones.
func wordsOf(language string) issueWords {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if w, ok := issueLanguages[base]; ok {
		return w
	}
	return issueLanguages["en"]
}

// unlabelled is one of them without what divides it from what follows.
func unlabelled(words string) string { return strings.TrimRight(words, " :") }

// size is a number of octets as people read it.
func (w *issueWords) size(octets int64) string {
	if octets < 1_000_000 {
		return fmt.Sprintf("%d %s", max((octets+500)/1000, 1), w.kilo)
	}
	tenths := (octets + 50_000) / 100_000
	return fmt.Sprintf("%d%s%d %s", tenths/10, w.comma, tenths%10, w.mega)
}
