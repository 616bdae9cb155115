"""The house around the program: licence, samples, lock, links, and that no file gives a machine away."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text()

# Written so that this file does not find itself.
MACHINE = re.compile(
    r"/wor[k]/|/far[m]/|/roo[t]/|/hom[e]/\w|/User[s]/\w|regis[t]ry[.]npm|[p]ypi[.]org|python[h]osted|deb[.]debi[a]n"
)


def committed() -> list[Path]:
    """Every text file that git keeps, or would keep at the next commit."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone, so nothing says which files are committed")
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    binary = {".png", ".woff2", ".ico"}
    return [path for name in listed if (path := ROOT / name).is_file() and path.suffix not in binary]


def project(*keys: str) -> list[str]:
    """The requirements under one heading of the project file."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for key in keys:
        table = table[key]
    assert isinstance(table, list)
    return table


def test_the_licence_is_mit() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.startswith("MIT License")
    assert "the Handoff Bridge contributors" in text


def test_the_env_sample_lists_exactly_the_settings() -> None:
    from bridge import settings

    named = re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.sample").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(settings.keys())


def test_the_env_sample_holds_no_secret() -> None:
    for line in (ROOT / ".env.sample").read_text().splitlines():
        name, _, value = line.lstrip("#").partition("=")
        assert not (re.search("TOKEN$|SECRET|KEY$", name) and value), name


def test_every_locked_package_has_a_version_and_hashes() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*(--(extra-)?index-url|--find-links|-i|-f)\b", LOCK, re.MULTILINE)


@pytest.mark.parametrize("heading", [("project", "dependencies"), ("dependency-groups", "dev")])
def test_everything_the_project_asks_for_is_locked(heading: tuple[str, ...]) -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE))
    asked = {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in project(*heading)}
    assert asked - locked == set()


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {hit.group()}"
        for path in committed()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (hit := MACHINE.search(line))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["run", ".ci/run"])
def test_what_is_started_by_hand_can_be_started(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_the_continuous_integration_script_is_sound_bash() -> None:
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0


def test_every_link_between_the_documents_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text())
        if "://" not in target and not target.endswith(".png") and not (page.parent / target).exists()
    ]
    assert dead == []


def test_the_makefile_knows_every_command_of_run() -> None:
    shown = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=True).stdout
    commands = set(re.findall(r"^  (\w+) ", shown, re.MULTILINE)) - {"bridge"}
    makefile = (ROOT / "Makefile").read_text()
    assert commands
    assert {command for command in commands if not re.search(rf"\b{command}\b.*:", makefile)} == set()
