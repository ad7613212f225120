package words

var spanishWords = Lexicon{
	tag: "es", props: spanishProps, stem: stemSpanish, join: set("de del en a"), articles: set("la el los las un una"),
	manner: set("por sin"),
	before: set(`el la los las un una unos unas del de al este esta estos estas ese esa mi mis tu su sus nuestro nuestra nuestros nuestras cada con sin por para sobre entre otra otro`),
	doing:  set(`yo tú nosotros ustedes ellos no se puede pueden hay que nos lo`),
	stop: set(`a acá ahí ahora al algo alguien algún alguna algunas alguno algunos allá allí ambos ante antes apenas aquel aquella aquellas aquello aquellos aquí así aún aunque bajo bastante bien cada casi como cómo con conmigo contra
		cual cuál cuales cualquier cuando cuándo cuanto cuánto cuya cuyo da dan de debe deben del demás demasiado dentro desde después donde dónde dos durante e él el ella ellas ello ellos en entonces entre era eran eras eres es
		esa esas ese eso esos esta está estaba estaban están estar estas este esto estos estoy estuvo fin fue fuera fueron fui ha había habían haber hace hacen hacer hacia han hasta hay he hemos hoy iba igual incluso ir jamás
		junto la las le les lo los luego más mas me mediante mejor menos mi mí mía mientras mío mis misma mismas mismo mismos mucha muchas mucho muchos muy nada nadie ni ningún ninguna ninguno no nos nosotros nuestra nuestras
		nuestro nuestros nunca o os otra otras otro otros para pero poca pocas poco pocos podemos poder podría por porque pronto propia propio pude puede pueden puedo pues que qué quien quién quienes quizá quizás se sea sean
		según ser sería si sí sido siempre siendo sin sino so sobre sois solamente solo sólo somos son soy su sus suya suyas suyo suyos tuya tuyas tuyo tuyos míos mías tal también tampoco tan tanta tanto te tenemos tener tengo ti tiempo tiene tienen toda todas todavía
		todo todos tras tu tú tus u un una unas uno unos usted ustedes va vamos van varias varios vez veces voy vosotros vuestra vuestro y ya yo`),
	weak: set(`año años bueno buena buenos buenas caso casos cosa cosas día días ejemplo ejemplos forma formas fondo gente gran grande grupo hecho hora horas idea ideas importante correo correos email lado lista lugar manera mañana mensaje mensajes mes
		meses modo momento mundo necesidad nueva nuevo número opinión palabra palabras parte partes pasado pequeña pequeño persona personas pregunta preguntas primer primera primero problema problemas punto puntos razón
		respuesta respuestas resto resultado semana semanas sentido simple situación tema temas tipo tipos trabajo través uso verdad vida vista nivel falta medio`),
	verbs: set(`acabar ayuda ayudar buscar cambiar comenzar comienza conocer creemos creer creo dar debemos decidir decimos decir deja dejar dice dicen dije dijo empezar empezó encontrar entender escribe escribir escuchar espera esperar
		gusta gustaría haga hacemos hablamos hablar hizo importa intentar llamar llega llegar llevar logra mandar mirar necesita necesitamos necesitan ofrecer parece pasa pasar pedir pensar pienso poner pone preguntar prefiere
		queda quedar queremos querer quiere quieren quiero recibir responde responder sabe sabemos saber sale salir seguir sentir sigue suele tomar trabajar tratar usar usamos utilizar venir veo ver vemos viene vivir volver`),
	numbers: set(`dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos mil miles millón millones docena
		mitad doble segundo segunda segundos segundas tercero tercera tercer cuarto cuarta quinto quinta último última últimos últimas primeros primeras siguiente siguientes`),
	pointing: set(`él ella ellos ellas eso esa ese esos esas esto esta este estos estas aquello pero y o u ni pues entonces luego también tampoco además sí no bueno claro por sin porque aunque después finalmente igual igualmente lo
		le les su sus allí ahí aquí incluso ojalá quizás tal ya como`),
	leaning:    set(`él ella ellos ellas eso esto ello esos esas estos estas lo les`),
	adding:     set("también además tampoco"),
	addressing: set(`tú te ti tu tus usted ustedes`),
	anybody:    set(`alguien alguno alguna otros`),
	echoes:     set(`arriba abajo adjunto adjunta anterior siguiente mencionado mencionada`),
	leads: turns(`
		yo también
		nosotros también
		a mí también
		por eso
		por ello
		por cierto
		por supuesto
		por otro
		por otra
		por ejemplo
		sin embargo
		en ese
		en este
		en efecto
		en cambio
		de hecho
		de acuerdo
		estoy de acuerdo
		a pesar de eso
		es decir
		o sea
		al contrario
		lo mismo`),
	turns: turns(`
		como tú
		como usted
		como dices
		como dice
		usted dice
		tu mensaje
		su mensaje
		tu pregunta
		su pregunta
		en ese caso
		en este caso
		de eso
		para eso
		por eso
		de esto
		esta lista
		este mensaje`),
	telling: set(`porque lección lecciones aprendimos aprendí aprendió funciona funcionó ayudó ayuda antes hasta cuando si sin error errores fracaso nunca siempre empezó empezamos dejamos pedimos probamos cada solo sólo mejor hace falta confianza
		permite cambió cambiar`),
	starts:   set(`así intenta intente prueba pruebe mira mire vea usa use`),
	askers:   set(`qué quién quiénes cómo cuándo dónde cuál cuáles cuánto por para`),
	contrast: set(`pero sino aunque embargo nunca jamás no nadie nada contrario salvo excepto tampoco pese`),
	short:    set(`sr sra srta sres dr dra prof ud uds d dña núm no art pág págs p pp etc ej p.ej tel av avda cía vol ed ene feb abr jun jul ago sept oct nov dic ee uu`),
	courtesies: set(`hola gracias saludos saludo cordialmente atentamente estimado estimada estimados estimadas querido querida queridos queridas bienvenido bienvenida bienvenidos abrazo abrazos felicidades felicitaciones perdón disculpen disculpe adiós
		amigos amigas`),
	idle: lines(`
		cómo están
		cómo estás
		cómo está
		qué tal
		cómo les va
		cómo te va
		cómo va todo
		todo bien
		qué opinan
		qué opinas
		qué piensan
		qué piensas
		qué les parece
		qué te parece
		alguna idea
		ideas
		comentarios
		alguna sugerencia
		por qué no
		por qué
		para qué
		y qué
		y ustedes
		y tú
		verdad
		no
		sí
		no creen
		quién sabe
		en serio
		de verdad
		alguien
		alguien puede ayudar
		me explico
		qué hacer
		es posible
		está bien`),
}
