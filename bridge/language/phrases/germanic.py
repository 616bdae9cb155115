"""How people ask for a person in German, Dutch and Swedish."""

from bridge.language.phrases.notation import Phrases

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
