package words

var portugueseWords = Lexicon{
	tag: "pt", props: portugueseProps, stem: stemPortuguese, join: set("de do da dos das em no na"), articles: set("um uma"),
	manner: set("por sem"),
	before: set(`o a os as um uma uns umas do da dos das no na nos nas ao à este esta esse essa meu minha nosso nossa nossos nossas seu sua cada com sem por para sobre entre outra outro pelo pela`),
	doing:  set(`eu nós vocês eles não se pode podem que nos`),
	stop: set(`a à agora ai ainda além algo alguém algum alguma algumas alguns ali ambos antes ao aos apenas apesar aquela aquelas aquele aqueles aquilo aqui as às assim até atrás através bastante bem cada cá cima com como conforme contra
		contudo cuja cujo da dado daquele das de dela delas dele deles demais dentro depois desde dessa desse desta deste deve devem diante disso disto do dos e é ela elas ele eles em enquanto então entre era eram és essa essas
		esse esses esta está estamos estão estar estas estava estavam este esteja estes esteve estou eu faz fazer fazem foi for fora foram fosse fui há havia hoje ia isso isto já jamais lá lhe lhes lo logo longe mais mal mas me
		mediante meio melhor menos mesma mesmas mesmo mesmos meu meus mim minha minhas muita muitas muito muitos na nada não naquele nas nela nele nem nenhum nenhuma nessa nesse nesta neste ninguém no nos nós nossa nossas nosso
		nossos num numa nunca o onde ontem os ou outra outras outro outros para pela pelas pelo pelos perante pode podem poder podia pois por porém porquanto porque posso pouca poucas pouco poucos pra própria próprio qual quais
		qualquer quando quanta quanto quase que quê quem sabe são se seja sejam sem sempre sendo ser será seria seu seus si sido sim só sob sobre somente somos sou sua suas tal talvez também tampouco tanta tanto tão te tem têm
		temos tenha tenho ter teu teve tinha tinham toda todas todavia todo todos tu tua tudo um uma umas uns vai vamos vão várias vários você vocês vez vezes vindo vos vós vou`),
	weak: set(`ano anos boa bom caso casos coisa coisas começo conta dia dias exemplo exemplos facto fato fim forma formas gente grande grupo hora horas ideia ideias importante lado lista lugar maneira manhã mail mails email emails correio mensagem mensagens mês meses
		modo momento mundo nova novo número opinião palavra palavras parte partes passado pequena pequeno pergunta perguntas pessoa pessoas ponto pontos primeira primeiro problema problemas questão questões razão resposta
		respostas resto resultado semana semanas sentido simples situação tema temas tempo tipo tipos trabalho uso verdade vida vista nível falta`),
	verbs: set(`achamos achar acho acontece acontecer ajuda ajudar buscar chegar começa começar conhecer conseguir consegue conseguimos creio dar dá deixa deixar devemos disse diz dizem dizer encontrar entender escreve escrever espera
		esperar estive falamos falar fazemos fez ficar fica fiz gosta gostaria haver ir ler levar ligar mandar mostrar olhar ouvir parece passar pedir pensa pensar penso perceber perguntar podemos põe pôr precisa precisamos
		precisar prefere quer querem queremos querer quero responde responder saber sabemos sair seguir sentir tentar tirar tomar trabalhar usar usamos utilizar vê vejo vem ver vir viver voltar`),
	numbers: set(`dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quinze vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem cento centenas mil milhares milhão milhões dúzia
		metade dobro segundo segunda segundos segundas terceiro terceira quarto quarta último última últimos últimas primeiros primeiras próximo próxima próximos próximas`),
	pointing: set(`ele ela eles elas isso isto essa esse esses essas esta este estes estas aquilo mas e ou nem pois logo também tampouco além sim não bom claro por porque embora depois finalmente igualmente lhe lhes seu sua seus
		suas lá aí aqui talvez já daí portanto porém contudo`),
	leaning:    set(`ele ela eles elas isso isto esses essas estes estas aquilo lhe lhes`),
	adding:     set("também além"),
	addressing: set(`tu te ti teu tua você vocês`),
	anybody:    set(`alguém algum alguma outros`),
	echoes:     set(`acima abaixo anexo anexa anterior seguinte mencionado mencionada`),
	leads: turns(`
		eu também
		nós também
		por isso
		por outro
		por outra
		por exemplo
		no entanto
		nesse caso
		neste caso
		com certeza
		de facto
		de fato
		na verdade
		concordo
		estou de acordo
		ou seja
		pelo contrário
		o mesmo
		além disso`),
	turns: turns(`
		como você
		como tu
		como disse
		você disse
		sua mensagem
		sua pergunta
		tua mensagem
		nesse caso
		neste caso
		disso
		por isso
		para isso
		esta lista
		esta mensagem`),
	telling: set(`porque lição lições aprendemos aprendi aprendeu funciona funcionou ajudou ajuda antes até quando se sem erro erros fracasso nunca sempre começou começámos deixámos pedimos tentámos cada só melhor falta confiança permite mudou
		mudar`),
	starts:     set(`então assim tente tenta veja vê olhe use usa`),
	askers:     set(`que quem como quando onde qual quais quanto por para`),
	contrast:   set(`mas porém contudo todavia embora nunca jamais não ninguém nada contrário exceto salvo apesar`),
	short:      set(`sr sra srs dr dra prof profa d dona núm nº art pág págs p pp etc ex p.ex tel av cia vol ed jan fev abr jun jul ago set out nov dez exmo exma`),
	courtesies: set(`olá oi obrigado obrigada obrigados saudações cumprimentos atenciosamente cordialmente caro cara caros caras prezado prezada prezados querido querida bem-vindo bem-vinda abraço abraços parabéns desculpe desculpem adeus`),
	idle: lines(`
		como estão
		como está
		como vai
		como vão
		tudo bem
		tudo bom
		o que acham
		o que acha
		o que pensam
		o que vocês acham
		alguma ideia
		ideias
		comentários
		alguma sugestão
		por que não
		porque não
		por quê
		porquê
		para quê
		e daí
		e vocês
		e você
		verdade
		não é
		né
		certo
		não acham
		quem sabe
		a sério
		alguém
		alguém pode ajudar
		o que fazer
		é possível`),
}
