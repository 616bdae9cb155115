"""`./run gallery [--without-pictures]`: makes the files in docs/gallery anew, and the pictures of what has changed."""

import argparse
import asyncio
import sys

from . import made
from .made import STATES
from .page import SHEETS, fresh, readme, remember


def main() -> int:
    """Make everything."""
    parser = argparse.ArgumentParser(prog="./run gallery", description="Every card, window and page in every state.")
    parser.add_argument("--without-pictures", action="store_true", help="only the JSON; needs no Chromium")
    parser.add_argument("--all-pictures", action="store_true", help="also those of what has not changed")
    asked = parser.parse_args()
    everything = made.everything()
    changed = made.write(everything)
    (made.FOLDER / "README.md").write_text(readme(), encoding="utf-8")
    say(f"{len(everything)} files; changed: {', '.join(changed) or 'none'}.")
    stale = [sheet for sheet in SHEETS if asked.all_pictures or not fresh(sheet, everything)]
    if stale and not asked.without_pictures:
        from .pictures import photograph

        try:
            asyncio.run(photograph(STATES, stale))
        except OSError as error:
            say(f"No pictures: {error}")
            return 1
        remember(stale, everything)
        say(f"New pictures: {', '.join(stale)}. Look at them.")
    return 0


def say(text: str) -> None:
    """To whoever runs it."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
