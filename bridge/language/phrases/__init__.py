"""How people ask for a person, language by language."""

from bridge.language.phrases.east_asian import CHINESE, INDONESIAN, JAPANESE, KOREAN, VIETNAMESE
from bridge.language.phrases.english import ENGLISH
from bridge.language.phrases.germanic import DUTCH, GERMAN, SWEDISH
from bridge.language.phrases.notation import Phrases
from bridge.language.phrases.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH
from bridge.language.phrases.slavic import POLISH, RUSSIAN, UKRAINIAN
from bridge.language.phrases.west_asian import ARABIC, HINDI, TURKISH

__all__ = ["ALL", "Phrases"]

ALL = (
    ENGLISH,
    GERMAN,
    DUTCH,
    SWEDISH,
    SPANISH,
    PORTUGUESE,
    FRENCH,
    ITALIAN,
    POLISH,
    RUSSIAN,
    UKRAINIAN,
    TURKISH,
    ARABIC,
    HINDI,
    JAPANESE,
    KOREAN,
    CHINESE,
    VIETNAMESE,
    INDONESIAN,
)
