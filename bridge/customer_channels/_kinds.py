"""What customers send that is neither text nor a file, in words for agents. Pure."""

from bridge.i18n import t

UNKNOWN = t("message of an unknown kind")
NAMES = {
    name: name
    for name in (
        *(UNKNOWN, t("photo"), t("image"), t("animation"), t("document"), t("video"), t("video note"), t("voice")),
        *(t("voice message"), t("audio"), t("sticker"), t("venue"), t("location"), t("contact"), t("poll"), t("dice")),
        *(t("story"), t("paid media"), t("checklist"), t("game"), t("invoice"), t("order"), t("form")),
        *(t("disappearing message"),),
    )
}


def in_words(kind: str) -> str:
    """What a platform calls it, in words; its own ones, where it is a new kind."""
    words = kind.replace("_", " ")[:40]
    return NAMES.get(words, words) or UNKNOWN
