"""What several rooms of tests share: a PostgreSQL of their own, and a bridge on the stage with people around it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    import aiohttp

    from bridge.demo.customers import Customer
    from bridge.demo.stage import Stage
    from bridge.demo.team import Team
    from bridge.demo.watch import Watch
    from bridge.sandbox.server import Sandbox
    from bridge.sandbox.world import Entry
    from bridge.store.writer import Work

T = TypeVar("T")
PEOPLE = {"ana": "U0ANA", "ben": "U0BEN", "clea": "U0CLEA", "gus": "U0GUS", "eve": "U0EXT"}

# ----------------------------------------------------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A PostgreSQL server for this run alone, on a socket in a folder of its own; its address without a database."""
    programs = _programs()
    if programs is None:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("REQUIRE_POSTGRES is set, but there is no initdb: install postgresql.")
        pytest.skip("PostgreSQL is not installed: its tests are LEFT OUT")
    user = "postgres" if os.geteuid() == 0 else None  # initdb refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder, port = Path(name), _free_port()
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", f"{folder}/data", *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user)

        run("initdb", "-U", "bridge", "-A", "trust", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "-l", f"{folder}/log", "-w", "-o", options, "start")
        try:
            yield f"postgresql://bridge@/{{}}?host={folder}&port={port}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: str) -> str:
    """The name of a database with the newest schema, to be copied."""
    from bridge.store.migrate import migrate

    with _database(postgres_cluster) as made:
        pass
    del made
    _create(postgres_cluster, "newest")
    migrate(postgres_cluster.format("newest"))
    return "newest"
