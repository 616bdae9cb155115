"""Which of Telegram's reactions says what an emoji says. It lets a bot choose from a fixed list. Pure."""

from telegram.constants import ReactionEmoji

from bridge.reacting import bare

_LIKE = {
    **dict.fromkeys(("🧡", "💛", "💚", "💙", "💜", "🖤", "🤍", "🤎", "♥", "💕", "💖", "💗"), "❤"),
    **dict.fromkeys(("😀", "😃", "😄", "😆", "😊", "🙂", "☺"), "😁"),
    **dict.fromkeys(("😂", "😹"), "🤣"),
    **dict.fromkeys(("🥳", "🎊"), "🎉"),
    **dict.fromkeys(("🙌", "👏"), "👏"),
    **dict.fromkeys(("😻",), "😍"),
    **dict.fromkeys(("🥲", "😿", "🙁", "☹", "😞", "😔"), "😢"),
}
_KNOWN = {bare(it.value): it.value for it in ReactionEmoji}


def nearest(emoji: str) -> str:
    """The same, or one that says it, too; blank: there is none."""
    return _KNOWN.get(bare(emoji)) or _KNOWN.get(_LIKE.get(bare(emoji), ""), "")
