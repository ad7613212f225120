package words

var englishProps = props{
	these:   set(`this these those`),
	who:     set(`who whose which that`),
	periods: set(`week month year morning evening afternoon night list group season time summer winter discussion day days`),
	that:    set(`that that's that'd that'll`),
	being:   set(`is was isn't wasn't be been would will can could should might may has had takes took seems seemed helps helped costs`),
	taking: set(`than from of to for with by after before about on at into like despite without beyond behind over under through around upon against make makes making made use uses using do does did doing done need needs take takes took get gets got getting put
		fix fixed change changed call calling run running liked want wanted have had having try tried keep solve solved break handle handles implement avoid avoids prevent prevents support supports reach reaches add remove give giving call calls`),
	the:   set(`the`),
	held:  set(`of that which who whom whose where when why for i i'm i've i'd you you're we we're we've he she they`),
	near:  set(`from with without to in on at between behind under inside about by near as`),
	ranks: set(`first only best worst most least very whole rest others other way youngest oldest eldest biggest smallest largest easiest hardest right left past last next same`),
	known: set(`first only best worst most least very whole rest others other way end beginning start middle past future moment meantime time times day days week weeks month year years morning evening night
		world web internet net people public government state country city town village road river sea sun rain weather market church school radio phone telephone news police president minister truth
		youngest oldest eldest biggest smallest largest easiest hardest right left point idea fact sake long short moon sky ground earth house home job family families 
		list facilitator facilitators members group discussion`),
	shells: set(`issue issues problem problems question answer solution approach method case situation matter suggestion proposal alternative patch fix bug error code message version difference result results
		script thing things example reason idea point advantage latter former above change changes thread post mail effect trick choice option options`),
	owned:    set(`of with that how whether why where when between to we i you they he she`),
	skipped:  set(`new old other main real only big biggest second third next last 1st 2nd 3rd 4th fourth`),
	definite: set(`the`),
	it:       set(`it it's it'd it'll`),
	makes:    set(`make makes made making find found finds keep keeps think thought take takes took`),
	tells:    set(`to that when if how whether who`),
	after:    set(`too either well again instead`),
	turning:  set(`also however though anyway therefore hence thus nevertheless nonetheless regardless otherwise concur currently hereby`),
	openings: set(`assume assuming suppose supposing couldn't can't won't didn't doesn't haven't hasn't isn't wasn't will would could should can did was were am had sounds looks seems works depends agree totally seconded thought guess hope wish hidden makes done correct definitely absolutely probably sorta kinda much presumably hence glad happy see
		certainly especially particularly once again`),
	comparing: set(`same better worse easier harder faster slower longer shorter bigger smaller larger simpler nicer cleaner cheaper safer quicker closer older newer higher lower`),
	than:      set(`than as way time question day the if when once whenever and`),
	here:      set(`here there below above`),
	own:       set(`their its his`),
	harsh:     set(`stupid stupidity idiot idiots idiotic moron morons crap sucks shit bullshit damn dumb pissing pissed`),
	verbs:     set(`is are was were be been am do does did has have had can could will would may might must shall should need needs let call calls help help use work works show stand lie`),
	in:        set(`in at on is are was were isn't aren't wasn't weren't will would can may might seems seem has have must should be used needs`),
}

var frenchProps = props{
	these:     set(`ce cet cette ces`),
	who:       set(`qui que qu dont à`),
	periods:   set(`semaine mois année matin soir jour fois liste groupe nuit saison`),
	held:      set(`de d du des que qu qui dont où avec pour entre à au aux`),
	owned:     set(`de d du des que qu dont où à`),
	shells:    set(`problème solution question réponse raison idée difficulté proposition cas différence résultat méthode`),
	definite:  set(`le la les l`),
	it:        set(`il`),
	being:     set(`est était faut fallait faudrait faudra a ai ont avons avait avaient y suffit suffisait serait n ne arrive reste vaut s pleut`),
	tells:     set(`de d que qu à a faut y reste vaut pas pleut`),
	after:     set(`encore`),
	turning:   set(`aussi également cependant toutefois pourtant néanmoins donc`),
	openings:  set(`voilà bravo effectivement exactement absolument exact évidemment`),
	comparing: set(`mieux meilleur meilleure pire`),
	than:      set(`que qu le la de d quand si`),
	here:      set(`ici là ci-dessus ci-dessous`),
	harsh:     set(`stupide stupides idiot idiots idiote con cons merde imbécile`),
	in:        set(`à au aux en dans chez où`),
	pronouns:  set(`je j tu il elle on nous vous ils elles n ne s se m t l qui`),
}

var spanishProps = props{
	these:     set(`este esta estos estas ese esa esos esas aquel aquella aquellos aquellas`),
	who:       set(`que quien quienes`),
	periods:   set(`semana mes año mañana tarde noche día vez lista grupo`),
	held:      set(`de del que quien con para por donde entre en a al`),
	owned:     set(`de del que donde`),
	shells:    set(`problema solución pregunta respuesta razón idea dificultad propuesta caso diferencia resultado método`),
	definite:  set(`el la los las`),
	it:        set(`lo`),
	being:     set(`que mejor peor importante primero único difícil bueno malo más mismo`),
	tells:     set(`que es fue era mejor peor importante primero único difícil bueno malo más mismo`),
	turning:   set(`también tampoco embargo entonces`),
	openings:  set(`exacto exactamente totalmente efectivamente correcto`),
	comparing: set(`mejor peor`),
	than:      set(`que el la lo los las si cuando`),
	here:      set(`aquí ahí allí acá allá`),
	harsh:     set(`estúpido estúpida estúpidos idiota idiotas mierda imbécil`),
	in:        set(`en donde por`),
}

var portugueseProps = props{
	these:     set(`este esta estes estas esse essa esses essas aquele aquela aqueles aquelas deste desta desse dessa neste nesta nesse nessa disso nisso disto nisto daquele daquela`),
	who:       set(`que quem`),
	periods:   set(`semana mês ano manhã tarde noite dia vez lista grupo`),
	held:      set(`de do da dos das que quem com para por onde entre em no na`),
	owned:     set(`de do da dos das que onde`),
	shells:    set(`problema solução pergunta resposta razão ideia dificuldade proposta caso diferença resultado método`),
	definite:  set(`o a os as`),
	turning:   set(`também tampouco porém contudo entretanto portanto todavia`),
	openings:  set(`exato exatamente totalmente concordo correto`),
	comparing: set(`melhor pior`),
	than:      set(`que o a os as se quando`),
	here:      set(`aqui aí ali lá cá`),
	harsh:     set(`estúpido estúpida estúpidos idiota idiotas merda imbecil`),
	in:        set(`em no na nos nas onde`),
}
