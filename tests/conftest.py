"""What several rooms of tests share: a PostgreSQL of their own, and a bridge on the stage with people around it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator
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
    from bridge.sandbox.world import Entry

T = TypeVar("T")

# ----------------------------------------------------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A PostgreSQL server for this run alone, on a socket in a folder of its own; its address without a database."""
    programs = _programs()
    if programs is None:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("REQUIRE_POSTGRES is set, but there is no initdb: install postgresql.")
        pytest.skip("PostgreSQL is not installed: its tests are LEFT OUT")
    user: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}  # initdb refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder, port = Path(name), _free_port()
        if user:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        data, options = folder / "data", f"-p {port} -k {folder} -c listen_addresses= -c fsync=off"
        run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": name, **user}
        subprocess.run([programs / "initdb", "-D", data, "-U", "bridge", "-A", "trust", "--no-sync"], **run)
        start = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start"]
        subprocess.run(start, **run)
        try:
            yield f"postgresql://bridge@/{{}}?host={folder}&port={port}"
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)


@pytest.fixture
def postgres(postgres_cluster: str) -> Iterator[str]:
    """The address of an empty database, which goes with the test."""
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_cluster.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # pyright: ignore[reportArgumentType, reportCallIssue]
        yield postgres_cluster.format(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # pyright: ignore[reportArgumentType, reportCallIssue]


def _programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
