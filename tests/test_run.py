"""`./run` makes the environment once, heals what was cut short, and says in words what is wrong.

The real file runs here in a small repository of its own, with an empty lock, so that nothing is fetched.
"""

import ast
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / "run"


@dataclass(frozen=True, slots=True)
class Repository:
    """A clone with a program that says hello, on a machine whose `uv` only makes the environment."""

    path: Path
    uv: Path

    def start(self, *arguments: str, cwd: Path | None = None) -> "subprocess.Popen[str]":
        """Start `./run` without waiting for it."""
        return subprocess.Popen(
            [sys.executable, str(self.path / "run"), *arguments],
            cwd=cwd or self.path,
            env={"PATH": f"{self.uv.parent}:{os.defpath}", "HOME": str(self.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, cwd: Path | None = None) -> "tuple[int, str, str]":
        """Run `./run` to its end: exit code, stdout, stderr."""
        return ended(self.start(*arguments, cwd=cwd))

    @property
    def stamp(self) -> Path:
        """Where `run` remembers what it installed."""
        return self.path / ".venv" / "installed"

    def is_whole(self) -> bool:
        """Whether the environment is no mixture with what an interrupted installation left."""
        return not (self.path / ".venv" / "half").exists()


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Wait for the process."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    clone = tmp_path / "a clone"
    (clone / "bridge").mkdir(parents=True)
    (clone / "run").write_bytes(RUN.read_bytes())
    (clone / "requirements.lock").write_text("# nothing\n")
    (clone / "pyproject.toml").write_text("[project]\n")
    (clone / "bridge" / "__init__.py").touch()
    (clone / "bridge" / "__main__.py").write_text("import sys\nprint('hello', *sys.argv[1:])\n")
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(
        textwrap.dedent(f"""\
            #!/bin/sh
            [ "$1" = pip ] && exit 0
            for last; do :; done
            exec {sys.executable} -m venv --without-pip "$last"
        """)
    )
    uv.chmod(0o755)
    return Repository(clone, uv)


def test_the_first_start_installs_and_the_second_does_not(repository: Repository) -> None:
    code, out, err = repository.run("bridge", "to", "you")
    assert (code, out) == (0, "hello to you\n")
    assert "Installing" in err
    assert "Installed in" in err
    assert repository.run("bridge") == (0, "hello\n", "")


def test_it_works_from_any_directory(repository: Repository, tmp_path: Path) -> None:
    assert repository.run("bridge", cwd=tmp_path)[:2] == (0, "hello\n")


def test_two_first_starts_at_once_do_not_disturb_each_other(repository: Repository) -> None:
    starts = [repository.start("bridge") for _ in range(3)]
    ends = [ended(process) for process in starts]
    assert [(code, out) for code, out, _ in ends] == [(0, "hello\n")] * 3
    assert sum("Installed in" in err for _, _, err in ends) == 1


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_again(repository: Repository, file: str) -> None:
    repository.run("bridge")
    with (repository.path / file).open("a") as changed:
        changed.write("# changed\n")
    assert "Installed in" in repository.run("bridge")[2]
    assert repository.run("bridge")[2] == ""


def test_an_interrupted_installation_is_made_anew(repository: Repository) -> None:
    repository.run("bridge")
    repository.stamp.write_text("installing")
    (repository.path / ".venv" / "half").touch()
    code, out, err = repository.run("bridge")
    assert (code, out) == (0, "hello\n")
    assert "Installed in" in err
    assert repository.is_whole()


def test_an_installer_that_outlives_a_killed_run_is_waited_for(repository: Repository, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    works = repository.uv.read_text()
    repository.uv.write_text(works.replace('[ "$1" = pip ]', f'[ "$1" = pip ] && echo waits >&2 && read -r _ < {gate}'))
    killed = repository.start("bridge")
    assert killed.stderr
    while "waits" not in killed.stderr.readline():
        pass
    killed.kill()
    killed.wait()
    repository.uv.write_text(works)
    second = repository.start("bridge")
    assert second.stderr
    assert second.stderr.readline() == "Another run is installing; waiting for it.\n"
    gate.write_text("go on\n")
    code, out, err = ended(second)
    killed.communicate()
    assert (code, out) == (0, "hello\n")
    assert "Installed in" in err


def test_an_installation_that_fails_is_tried_again_by_the_next_run(repository: Repository) -> None:
    works = repository.uv.read_text()
    repository.uv.write_text("#!/bin/sh\nexit 1\n")
    (repository.path / "requirements.lock").write_text("no-such-package==1 --hash=sha256:00\n")
    code, out, err = repository.run("bridge")
    assert (code, out) == (1, "")
    assert "The installation failed" in err
    assert "Traceback" not in err.rpartition("The installation failed")[2]
    repository.uv.write_text(works)
    assert repository.run("bridge")[:2] == (0, "hello\n")


def test_a_python_that_went_away_is_replaced(repository: Repository) -> None:
    repository.run("bridge")
    python = repository.path / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("gone")
    assert repository.run("bridge")[:2] == (0, "hello\n")


def test_a_clone_that_was_moved_links_its_new_place(repository: Repository, tmp_path: Path) -> None:
    repository.run("bridge")
    moved = Repository(repository.path.rename(tmp_path / "moved"), repository.uv)
    assert moved.run("bridge", cwd=tmp_path)[:2] == (0, "hello\n")


def test_without_uv_pip_does_it(repository: Repository) -> None:
    repository.uv.unlink()
    code, out, err = repository.run("bridge")
    assert (code, out) == (0, "hello\n")
    assert "with pip" in err


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_lists_the_commands_and_installs_nothing(repository: Repository, arguments: list[str]) -> None:
    code, out, err = repository.run(*arguments)
    assert (code, err) == (0, "")
    commands = {"demo", "test", "check", "bench", "chaos", "gallery", "bridge"}
    assert {line.split()[0] for line in out.splitlines()[2:]} == commands
    assert not repository.stamp.exists()


def test_an_unknown_command_is_refused_with_the_list(repository: Repository) -> None:
    code, out, err = repository.run("dmeo")
    assert (code, out) == (2, "")
    assert err.startswith("There is no command 'dmeo'.")
    assert "demo" in err


@pytest.mark.parametrize("command", ["bench", "chaos", "demo", "gallery"])
def test_a_command_of_a_later_version_says_so_in_one_sentence(repository: Repository, command: str) -> None:
    assert repository.run(command) == (2, "", f"{command} is not part of this version yet.\n")


def test_an_old_python_is_refused_with_one_sentence() -> None:
    old = (
        "import runpy, sys; sys.version_info = (3, 10, 4, 'final', 0); runpy.run_path(sys.argv[1], run_name='__main__')"
    )
    ends = subprocess.run([sys.executable, "-c", old, str(RUN)], capture_output=True, text=True, check=False)
    assert ends.returncode == 1
    assert ends.stderr == "Python 3.11 or newer is needed, and this is Python 3.10. Try: python3.11 run\n"


def test_an_old_python_can_read_the_file_at_all() -> None:
    ast.parse(RUN.read_text(), feature_version=(3, 6))


def test_only_the_standard_library_is_used() -> None:
    tree = [*ast.walk(ast.parse(RUN.read_text()))]
    imported = {name.name for node in tree if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in tree if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
