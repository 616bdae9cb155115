"""Greetings, thanks, farewells, yes and no: messages that only need a kind word back. Pure."""

from typing import Literal

from bridge.language.words import fold, words

Courtesy = Literal["", "hello", "thanks", "bye"]

_SAID: dict[Courtesy, str] = {
    "hello": """hello, hi, hey, hiya, howdy, greetings, good morning, good afternoon, good evening, good day, hi there,
        hello there, hey there, yo, hola, buenas, buenos dias, buenas tardes, buenas noches, hallo, guten tag,
        guten morgen, guten abend, moin, servus, gruss gott, bonjour, bonsoir, salut, coucou, ciao, salve, buongiorno,
        buonasera, ola, oi, bom dia, boa tarde, boa noite, hoi, goedemorgen, goedemiddag, goedenavond, goedendag,
        czesc, dzien dobry, dobry wieczor, merhaba, selam, gunaydin, iyi gunler, iyi aksamlar, hej, hejsan, god dag,
        hei, moi, ahoj, dobry den, szia, buna ziua, buna, привет, здравствуйте, добрый день, доброе утро, добрый вечер,
        вітаю, привіт, добрий день, مرحبا, السلام عليكم, سلام, اهلا, नमस्ते, नमस्कार, हेलो, namaste, namaskar,
        salaam, こんにちは,
        こんばんは, おはようございます, おはよう, 안녕하세요, 안녕, 你好, 您好, 早上好, 下午好, 晚上好, 在吗,
        xin chao, halo, selamat pagi,
        สวัสดี, สวัสดีครับ, สวัสดีค่ะ, שלום, γεια σας, γεια""",
    "thanks": """thanks, thank you, thank u, thx, ty, tysm, cheers, many thanks, thanks a lot, thank you very much,
        thank you so much, thanks so much, much appreciated, appreciate it, great thanks, perfect thanks, ok thanks,
        gracias, muchas gracias, mil gracias, danke, vielen dank, danke schon, dankeschon, besten dank, merci,
        merci beaucoup, grazie, grazie mille, obrigado, obrigada, muito obrigado, muito obrigada, valeu, bedankt,
        dank je, dank je wel, dank u, dank u wel, dankjewel, dzieki, dziekuje, dziekuje bardzo, tesekkurler,
        tesekkur ederim, sagol, cok tesekkurler, tack, tack sa mycket, takk, tak, kiitos, dekuji, koszonom, multumesc,
        спасибо, большое спасибо, спасибо большое, благодарю, дякую, щиро дякую, شكرا, شكرا جزيلا, شكرا لك, धन्यवाद,
        शुक्रिया, dhanyavad, dhanyawad, shukriya, ありがとう, ありがとうございます, ありがとうございました,
        감사합니다, 고맙습니다, 고마워요,
        谢谢, 谢谢你, 多谢, 感谢, 謝謝, cam on, terima kasih, ขอบคุณ, ขอบคุณครับ, ขอบคุณค่ะ, תודה, תודה רבה,
        ευχαριστω""",
    "bye": """bye, goodbye, good bye, bye bye, see you, see ya, cya, have a nice day, have a good day, good night,
        take care, thats all, that's all, that is all, nothing else, all good, adios, hasta luego, chao, tschuss,
        tschuess, auf wiedersehen, au revoir, bonne journee, arrivederci, tchau, ate logo, doei, tot ziens,
        do widzenia, pa pa, gorusuruz, hoscakal, hej da, ha det, nakemiin, пока, до свидания, всего доброго,
        до побачення, مع السلامه, وداعا, अलविदा, alvida, さようなら, 안녕히 계세요, 再见, 拜拜, tam biet,
        sampai jumpa""",
}
_YES = """yes, yes please, yeah, yep, yup, ya, sure, of course, ok, okay, k, please, please do, do it, go ahead, y,
    definitely, absolutely, correct, right, that would be great, i would, i do, si, claro, por favor, ja, ja bitte,
    jawohl, bitte, gerne, oui, oui s'il vous plait, volontiers, certo, sim, graag, tak, prosze, evet, lutfen, tamam,
    да, давайте, так, نعم, ايوه, हाँ, हां, haan, han, ha, ji, jee, はい, お願いします, 네, 예, 是, 好, 好的,
    可以, 👍, да пожалуйста"""
_SMALL = """ok okay alright great perfect good nice cool fine awesome wonderful lovely super wow and so very much a
    lot again
    for your the help that's thats that all you your everyone team dear sir madam there friend guys bot now then
    will do
    got it worked works bye thanks yes no oh well und vielmals sehr por toda todo la ayuda pour votre aide tudo
    per"""
_BESIDE = frozenset(_SMALL.split())


def _phrases(listed: str) -> frozenset[str]:
    return frozenset(" ".join(words(phrase)) or phrase.strip() for phrase in listed.split(","))


_PHRASES = {kind: _phrases(listed) for kind, listed in _SAID.items()}
_YES_PHRASES = _phrases(_YES)
_LONGEST = 6


def courtesy(text: str) -> Courtesy:
    """Which courtesy the whole message is, if it is nothing more. A message with a question in it is not one."""
    said = words(text)
    if not said or len(said) > _LONGEST or "?" in fold(text):
        return ""
    for kind in ("thanks", "bye", "hello"):
        if _is_only(said, _PHRASES[kind]):
            return kind
    return ""


def is_yes(text: str) -> bool:
    """Whether the whole message agrees."""
    return (" ".join(words(text)) or fold(text)) in _YES_PHRASES


def _is_only(said: list[str], phrases: frozenset[str]) -> bool:
    """Whether the words are one of the phrases, with at most small words around it."""
    for start in range(len(said)):
        for end in range(len(said), start, -1):
            if " ".join(said[start:end]) in phrases:
                return all(word in _BESIDE or word in phrases for word in said[:start] + said[end:])
    return False
