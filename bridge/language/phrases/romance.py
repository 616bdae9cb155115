"""How people ask for a person in Spanish, Portuguese, French and Italian."""

from bridge.language.phrases.notation import Phrases

SPANISH = Phrases(
    who=(
        r"(?:persona|human[oa]|ser humano|agente|asesora?|operadora?|representante|ejecutiv[oa]|supervisora?"
        r"|gerente|encargad[oa]"
        r"|responsable|atencion al cliente|servicio al cliente|soporte humano|atencion humana|teleoperadora?)s?"
        r"(?: (?:real|human[oa]|de verdad|de carne y hueso|fisica|viv[oa]))?"
    ),
    any=r"(?:{who}|alguien|un companero|una companera|un empleado)",
    a=r"(?:(?:una?|el|la|algun|alguna|su|vuestro|otro|otra|verdader[oa]|con|a) )*",
    small=r"por favor|porfa|ya|ahora|una?|con|quiero|necesito|hola|el|la|urgente|real|hablar|gracias|porfavor"
    r"|prefiero",
    asks=(
        r"(?:hablar|comunicar(?:me)?|chatear|conversar|contactar|platicar|charlar|comunicarse)(?: \w+)? {a}{any}",
        r"(?:pas[ae]me|paseme|pasarme|pasar|comuni(?:came|queme)|conect[ae]me|conecteme|conectarme"
        r"|transfi?er[ae]me|transferirme"
        r"|transferir|ponme|pongame|derivame|deriveme|contacteme|dame|deme|mandame|comunicarme) (?:.. )?{a}{any}",
        r"(?:quiero|necesito|quisiera|exijo|prefiero|me gustaria|busco|hay|puedo tener)(?: (?:que|ver"
        r"|tener))? {a}{who}",
        r"(?:que me (?:atienda|llame|contacte|ayude|responda)|me (?:atienda|puede atender|llame)) {a}{any}",
        r"(?:no quiero|basta de|no mas|odio)(?: (?:hablar|con|un|una|el|este|los|mas))* (?:bots?|robots?|maquinas?)",
        r"llam[ae]me|me pueden llamar|que me llamen",
        r"alguien .. (?:con quien|que me)(?: \w+)? (?:hablar|atienda|ayude)",
    ),
    never=(
        r"(?:eres|es usted|es esto|sos|hablo con|estoy hablando con) {a}{who}",
        r"(?:no (?:quiero|necesito|hace falta|deseo)|sin|en lugar de)(?: (?:hablar|que|necesidad|de))* {a}{any}",
    ),
)

PORTUGUESE = Phrases(
    who=(
        r"(?:pessoa|human[oa]|ser humano|atendente|agente|operadora?|representante|supervisora?|gerente"
        r"|responsavel|assistente"
        r"|atendimento(?: humano| ao cliente)?|suporte humano|funcionari[oa])s?(?: (?:real|human[oa]|de verdade))?"
    ),
    any=r"(?:{who}|alguem)",
    a=r"(?:(?:uma?|o|a|algum|alguma|seu|com|outr[oa]|ao) )*",
    small=r"por favor|pfv|ja|agora|uma?|com|quero|preciso|ola|oi|urgente|real|falar|obrigad[oa]|de|verdade",
    asks=(
        r"(?:falar|conversar|fala|teclar|entrar em contato|contatar)(?: \w+)? {a}{any}",
        r"(?:me (?:passa|passe|transfere|transfira|conecta|conecte|coloca|ligue|encaminhe)|transferir|passar"
        r"|conectar|chama"
        r"|chame|passe me|transfira me)(?: (?:para|pra|com))? {a}{any}",
        r"(?:quero|preciso de|preciso|gostaria de|exijo|prefiro|tem) {a}{who}",
        r"(?:nao quero|chega de|odeio)(?: (?:falar|com|um|uma|o|esse|de|mais))* (?:bots?|robos?|maquinas?)",
    ),
    never=(
        r"(?:voce e|vc e|es|e isto|estou falando com|falo com) {a}{who}",
        r"(?:nao (?:quero|preciso|e preciso|precisa)|sem|em vez de)(?: (?:falar|de|precisar))* {a}{any}",
    ),
)

FRENCH = Phrases(
    who=(
        r"(?:(?:vrai|vraie|veritable|autre) )*(?:personne|humain|etre humain|agent|conseill(?:er|ere)|operateur"
        r"|operatrice"
        r"|representant|responsable|superviseur|manager|service client|service clientele|interlocuteur|employe"
        r"|technicien)s?"
        r"(?: (?:reel(?:le)?|humaine?|physique|en chair et en os))?"
    ),
    any=r"(?:{who}|quelqu un)",
    a=r"(?:(?:une?|la|le|l|d|des|votre|vos|de|un de vos|au) )*",
    small=r"s il|vous|te|plait|svp|stp|une?|maintenant|tout de suite|je|veux|bonjour|salut|urgent|avec|parler|l"
    r"|le|merci|un",
    asks=(
        r"(?:parler|discuter|echanger|communiquer|contacter|joindre|parle|m entretenir|entrer en contact)"
        r"(?: \w+)? ?(?:a|avec)? {a}{any}",
        r"(?:passez moi|passe moi|transferez moi|transferer|mettez moi|me mettre|connectez moi|donnez moi"
        r"|me passer|mets moi)"
        r" (?:.. )?(?:a |avec |vers )?{a}{any}",
        r"(?:je veux|je voudrais|je souhaite|puis je|pourrais je|j ai besoin d|j ai besoin de|j aimerais"
        r"|j exige|il me faut"
        r"|y a t il|je prefere)"
        r"(?: avoir)? {a}{any}",
        r"(?:rappelez|appelez|rappelle|appelle) moi",
        r"(?:pas|marre|assez|veux plus)(?: (?:parler|a|avec|un|une|de|des|ce|cette|du|d))* (?:robots?|bots?"
        r"|machines?|chatbots?)",
    ),
    never=(
        r"(?:etes vous|es tu|c est|est ce que je parle|vous etes|tu es|suis je)(?: (?:a|avec|bien"
        r"|vraiment))* {a}{who}",
        r"(?:ne (?:veux|souhaite) pas|n ai pas besoin|pas besoin|sans|au lieu de|je ne veux pas|veux pas)"
        r"(?: (?:parler|a|avec|d|de))* {a}{any}",
        r"(?:besoin d|il me faut|je veux) une personne (?:pour|qui)",
    ),
)

ITALIAN = Phrases(
    who=(
        r"(?:(?:vera?|altra?) )*(?:persona|uman[oa]|essere umano|operatore|operatrice|agente|consulente"
        r"|rappresentante"
        r"|responsabile|supervisore|assistenza clienti|servizio clienti|addetto|assistente)(?: (?:reale|vera?"
        r"|uman[oa]|fisica|in carne))?"
    ),
    any=r"(?:{who}|qualcuno)",
    a=r"(?:(?:una?|uno|il|lo|la|l|vostro|un vostro|con|ad?|al|all) )*",
    small=r"per favore|perfavore|adesso|ora|subito|una?|con|voglio|vorrei|ciao|urgente|parlare|grazie|un",
    asks=(
        r"(?:parlare|parlo|chattare|comunicare|contattare|discutere|parlarne)(?: \w+)? {a}{any}",
        r"(?:mi (?:passi|passa|passate|metta|metti|colleghi|connetta)|passami|passatemi|mettetemi|trasferiscimi"
        r"|datemi|dammi"
        r"|collegami|trasferitemi|essere messo)(?: (?:in contatto|a|ad|con))* {a}{any}",
        r"(?:voglio|vorrei|ho bisogno di|mi serve|preferisco|esigo|c e)(?: avere)? {a}{who}",
        r"(?:non voglio|basta)(?: (?:parlare|con|un|una|il|questo|i))* (?:bot|robot|macchin[ae]|chatbot)",
        r"(?:richiamatemi|chiamatemi|mi richiami)",
    ),
    never=(
        r"(?:sei|e lei|lei e|sto parlando con|parlo con) {a}{who}",
        r"(?:non (?:voglio|ho bisogno di|serve|mi serve)|senza|invece di)(?: (?:parlare|di))* {a}{any}",
    ),
)
