"""Imports point inwards. The table here says which room may know which others; the pure ones know no library at all."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

BRIDGE = Path(__file__).parent.parent / "bridge"

PURE = {
    *(
        "address",
        "assigning",
        "audience",
        "changing",
        "content",
        "conversation",
        "desk_settings",
        "effects",
        "errors",
        "estimate",
        "fate",
        "files",
        "filters",
        "graphemes",
        "held",
        "hours",
        "i18n",
        "language",
        "marks",
    ),
    *("parcels", "pictures", "policy", "ports", "reacting", "replies", "reply_window", "routing", "templates"),
    *("texts", "transcript", "triggers", "verbs", "wording"),
}

# The desk is one room in several files: one event, one transaction.
DESK = {
    *("desk", "act", "adjusting", "agent_events", "alarms", "albums", "by_template", "customer_answers"),
    *("customer_asides", "customer_changes", "customer_events", "letters", "moving", "orders", "questions"),
    *("receipts", "same_person", "scene", "session"),
    "to_agents",
}

# A room is a file or a folder directly under bridge/. It may import itself and what stands here.
ROOMS = {
    **dict.fromkeys(PURE, PURE),
    "customer_channels": PURE,
    "bots": PURE,
    "summaries": PURE,
    "store": PURE,
    "desk_file": PURE,
    "settings": PURE | {"desk_file"},
    "logs": set[str](),
    "manifest": {"errors"},
    "pacing": PURE,
    "server": PURE,
    **dict.fromkeys(DESK, PURE | DESK | {"store", "summaries"}),  # of the summaries, the plain one is pure
    "windows": PURE | DESK | {"store"},
    "courier": PURE | DESK | {"store", "pacing", "windows"},
    "reminders": PURE | {"store"},
    "team_workspace": PURE,
    "sandbox": set[str](),
    "open_files": set[str](),
    "watchdog": set[str](),
}

# Where the parts meet. Only what stages a show, and the command for it, may know the sandbox.
INSIDE = {*ROOMS} - {"sandbox"} | {"app"}
MAY_KNOW = ROOMS | {
    "app": INSIDE,
    "doctor": INSIDE,
    "serve": INSIDE | {"sandbox"},
    "cli": INSIDE | {"doctor", "serve"},
    "demo": INSIDE | {"sandbox"},
    "__main__": {"cli"},
}

# A stranger can add or remove one of these files without touching the next.
FREE_OF_EACH_OTHER = {"customer_channels"}


def modules() -> list[str]:
    """Every module of the bridge, by its path under bridge/."""
    return [path.relative_to(BRIDGE).as_posix() for path in sorted(BRIDGE.rglob("*.py"))]


class RunTimeOnly(ast.NodeTransformer):
    """Takes out `if TYPE_CHECKING:`, which imports nothing when the program runs."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        """Keep an `if` unless it is that one."""
        return node.orelse if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def imports(tree: ast.AST, module: str) -> Iterator[str]:
    """The dotted names that `module` imports; relative ones made absolute."""
    package = ["bridge", *PurePosixPath(module).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{base}.{name.name}" for name in node.names)


def room_of(module: str) -> str:
    """The room that a module stands in: its folder or file directly under bridge/."""
    return PurePosixPath(module).parts[0].removesuffix(".py")


def trespasses(source: str, module: str) -> list[str]:
    """What `module` imports and should not."""
    room = room_of(module)
    ours = [name.split(".") for name in imports(ast.parse(source), module) if name.startswith("bridge.")]
    wrong = [name for name in ours if name[1] not in MAY_KNOW[room] | {room, "__version__"}]
    if room in PURE:
        used = (name.split(".") for name in imports(RunTimeOnly().visit(ast.parse(source)), module))
        wrong += [name for name in used if name[0] not in sys.stdlib_module_names | {"bridge"}]
    if room in FREE_OF_EACH_OTHER:
        wrong += [name for name in ours if is_neighbour(name, module)]
    return [".".join(name) for name in wrong]


def is_neighbour(name: list[str], module: str) -> bool:
    """Whether `name` is another channel beside `module`. What begins with `_` is no channel, but shared."""
    beside = PurePosixPath(module).parts[1].removesuffix(".py")
    if beside == "__init__" or name[1] != room_of(module) or len(name) < 3 or name[2] == beside or name[2][0] == "_":
        return False
    return any((BRIDGE / name[1] / name[2]).with_suffix(suffix).exists() for suffix in ("", ".py"))


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_what_its_room_may_know(module: str) -> None:
    if module == "__init__.py":
        return
    assert room_of(module) in MAY_KNOW, f"{room_of(module)} is a new room: say in this table what it may know"
    assert trespasses((BRIDGE / module).read_text(), module) == []


def test_the_table_has_no_room_that_is_gone() -> None:
    assert {*MAY_KNOW} - {room_of(module) for module in modules()} == set()


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("conversation.py", "import asyncio, aiohttp"),
        ("ports.py", "if TYPE_CHECKING:\n    from bridge.store import tables"),
        ("conversation.py", "from bridge.store import tables"),
        ("conversation.py", "from . import desk"),
        ("texts.py", "from bridge import settings"),
        ("customer_channels/telegram.py", "from bridge.team_workspace import cards"),
        ("customer_channels/telegram.py", "from ..desk import Desk"),
        ("customer_channels/telegram.py", "import bridge.settings"),
        ("team_workspace/slack.py", "from bridge.customer_channels import telegram"),
        ("team_workspace/slack.py", "def post():\n    from bridge.store import outbox"),
        ("store/outbox.py", "from bridge.desk import Desk"),
        ("sandbox/world.py", "from bridge.content import Part"),
        ("sandbox/telegram/api.py", "from ...content import Part"),
        ("app.py", "from bridge.sandbox import world"),
    ],
)
def test_a_wrong_import_is_seen(module: str, line: str) -> None:
    assert len(trespasses(line, module)) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (
            "conversation.py",
            "from datetime import datetime\nfrom bridge.effects import Effect\nfrom .errors import Refused",
        ),
        ("ports.py", "if TYPE_CHECKING:\n    from aiohttp import ClientSession"),
        ("customer_channels/telegram.py", "import telegram\nfrom bridge.ports import CustomerChannel"),
        ("team_workspace/slack.py", "from bridge.ports import Card\nfrom .cards import card"),
        ("sandbox/telegram/api.py", "from ..world import World\nfrom bridge.sandbox.limits import Limits"),
        ("demo/story.py", "from bridge.sandbox import world\nfrom bridge.app import run"),
    ],
)
def test_a_right_import_is_let_through(module: str, line: str) -> None:
    assert trespasses(line, module) == []


def test_a_channel_may_not_import_another_channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "BRIDGE", tmp_path)
    channels = tmp_path / "customer_channels"
    (channels / "web").mkdir(parents=True)
    (channels / "sms.py").touch()
    (channels / "_http.py").touch()
    assert trespasses("from .sms import send", "customer_channels/telegram.py") == ["bridge.customer_channels.sms.send"]
    assert trespasses("from . import web", "customer_channels/telegram.py") == ["bridge.customer_channels.web"]
    assert trespasses("from . import session", "customer_channels/web/page.py") == []
    assert trespasses("from ._http import post", "customer_channels/telegram.py") == []
    assert trespasses("from .sms import send", "customer_channels/_http.py") == ["bridge.customer_channels.sms.send"]
    assert trespasses("from bridge.customer_channels import Limit", "customer_channels/sms.py") == []
