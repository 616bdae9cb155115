"""Which wording of a text a customer reads, by channel and language."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from bridge.app import check_texts
from bridge.errors import WrongSetting
from bridge.i18n import LANGUAGES, speaking
from bridge.settings import load
from bridge.texts import BUILT_IN, SAID, Texts, check, names_in
from bridge.wording import Wording

VARIANTS = {
    ("de",): {"waiting": "Gleich.", "ended": ""},
    ("whatsapp",): {"waiting": "Soon, on WhatsApp."},
    ("whatsapp", "de"): {"waiting": "Gleich, auf WhatsApp."},
    ("pt-br",): {"waiting": "Já."},
}
OWN = Wording({**asdict(Texts()), "waiting": "Soon."}, VARIANTS)


@pytest.mark.parametrize(
    ("channel", "language", "heard"),
    [
        ("telegram", "en", "Soon."),
        ("telegram", "", "Soon."),
        ("telegram", "de", "Gleich."),
        ("telegram", "de-AT", "Gleich."),
        ("whatsapp", "", "Soon, on WhatsApp."),
        ("whatsapp", "en", "Soon, on WhatsApp."),
        ("whatsapp", "de", "Gleich, auf WhatsApp."),
        ("whatsapp", "de_CH", "Gleich, auf WhatsApp."),
        ("whatsapp", "pt-BR", "Já."),  # to be understood matters more
        ("web", "pt-BR", "Já."),
        ("web", "pt-PT", "Soon."),
        ("web", "es", "Soon."),  # the desk's own words, also where the bridge has some in Spanish
    ],
)
def test_the_most_specific_wording_wins(channel: str, language: str, heard: str) -> None:
    assert OWN.of("waiting", channel, language) == heard


def test_a_blank_wording_is_one_too() -> None:
    assert OWN.of("ended", "web", "de") == ""
    assert Wording({"ended": ""}).of("ended", "web", "de") == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAID)
def test_where_the_desk_says_nothing_the_customer_s_language_is_spoken(name: str, language: str) -> None:
    heard = Wording(asdict(Texts())).of(name, "web", f"{language}-XX")
    assert (heard == asdict(Texts())[name]) == (language == "en")
    assert names_in(heard) == names_in(asdict(Texts())[name])
    assert check(heard, BUILT_IN) == []


def test_other_languages_get_english_and_the_team_s_makes_no_difference() -> None:
    with speaking("de"):
        assert Wording(asdict(Texts())).of("waiting", "web", "ja") == Texts().waiting
        assert Wording(asdict(Texts())).of("waiting", "web", "") == Texts().waiting


def test_whoever_wants_the_english_text_everywhere_writes_it_as_a_variant() -> None:
    wording = Wording(asdict(Texts()), {("de",): {"waiting": Texts().waiting}})
    assert wording.of("waiting", "web", "de") == Texts().waiting


# ------------------------------------------------------------------------------------------------------ in bridge.toml


def read(folder: Path, content: str) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    path = folder / "bridge.toml"
    path.write_text(content, "utf-8")
    settings = load({"BRIDGE_CONFIG": str(path), "BRIDGE_DATA_DIR": str(folder / "data")})
    check_texts(settings, {})
    return settings.desk.variants


def test_variants_are_tables_below_the_texts(tmp_path: Path) -> None:
    content = (
        '[texts]\nwaiting = "Soon."\n[texts.de]\nwaiting = "Gleich."\n[texts.pt_BR]\nended = ""\n'
        '[texts.whatsapp]\nended = "Bye."\n[texts.whatsapp.de]\nended = "Tschüss."\n'
    )
    assert read(tmp_path, content) == {
        ("de",): {"waiting": "Gleich."},
        ("pt-br",): {"ended": ""},
        ("whatsapp",): {"ended": "Bye."},
        ("whatsapp", "de"): {"ended": "Tschüss."},
    }


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('[texts.whatsap]\nended = ""', "whatsap is no customer channel and no language; did you mean whatsapp?"),
        ('[texts.german]\nended = ""', "line 2: german is no customer channel and no language: write one of"),
        ('[texts.de.whatsapp]\nended = ""', "line 2: de is no customer channel and no language: write one of"),
        ('[texts.whatsapp.german]\nended = ""', "line 2: german is no customer channel"),
        ('[texts]\nended = ""\n[texts.de]\nwating = ""', "line 5: wating is not known; did you mean waiting?"),
        ('[texts]\nended = ""\n[texts.de]\nended = 3', "line 5: ended must be a text in quotes"),
        ('[texts]\nended = ""\n[texts.de-AT]\nended = "{{agnet.name}}"', "line 5: {{agnet.name}} is not known"),
        ('[texts.web.de]\nended = """\n{{"""', "line 3: {{ and }} do not match"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_one_is_said_with_its_line(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        read(tmp_path, f"# texts\n{content}\n")
    assert why in str(wrong.value)
