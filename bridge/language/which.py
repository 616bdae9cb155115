"""Which language a text is in: by its script, else by its commonest words. A guess, or nothing. Pure."""

import re
from collections import Counter

from bridge.language.words import words

_SCRIPTS = {
    "ja": "[\u3040-\u30ff]",
    "ko": "[\uac00-\ud7af\u1100-\u11ff]",
    "zh": "[\u4e00-\u9fff]",
    "hi": "[\u0900-\u097f]",
    "bn": "[\u0980-\u09ff]",
    "ta": "[\u0b80-\u0bff]",
    "te": "[\u0c00-\u0c7f]",
    "th": "[\u0e00-\u0e7f]",
    "ar": "[\u0600-\u06ff]",
    "he": "[\u0590-\u05ff]",
    "el": "[\u0370-\u03ff]",
    "ru": "[\u0400-\u04ff]",
}
_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")

_COMMON = {
    "en": """the is are was were and to of my you your it this that have has had not can will would with for on
        in at what
        when where why how please order need want don't i'm it's been still get got just there would do does
        did i me""",
    "de": """der die das ist und ich nicht mein meine ein eine mit fur auf wo wann wie bitte habe haben sie ihr
        wir zu von den
        dem noch kann mochte bestellung es im auch aber warum wurde bin was war sind""",
    "es": """el la los las es que de en mi mis un una no por para con donde cuando como quiero tengo pedido
        esta esto ha he
        pero muy puedo hola mas del al se me lo favor gracias necesito todavia aun""",
    "pt": """o os as e que de em meu minha um uma nao por para com onde quando como quero tenho pedido esta
        isso mas muito
        posso ola mais do da no na se me voce obrigado ainda preciso foi ja""",
    "fr": """le la les est et je ne pas mon ma mes un une de des du pour avec ou quand comment commande vous
        nous que qui dans
        sur ai c'est j'ai mais tres bonjour il ce cette puis veux pouvez toujours n'ai recu""",
    "it": """il lo la gli le e di che non mio mia un una per con dove quando come voglio ho ordine questo ma
        molto posso ciao
        del della sono si mi perche ancora vorrei nel grazie ricevuto""",
    "nl": """de het een is en ik niet mijn met voor op waar wanneer hoe bestelling heb hebben u je jullie wij
        van nog kan wil
        dit dat maar waarom graag ben te naar nog geen al""",
    "pl": """jest i nie moje moj moja w na z do gdzie kiedy jak zamowienie mam prosze dlaczego czy to sie ale
        juz jeszcze od
        dla ze chce moge co jestem zostalo""",
    "tr": """bir ve bu icin ne nerede zaman nasil siparisim siparis degil var yok benim lutfen neden ama daha
        cok mi mu mı
        istiyorum hala ile gelmedi olarak kadar""",
    "sv": "och jag inte min mitt en ett med for pa var nar hur bestallning har vill det att ar som till av men kan",
    "id": "saya tidak yang dan di ke dari ini itu ada pesanan belum sudah apa kapan bagaimana mau bisa untuk dengan",
    "vi": "toi khong cua va la don hang chua da khi nao bao gio muon cho duoc voi co nay",
    "hi": """hai hain nahi nahin kya mera meri mujhe kab aap karo karna mein main ka ki ke ko se ho raha rahi
        bhi aur abhi kyu
        kyon kaise toh kuch bol gaya tha thi yaar haan theek batao paisa hua liye apna""",
}
_WORDS = {code: frozenset(listed.split()) for code, listed in _COMMON.items()}
_LEAST = 2  # common words; fewer say nothing: "Refund!!" could be many languages


def language(text: str) -> str:
    """The ISO 639-1 code of the likeliest language, or nothing when there is too little to tell."""
    letters = len(_LETTER.findall(text))
    for code, script in _SCRIPTS.items():
        found = len(re.findall(script, text))
        if found and found * 5 >= letters * 2:  # mixed with Latin brand names and numbers
            return "uk" if code == "ru" and _UKRAINIAN.search(text) else code
    return _by_common_words(words(text))


def _by_common_words(said: list[str]) -> str:
    counts = Counter[str]()
    for code, common in _WORDS.items():
        counts[code] = sum(1 for word in said if word in common)
    (best, most), (_, second) = counts.most_common(2)
    return best if most >= _LEAST and most > second else ""
