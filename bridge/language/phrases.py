"""How people ask for a person, language by language. Words only; `asking.py` reads them.

A phrase is a regular expression over folded text without punctuation ("I don't" is "i don t"), in which ` .. ` is a
gap of at most three words, and {who} {any} {bot} {a} are the language's own words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """What counts in one language.

    `who` can stand alone, `any` only after a verb ("someone"). `asks` is a request; `never` looks like one and is
    taken out first. `small` words may stand beside `who` when it is all that is said.
    """

    who: str
    asks: tuple[str, ...]
    never: tuple[str, ...]
    any: str = "{who}"
    bot: str = r"(?:chat|ro)?bots?"
    a: str = ""
    small: str = ""
    spaced: bool = True  # words are set apart by blanks


ENGLISH = Phrases(
    who=(
        r"(?:(?:(?:real|actual|live|living|human|breathing|senior|support|service|customer|care|call cent(?:er"
        r"|re)) )*"
        r"(?:hu+man(?: being)?s?|hooman|agents?|agnet|rep|representati?ves?|representitive|operator|advis[oe]r"
        r"|supervisor"
        r"|superviser|manager|executive|staff member)"
        r"|(?:(?:real|actual|live|living|human|physical|proper) )+(?:person|people|support|help|assistance|chat"
        r"|being|one)"
        r"|(?:someone|somebody|anyone|anybody) real|customer (?:services?|support|care)|help ?desk"
        r"|member of (?:your |the )?(?:staff|team))"
        r"(?! (?:rights?|errors?|resources|hair|body|nature|name|number|id|s|said|told))"
    ),
    any=(
        r"(?:{who}|(?:(?:support|senior|different|responsible|competent|another|other) )*"
        r"(?:persons?|people|someone|somebody|sum(?:one|1)|some1|any(?:one|body)|specialist|expert|consultant"
        r"|employee"
        r"|associate|colleague|boss|staff|human|support team|team|one of you(?:r \w+)?|person in charge)(?! else))"
    ),
    bot=r"(?:(?:stupid|dumb|damn|useless|fucking|bloody|automated|ai|chat) ?)*(?:(?:ro|chat)?bots?|machines?"
    r"|computer|ai)",
    a=r"(?:(?:a|an|any|some|the|your|ur|one|another|one of your) )*",
    small=(
        r"please|pls+|plz+|now|right|asap|immediately|just|hey|hi|hello|ok|okay|no|yes|a|an|the|some|me|i|need"
        r"|want|wanna"
        r"|give|get|with|to|for|have|can|could|you|would|like|thanks|thank|again|only|contact|call|connect"
        r"|transfer|help"
        r"|your|urgent|urgently|this|instant|damn|today|here|directly|instead|person|request|may|is|it|must"
        r"|speak|talk"
    ),
    asks=(
        r"(?:speak|talk|chat|spk|tlk|converse|communicate) (?:\w+ )?(?:to|2|with|wth|wit|w) {a}{any}",
        r"(?:speak|talk|chat)(?: to)? (?:human|person|agent|manager|supervisor|someone|live)",
        r"(?:word|call|chat|deal|dealing) with {a}{any}",
        r"(?:of|about|for|in|prefer) (?:talking|speaking|chatting) (?:to|with) {a}{any}",
        r"who (?:can|could|do|should) i (?:talk|speak|complain|write) (?:to|with)",
        r"(?:help|assistance|answers?|support|call) from {a}{who}",
        r"(?:connect|transfer|put|pass|hand|forward|redirect|escalate|switch|patch|direct|assign|route|refer)"
        r"(?: (?:me|us|this|it|my \w+|the \w+))?(?: (?:through|thru|over|on|across|straight|directly|right|back))*"
        r"(?: (?:to|with|2|w|wit|onto))? {a}(?:{any}|human|live)",
        r"(?<!you )(?<!guys )(?<!have )(?<!has )put me (?:through|thru)",
        r"(?<!going to )(?<!gonna )(?<!will )(?<!ll )escalate (?:this|it|my \w+|the \w+)(?! to)",
        r"(?<!i )(?:get|give|gimme|send|find|bring) (?:me )?{a}(?:{who}|person)",
        r"(?:get|give|send|find|bring) me {a}{any}",
        r"(?:want|wanna|need|require|demand|requesting|request|prefer|would like|d like|id like|insist on"
        r"|looking for|ask(?:ing|ed)? for"
        r"|wait(?:ing|ed)? for|where is|where s|where are|wheres)(?: to (?:have|get|see|reach|contact))? {a}"
        r"(?:{who}|(?<!the )person)(?! (?:at home|who|that|to (?:be|sign|stop)))",
        r"(?:can|could|may|might) (?:i|we) (?:please )?(?:have|get|see|reach) {a}{any}(?! (?:to sign))",
        r"(?:is|are|isn t) there {a}{who}",
        r"is any(?:one|body) (?:real|human)",
        r"(?:do|don t) you have {a}{who}",
        r"(?:is|are|isn t)(?: there)? {a}{any} (?:.. )?(?:available|i can|i could|who can help|that can help"
        r"|to talk to)",
        r"{a}{any} (?:to |please |can |could |who can |should |must )*(?:call|phone|ring|contact|reach out to"
        r"|get back to"
        r"|talk to|speak to|speak with|talk with) me",
        r"(?:can|could|let|have|need|want) {a}{any} (?:to |please )*(?:help me|assist|take over|look at"
        r"|look into|handle|step in|join)",
        r"(?:can|could|let|have) {a}{who} (?:please )?(?:help|answer|reply|respond|check|call|deal|see|read|explain)",
        r"^(?:(?:please|pls|plz|just|ok|okay|so|then) )*(?:call|phone|ring) me(?: back)?"
        r"(?: (?:please|pls|plz|now|asap|immediately|today|back|at|on|in)(?: .*)?)?$",
        r"(?:can|could) (?:you|u) (?:please |just )?(?:call|phone|ring) me",
        r"(?:request|want|need|arrange|schedule|get) (?:a )?(?:call ?back|phone call)",
        r"(?:stop|enough|hate|tired of|sick of|fed up with|done with|not|don t want|do not want|dont want|no more)"
        r"(?: (?:with|of|talking|speaking|chatting|to|speak|talk|chat|a|an|the|this|these|your|any|want"
        r"|more))+ {bot}",
        r"^no (?:more )?{bot}",
        r"(?:out of|off|past|around|away from|bypass|skip) (?:the|this|your) {bot}",
        r"(?:switch|hand|change|go)(?: \w+)? to (?:a )?(?:human|manual|live)(?: mode| support| chat)?",
        r"^contact (?:support|service)",
        r"^(?:phone|human|live) (?:support|help)",
        r"(?:call|phone|ring) (?:someone|somebody|you|support)$",
        r"(?<!my )(?<!your )(?:contact|reach|get hold of|get a hold of|get in touch with|get through to) {a}{any}",
        r"(?:human|{who}) (?:please|pls|plz|now|asap|immediately|right now|needed|required|only)",
        r"(?:human|live|manual) (?:agent|support|help|assistance|takeover|chat|operator|intervention)$",
    ),
    never=(
        r"(?:are|r) (?:you|u) {a}(?:(?:really|actually|even|real|just|some|kind of|a|an) )*{any}",
        r"(?:is this|is that|is it|am i|are we) (?:(?:talking|speaking|chatting|texting) (?:to|with) )?"
        r"(?:(?:really|actually|even) )*{a}{any}",
        r"(?:don t|dont|do not|doesn t|didn t|did not|wouldn t|would not|never|not|no longer|needn t|no need)"
        r"(?: (?:really|actually|yet|have|need|want|wanna|like|wish|require|looking|trying|to|for|necessary|asking))*"
        r"(?: (?:speak|talk|chat|connect|contact|call|transfer|escalate)(?: me)?)?(?: (?:to|with|for))? {a}{any}",
        r"(?:no|without|rather than|instead of)(?: (?:any|an?|talking to|speaking to|speaking with|calling|contacting"
        r"|the|need for))* {any}",
        r"(?:don t|dont|do not|didn t|never)(?: (?:please|want you to|want|need|to))* (?:escalate|transfer"
        r"|call me|connect)"
        r"(?: \w+)?",
        r"(?:to )?(?:be|become|work as|apply as|hire|was|were) {a}{any}",
        r"(?:did|do|does|will|would) (?:you|they|he|she|it|your \w+) (?:\w+ )?(?:talk|speak|chat) (?:to|with)"
        r" {a}{any}",
        r"(?:they|he|she|which|refused to|i can|i ll|i will)(?: (?:will|would|must|should))? (?:talk|speak"
        r"|connect) to {a}{any}"
        r" (?:there|tomorrow|later|at home|in the)",
    ),
)

GERMAN = Phrases(
    who=(
        r"(?:(?:echte[nrms]?|richtige[nrms]?|menschliche[nrms]?|lebende[nrms]?|real\w*) )*(?:mensch(?:en)?"
        r"|mitarbeiter(?:in)?"
        r"|berater(?:in)?|person|kundenbetreuer(?:in)?|sachbearbeiter(?:in)?|kundenservice|kundendienst|support"
        r"|ansprechpartner(?:in)?|vorgesetzten?|kundenberater(?:in)?|agenten?|operator|chef)"
    ),
    any=r"(?:{who}|jemande[mn]|jemand|irgendwem|irgendjemande[mn])",
    a=r"(?:(?:eine[nmrs]?|nem|ner|nen|dem|den|der|die|ihre[nmr]?|eure[nmr]?|kompetente[nmr]?|anderen?) )*",
    small=r"bitte|ein|eine[nmr]?|jetzt|sofort|hallo|ich|will|brauche|mochte|nur|mit|endlich|dringend|der|den|an"
    r"|hilfe",
    asks=(
        r"mit {a}{any} (?:.. )?(?:sprechen|reden|chatten|schreiben|verbinden|telefonieren|unterhalten|verbunden"
        r"|quatschen)",
        r"(?:sprechen|reden|verbinden sie mich|verbinde mich|verbinde(?:n sie)? mich bitte|spreche)"
        r" (?:bitte )?mit {a}{any}",
        r"(?:brauche|will|mochte|wunsche|hatte gern|hatte gerne|verlange|gib mir|geben sie mir|holen sie|hol)"
        r" (?:bitte )?{a}{who}",
        r"gibt es (?:hier )?(?:auch )?{a}{who}",
        r"(?:kann|konnte|soll|moge) mich (?:bitte )?{a}{any} (?:an|zuruck)rufen",
        r"(?:leiten|geben|stellen|verbinde) (?:sie )?mich (?:bitte )?(?:an|zu) {a}{any}",
        r"an {a}{any} (?:weiterleiten|ubergeben|weitergeben|durchstellen)",
        r"{a}{any} (?:.. )?(?:sprechen|erreichen|kontaktieren)",
        r"(?:kein|nicht mit|genug von|mit keinem|keinen)(?: (?:dem|der|diesem|diesen|einem|einer|den|bloden))* "
        r"(?:bot|roboter|maschine|computer|chatbot)",
    ),
    never=(
        r"^menschen$",
        r"(?:bist du|sind sie|ist das|spreche ich|rede ich|schreibe ich)(?: (?:hier|denn|gerade|mit|wirklich"
        r"|uberhaupt))* {a}{who}",
        r"(?:keine[nmr]?|ohne|nicht mit|statt|nicht)(?: (?:mit|eine[nmr]?|dem|der|unbedingt))* {any}(?: \w+en)?",
    ),
)

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

DUTCH = Phrases(
    who=(
        r"(?:(?:echte?|menselijke?|andere) )*(?:mens|persoon|medewerk(?:er|ster)|agent|klantenservice"
        r"|leidinggevende|manager"
        r"|adviseur|helpdesk|operator|collega)"
    ),
    any=r"(?:{who}|iemand)",
    a=r"(?:(?:een|n|de|het|jullie|uw|je|jouw) )*",
    small=r"alstublieft|alsjeblieft|aub|ajb|graag|nu|een|ik|wil|hallo|met|direct|hoi|een|spreken|de",
    asks=(
        r"met {a}{any} (?:.. )?(?:praten|spreken|chatten|overleggen|bellen|doorverbinden|verbinden|doorverbonden)",
        r"(?:praten|spreken|doorverbinden|verbind me|verbind mij|chatten|contact)(?: (?:door|graag))? met {a}{any}",
        r"{a}{any} (?:spreken|aan de lijn|bereiken)",
        r"(?:ik wil|ik wens|geef me|geef mij|mag ik|ik wil graag|ik heb .. nodig|wil) {a}{who}",
        r"(?:geen|niet met)(?: (?:een|de|die|meer))* (?:bot|robot|computer|chatbot)",
    ),
    never=(
        r"(?:ben je|ben jij|bent u|is dit|spreek ik|praat ik)(?: (?:met|wel|echt))* {a}{who}",
        r"(?:geen|zonder|niet)(?: (?:met|een|de))* {any}(?: (?:te )?(?:spreken|praten|nodig))*",
    ),
)

POLISH = Phrases(
    who=(
        r"(?:(?:zyw\w+|prawdziw\w+|praw\w+) )*(?:czlowiek\w*|konsultant\w*|osob[aey]|pracownik\w*|doradc\w+"
        r"|agent(?:em|a)?"
        r"|kierownik\w*|przedstawiciel\w*|operator\w*|obslug\w+ klienta|biur\w+ obslugi klienta)"
    ),
    any=r"(?:{who}|kims|kogos|ktos)",
    a=r"(?:(?:z|ze|jakims|jakas|do|inn\w+) )*",
    small=r"prosze|poprosze|teraz|z|chce|natychmiast|dzien|dobry|pilne|rozmawiac|o|polaczenie",
    asks=(
        r"(?:rozmawiac|porozmawiac|pogadac|polaczyc|polacz(?:yc)?(?: mnie)?|polaczcie mnie|prosze polaczyc"
        r"|skontaktowac|rozmowa|rozmowe)"
        r"(?: (?:sie|mnie|teraz|tu))* z[e]? {a}{any}",
        r"(?:chce|potrzebuje|prosze o|poprosze|wole|przelacz(?:cie)?(?: mnie)?)(?: (?:do|na|kontakt|rozmowe"
        r"|polaczenie|z|ze))* {a}{who}",
        r"nie chce (?:.. )?(?:z )?(?:bot\w*|robot\w*|maszyn\w+)",
    ),
    never=(
        r"(?:czy )?(?:jestes|czy to|czy rozmawiam z|rozmawiam z) {a}{who}",
        r"(?:nie (?:chce|potrzebuje|trzeba)|bez|zamiast)(?: (?:rozmawiac|z|ze|rozmowy|kontaktu))* {a}{any}",
    ),
)

TURKISH = Phrases(
    who=(
        r"(?:(?:gercek|canli|baska|yetkili) )*(?:insan\w*|kisi\w*|temsilci\w*|musteri (?:temsilci\w*"
        r"|hizmetleri\w*)|operator\w*"
        r"|yetkili\w*|danisman\w*|calisan\w*|canli destek\w*|destek ekibi\w*|yonetici\w*)"
    ),
    any=r"(?:{who}|biri\w*|birisi\w*)",
    a=r"(?:(?:bir|gercek|canli) )*",
    small=r"lutfen|hemen|simdi|bir|istiyorum|merhaba|acil|ile|selam|gercek",
    asks=(
        r"{any} (?:(?:ile|bir|gercekten) )*(?:gorus\w*|konus\w*|baglan\w*|bagla\w*|iletisim\w*|yazis\w*"
        r"|aktar\w*|ulas\w*)",
        r"{who} (?:istiyorum|lazim|lutfen|gerek)",
        r"(?:bot\w*|robot\w*) (?:ile )?(?:konusmak|gorusmek) istemiyorum",
        r"beni arayin|beni arar misiniz",
    ),
    never=(
        r"(?:sen|siz)?(?: )?(?:gercek )?{any} m[iu]s[iu]n(?:iz)?",
        r"{any} (?:(?:ile|bir) )*(?:gorusmek|konusmak)? ?(?:istemiyorum|gerek yok|istemem)",
        r"{any} (?:ile )?(?:gorustum|konustum|gorusuyor muyum|konusuyor muyum)",
    ),
)

RUSSIAN = Phrases(
    who=(
        r"(?:(?:жив\w+|реальн\w+|настоящ\w+) )*(?:человек\w*|людьми|люди|оператор\w*|менеджер\w*|сотрудник\w*"
        r"|специалист\w*"
        r"|консультант\w*|представител\w+|поддержк\w+|руководител\w+|начальник\w*)"
    ),
    any=r"(?:{who}|кем нибудь|кем то|кого нибудь|кто нибудь)",
    a=r"(?:(?:с|со|на|к|ваш\w+|каким нибудь|кому|друг\w+) )*",
    small=r"пожалуиста|плиз|сеичас|срочно|мне|нужен|дааите|здравствуите|привет|можно|хочу|с|позовите|наити"
    r"|живои|быстро",
    asks=(
        r"(?:поговорить|говорить|пообщаться|связаться|связать|общаться|свяжи(?:те)?(?: меня)?|соедини(?:те)?(?: меня)?"
        r"|соединить|переписываться)"
        r"(?: (?:меня|мне|бы|я|могу))* (?:с|со) {a}{any}",
        r"(?:позовите|позови|нужен|нужна|хочу|требую|даите|дай|переключите(?: меня)?|переведите(?: меня)?"
        r"|переключи|переведи"
        r"|подключите|можно)(?: (?:на|к|мне|сюда))* {a}{who}",
        r"с {a}{any} (?:.. )?(?:поговорить|говорить|связаться|пообщаться|общаться)",
        r"не хочу (?:.. )?(?:с )?(?:бот\w*|робот\w*|машинои)",
        r"(?:перезвоните|позвоните) мне",
    ),
    never=(
        r"(?:ты|вы|это|я говорю с|я общаюсь с)(?: (?:реально|вообще|точно))* {a}{who}",
        r"(?:не (?:нужен|нужна|хочу|надо|нужно)|без|вместо)(?: (?:говорить|общаться|с|со|звать))* {a}{any}",
    ),
)

UKRAINIAN = Phrases(
    who=(
        r"(?:(?:жив\w+|реальн\w+|справжн\w+) )*(?:людин\w+|людьми|оператор\w*|менеджер\w*|спеціаліст\w*"
        r"|співробітник\w*|консультант\w*"
        r"|представник\w*|працівник\w*|підтримк\w+)"
    ),
    any=r"(?:{who}|кимось|кимсь|ким небудь|когось)",
    a=r"(?:(?:з|із|зі|на|ваш\w+) )*",
    small=r"будь ласка|зараз|терміново|мені|потрібен|потрібна|добрии|день|привіт|можна|хочу|з|покличте",
    asks=(
        r"(?:поговорити|говорити|поспілкуватися|спілкуватися|зв язатися|зв яжіть(?: мене)?|з єднаите(?: мене)?"
        r"|з єднати)"
        r"(?: (?:мене|мені|би|я))* (?:з|із|зі) {a}{any}",
        r"(?:покличте|поклич|потрібен|потрібна|хочу|вимагаю|даите|переключіть(?: мене)?|переведіть(?: мене)?"
        r"|можна)(?: (?:на|до|мені))* {a}{who}",
        r"не хочу (?:.. )?(?:з )?(?:бот\w*|робот\w*)",
    ),
    never=(
        r"(?:ти|ви|це|я говорю з) {a}{who}",
        r"(?:не (?:потрібен|потрібна|хочу|треба|потрібно)|без|замість)(?: (?:говорити|спілкуватися|з|із))* {a}{any}",
    ),
)

ARABIC = Phrases(
    who=(
        r"(?:ال|لل|ب|ل|بال)?(?:شخص|انسان|موظف|ممثل|وكيل|مندوب|مسؤول|مسوول|بشري|مشرف|مدير|احد|خدمه العملاء"
        r"|خدمه الزبائن|الدعم)"
        r"(?: (?:حقيقي|بشري|حقيقيه|خدمه العملاء|الدعم|اخر|منكم|من الدعم))*"
    ),
    small=r"من فضلك|لو سمحت|رجاء|الان|اريد|ابغي|مرحبا|فورا|عايز|ابي|حالا",
    asks=(
        r"(?:التحدث|اتحدث|اتكلم|التكلم|اكلم|التواصل|اتواصل|نتكلم|احكي|تحدث|الكلام)(?: (?:مع|الي|ل|اي))* {who}",
        r"(?:حولني|حولوني|وصلني|وصلوني|تحويلي|توصيلي|ممكن|اعطني)(?: (?:الي|علي|ل|مع|ب))* {who}",
        r"(?:اريد|احتاج|ابغي|ابي|عايز|عاوز|بدي|اطلب)(?: (?:الي|مع))* {who}",
    ),
    never=(
        r"(?:هل )?(?:انت|هذا|اتحدث الي)(?: هو)? {who}(?: ام \w+)?",
        r"(?:لا (?:اريد|احتاج|ابغي)|بدون|مش عايز)(?: (?:الي|التحدث|مع|ان اتحدث))* {who}",
    ),
    bot=r"(?:روبوت|بوت)",
)

HINDI = Phrases(
    who=(
        r"(?:(?:असली|किसी|real|asli|kisi|aapke|apne|senior|सीनियर) )*(?:इंसान|इन्सान|व्यक्ति|आदमी|एजेंट|मैनेजर"
        r"|प्रतिनिधि|अधिकारी|कस्टमर केयर|ग्राहक सेवा"
        r"|insaan|insan|aadmi|admi|vyakti|agent|manager|executive|customer care|supervisor|human|officer|person"
        r"|representative)"
    ),
    any=r"(?:{who}|किसी|kisi)",
    small=r"कृपया|प्लीज|please|plz|अभी|abhi|चाहिए|chahiye|मुझे|mujhe|नमस्ते|namaste|ji|जी|bhai",
    asks=(
        r"{any} (?:से|se|sy|ke saath|के साथ)(?: \S+)? (?:बात|बातचीत|संपर्क|baat|bat|connect|contact|milna|मिलना"
        r"|कनेक्ट|call|chat)",
        r"(?:बात|baat|bat) (?:करनी|करना|करवा\S*|करा\S*|karni|karna|karao|karwao|karva\S*|kara\S*)"
        r"(?: \S+){0,2} {who} (?:से|se)",
        r"(?:कोई|koi) {who} (?:है|hai) (?:क्या|kya)",
        r"{who} (?:चाहिए|chahiye|chaiye|ko bulao|को बुलाओ|bulao|ko bula\S*|do|दो|dijiye|दीजिए)",
        r"{who} (?:को|ko|se|से) (?:कनेक्ट|जोड़\S*|connect|transfer|forward)",
    ),
    never=(
        r"(?:क्या )?(?:आप|तुम|kya aap|aap|tum)(?: (?:एक|ek|sach me))* {who} (?:हैं|है|हो|hain|hai|ho)",
        r"{any} (?:से|se) (?:बात|baat) (?:नहीं|nahi|nahin|mat|हुई|hui|ho gayi|हो गई)(?: \S+)?",
        r"{who} (?:नहीं|nahi|nahin) (?:चाहिए|chahiye)",
    ),
)

JAPANESE = Phrases(
    who=r"(?:人間|オペレーター|オペレータ|担当者|担当の方|担当|スタッフ|係の人|係員|責任者|店員|有人"
    r"|本物の人|生身の人|上司|人)(?:さん|の方)?",
    asks=(
        r"(?:人間|オペレータ\S?|担当者|担当の方|スタッフ|係の人|係員|責任者|店員|誰か|どなたか|上司|方|人"
        r"|さん)(?:と|に|へ).{0,8}?"
        r"(?:話し|話せ|話を|話が|お話|はなし|会話|チャット|つない|つなげ|繋|代わ|かわ|替わ|変わ|相談した"
        r"|相談でき|連絡した|取り次)",
        r"(?:人間|オペレータ\S?|担当者|スタッフ|責任者)(?:を|お願い|をお願い|を出して|を呼|希望|に対応)",
        r"有人(?:対応|チャット|サポート|窓口|オペレータ)",
        r"(?:ボット|ロボット|機械|ai)(?:じゃ|では)(?:なく|ない).{0,6}(?:人|スタッフ|オペレータ)",
    ),
    small=r"お願いします|おねがいします|ください|下さい|を|は|早く|希望|で|すぐに|今すぐ|対応",
    never=(
        r"(?:あなたは|これは|君は).{0,4}(?:人間|人|スタッフ|オペレータ\S?)(?:です|なの|か|ですか)*",
        r"(?:人間|人|オペレータ\S?|担当者|スタッフ)(?:と|に|は|へ|を)?.{0,6}(?:必要ない|必要ありません|不要"
        r"|要らない|いらない|いりません|たくない|たくありません|なくていい)",
        r"(?:配達|配送|宅配)(?:の)?(?:担当者|スタッフ|員|人)",
        r"(?:担当者|スタッフ|人)(?:と|に)(?:話しました|話した[。、]|連絡しました|言われ)",
    ),
    spaced=False,
)

KOREAN = Phrases(
    who=r"(?:(?:진짜|실제) )?(?:상담원|상담사|사람|직원|담당자|매니저|관리자|고객센터|상담)",
    asks=(
        r"(?:상담원|상담사|사람|직원|담당자|매니저|관리자|책임자|누군가|고객센터|분)(?:이랑|랑|하고|과|와"
        r"|에게|한테|을|를|으로|로)? ?(?:좀 |직접 |바로 )?"
        r"(?:얘기|이야기|대화|말하|말씀|통화|상담|연결|바꿔|불러|연락하고|채팅|전화)",
        r"(?:상담원|상담사|직원|사람|담당자)(?:이|을|를)? ?(?:좀 )?(?:필요|원해|원합니다|부탁|주세요|나와)",
        r"(?:봇|로봇|기계)(?:이랑|랑|하고|과|와|은|는)? ?(?:말고|싫|그만)",
    ),
    small=r"요|연결|부탁해요|부탁합니다|주세요|해주세요|해 주세요|좀|지금|빨리|바로",
    never=(
        r"(?:당신은|너|넌|혹시)? ?(?:진짜 )?(?:사람|상담원|직원)(?:이에요|인가요|이신가요|입니까|이야"
        r"|맞아요|맞나요|이니)",
        r"(?:상담원|상담사|사람|직원)(?:이랑|랑|하고|과|와|은|는|이|을|를)? ?(?:\S+ )?(?:필요 ?없"
        r"|필요하지 않|안 필요|말고|싶지 않|원하지 않|연결 ?안|안 바꿔)\S*",
        r"(?:배송|배달) ?(?:직원|기사|사람)\S*",
    ),
    spaced=False,
)

CHINESE = Phrases(
    who=r"(?:真人|人工客服|人工服务|人工服務|人工|客服人员|客服|工作人员|活人|接线员|接線員|主管|经理|經理"
    r"|真人客服|專員|专员)",
    asks=(
        r"(?:转|轉|接|找|要|换|換|叫|联系|聯繫|聯絡|联络|请|需要|给我|幫我轉|呼叫)(?:接|到|一个|一個|个|個"
        r"|下|一下|你们的|你們的|我|你们|真正的)*"
        r"(?:真人|人工(?!智|费|費)|客服|工作人员|工作人員|活人|主管|经理|經理|专员|專員)",
        r"(?:和|跟|与|與|同|找)(?:一个|一個|个|個|你们的?|你們的?|真正的)*(?:真人|人工(?!智)|人|客服人员"
        r"|客服人員|客服|活人|工作人员|工作人員|经理|經理|主管)"
        r"(?:工|员)?(?:来|直接)?(?:说话|說話|聊|谈|談|对话|對話|沟通|溝通|交流|讲|講|通话|通話|联系)",
        r"(?:人工|真人)(?:客服|服务|服務|接听|回复)",
        r"(?:不想|不要|别)(?:再)?(?:和|跟|与|與)?(?:机器人|機器人|机器|ai)(?:说|說|聊|讲|講|对话)?",
    ),
    small=r"请|請|谢谢|謝謝|吧|啊|马上|快|现在|現在|我|要|了|呢",
    never=(
        r"(?:你|您|这|這)(?:是不是|是|到底是)(?:一个|一個|个|個)?(?:真人|人工|真的人|客服|人|活人|机器人"
        r"|機器人)(?:还是\S*|還是\S*)?",
        r"(?:不|不用|不需要|不想|不必|无需|無需|别)(?:要|用|需要)?(?:转|轉|找|和|跟|接)?(?:真人|人工"
        r"|客服)(?:说|聊|谈)?",
        r"人工(?:智能|智慧|费|費|成本)",
    ),
    spaced=False,
)

VIETNAMESE = Phrases(
    who=r"(?:nhan vien(?: (?:ho tro|tu van|cham soc khach hang))?|nguoi that|con nguoi|tu van vien"
    r"|tong dai vien|quan ly)",
    asks=(
        r"(?:noi chuyen|gap|ket noi|trao doi|chat|lien he|chuyen)(?: (?:truc tiep|toi|voi|den|cho|sang|mot"
        r"|1))* (?:{who}|ai do)",
        r"(?:toi )?(?:muon|can) (?:mot )?{who}",
    ),
    small="lam on|xin|vui long|ngay|toi|can|gap|voi",
    never=(r"(?:ban|day) (?:co phai )?la {who}", r"khong (?:can|muon)(?: (?:gap|noi chuyen|voi))* {who}"),
)

INDONESIAN = Phrases(
    who=r"(?:manusia(?: asli)?|orang(?: (?:asli|sungguhan|beneran))?|agen|petugas|cs|customer service|operator"
    r"|admin(?: asli)?|staf)",
    asks=(
        r"(?:bicara|berbicara|ngobrol|ngomong|chat|hubungkan(?: saya)?|sambungkan(?: saya)?|terhubung|bicarakan)"
        r"(?: (?:langsung|dengan|sama|ke|pada))+ {who}",
        r"(?:mau|ingin|butuh|minta|perlu) (?:.. )?(?:manusia|agen|petugas|cs|customer service|operator|admin)",
    ),
    small="tolong|mohon|sekarang|saya|mau|dong|ya|min",
    never=(
        r"(?:apakah )?(?:kamu|anda|ini) {who}",
        r"(?:tidak|ga|gak) (?:perlu|butuh|mau)(?: (?:bicara|dengan))* {who}",
    ),
)

SWEDISH = Phrases(
    who=r"(?:(?:riktig|verklig|levande) )*(?:manniska|person|medarbetare|handlaggare|kundtjanst|agent|operator"
    r"|kundservice|chef)",
    any=r"(?:{who}|nagon)",
    a=r"(?:(?:en|med|er|nan) )*",
    small="tack|snalla|nu|en|jag|vill|hej|med",
    asks=(
        r"(?:prata|tala|chatta|snacka|kontakt|koppla mig|kopplas)(?: (?:till|direkt))? {a}{any}",
        r"(?:vill ha|behover) {a}{who}",
    ),
    never=(r"(?:ar du|pratar jag med) {a}{who}", r"(?:inte|ingen|utan)(?: (?:prata|tala|med|att))* {a}{any}"),
)

ALL = (
    ENGLISH, GERMAN, SPANISH, PORTUGUESE, FRENCH, ITALIAN, DUTCH, POLISH, TURKISH, RUSSIAN, UKRAINIAN, ARABIC, HINDI,
    JAPANESE, KOREAN, CHINESE, VIETNAMESE, INDONESIAN, SWEDISH,
)  # fmt: skip
