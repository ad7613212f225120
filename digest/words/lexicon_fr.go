package words

var frenchWords = Lexicon{
	tag: "fr", props: frenchProps, stem: stemFrench, join: set("de du des à en"), articles: set("la le les un une"),
	manner: set("par sans"),
	before: set(`le la les un une des du de au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs chaque quelques plusieurs par pour avec sans sur`),
	doing:  set(`je tu il elle on nous vous ils elles ne se pour peut peuvent faut doit`),
	stop: set(`a à ai aie aient ailleurs ainsi ait alors après as assez au aucun aucune aussi autant autour autre autres aux avaient avais avait avant avec avez avoir avons bah beaucoup bien bon c car ce ceci cela celle celles celui cent
		cependant certain certaine certains ces cet cette ceux chacun chaque chez ci combien comme comment contre d dans de déjà dehors depuis des dès désormais deux dit dois doit donc dont du durant elle elles en encore enfin
		ensuite entre es est et étaient étais était étant été être eu eux fait faire fais faut fois font grâce hors ici il ils j jamais je jusque l là la laquelle le lequel les lesquels leur leurs loin lors lorsque lui m ma
		mais mal malgré me même mêmes mes mien mienne mieux mis moi moins mon n ne ni non nos notre nôtre nous on ont ou où oui outre par parce parfois parmi pas pendant peu peut peuvent peux plus plusieurs plutôt pour
		pourquoi pourtant pouvait près presque puis puisque qu quand quant que quel quelle quelles quelque quelques quels qui quoi quoique rien s sa sans sauf se selon sera serait seront ses seul seulement si sien sienne siens siennes tien tienne tiens tiennes miens miennes soi soient
		sois soit sommes son sont sous souvent suis sur surtout t ta tandis tant te tel telle telles tels tes toi ton toujours tous tout toute toutes très trop tu un une va vais vas vers veut veux via voici voilà vont vos
		votre vôtre vôtres nôtres vous vraiment y ça`),
	weak: set(`an ans année années avis besoin besoins but cas chose choses côté début exemple exemples façon fin genre gens groupe heure heures idée idées important importante intérêt jour jours lieu liste mail mails courriel courriels manière matin message
		messages moment mois monde mot mots nombre nouveau nouvelle part partie personne personnes petit petite point points possible premier première problème problèmes question questions raison réponse réponses reste rôle
		semaine semaines sens simple situation soir suite sujet temps tour travail vie vue bonne grand grande meilleur meilleure lors niveau cadre mesure effet`),
	verbs: set(`aller allons appeler arrive arriver attendre avons chercher commence commencer comprendre connaître crois croire demande demander devenir devons devrait dire dis disent donne donner doivent écrire écrit entendre
		essayer explique faisons fallait faites mettre montre montrer parle parler pense penser permet permettre poser pouvoir pouvons prend prendre propose proposer regarder rendre répond répondre reste rester revenir sait
		savoir sembler semble sentir suivre tenir trouve trouver utiliser venir vient vivre voir voit vouloir voudrais voulons`),
	numbers: set(`deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent cents mille million millions milliers dizaine douzaine centaine
		moitié double deuxième second seconde troisième quatrième cinquième dernier dernière derniers dernières premiers premières prochain prochaine prochains prochaines`),
	pointing: set(`il ils elle elles ce c'est c'était ceci cela ça cette ces cet celui celle mais et ou car or ni puis ensuite ainsi aussi enfin oui non si d'accord bon bref par voilà voici pourtant cependant toutefois néanmoins
		d'ailleurs sinon parce lui leur leurs son sa ses y en même pareil également là`),
	leaning:    set(`il elle ils elles cela ça ceci c'est celui celle ceux celles lui eux y en`),
	adding:     set("aussi également encore"),
	addressing: set(`tu te toi ton ta tes vous votre vos`),
	anybody:    set(`quelqu'un quelqu’un d'autres certains certaines`),
	echoes:     set(`ci-dessus ci-dessous ci-joint ci-jointe précédent précédente suivant suivante`),
	leads: turns(`
		c'est là
		moi aussi
		nous aussi
		chez nous aussi
		par contre
		en effet
		en fait
		en plus
		en outre
		à mon avis
		dans ce cas
		bien sûr
		par exemple
		de même
		du coup
		c'est pour
		je suis d'accord
		je pense que oui
		au contraire
		tout à fait
		à part`),
	turns: turns(`
		comme tu
		comme vous
		vous dites
		vous avez dit
		tu dis
		votre message
		votre question
		ton message
		ta question
		ci-dessus
		dans ce cas
		de cela
		pour cela
		à cela
		cette liste
		ce message`),
	telling: set(`parce leçon leçons appris apprend marche marché fonctionne fonctionné aidé aide avant jusqu quand lorsque si sans erreur erreurs échec échoué réussi jamais toujours commencé arrêté demandé essayé chaque seulement mieux
		faut besoin confiance permet`),
	starts:     set(`donc alors essayez essaie regardez regarde voyez vois utilisez utilise notez`),
	askers:     set(`qui que quel quelle quels quelles comment pourquoi où quand combien est-ce`),
	contrast:   set(`mais cependant pourtant toutefois contrairement jamais pas aucun aucune personne rien contraire sauf malgré plutôt`),
	short:      set(`m mm mme mmes mlle mr dr pr me st ste cf ex p pp art éd env etc vol n no tél av bd janv févr avr juil sept oct nov déc p.ex c.-à-d`),
	courtesies: set(`bonjour bonsoir salut merci mercis cordialement salutations amicalement cher chère chers chères bienvenue bravo félicitations bises amitiés coucou respectueusement`),
	idle: lines(`
		comment allez-vous
		comment ça va
		ça va
		vous allez bien
		comment vas-tu
		qu'en pensez-vous
		qu'en penses-tu
		que pensez-vous
		qu'en dites-vous
		des idées
		une idée
		d'autres idées
		pourquoi pas
		pourquoi
		comment
		et alors
		n'est-ce pas
		qui sait
		vraiment
		d'accord
		non
		oui
		et vous
		et toi
		quoi d'autre
		quelqu'un
		quelqu'un peut m'aider
		à quoi bon
		vous voyez
		que faire
		est-ce possible`),
}
