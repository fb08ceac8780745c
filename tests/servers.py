"""Real SFTP servers on loopback, for tests."""

import asyncio
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from desktop_app.settings.model import ServerSettings


@dataclass(frozen=True)
class Server:
    """A running server: where it is, who may log in, the folder that is served, and its log."""

    port: int
    user: str
    password: str
    folder: Path
    log: Path

    @property
    def home(self) -> str:
        """The folder by its name on the server, which is this machine or the Linux around Wine."""
        return self.folder.as_posix().removeprefix("Z:")


def settings_for(server: Server, path: str = "", **changes: tuple[str, ...]) -> ServerSettings:
    """Settings that reach a test server; the path is the user's home folder unless given."""
    values = {"host": f"127.0.0.1:{server.port}", "user": server.user, "path": path or "."}
    return ServerSettings(**{**values, **changes})  # type: ignore[arg-type]


def program(name: str) -> str:
    """The path of a program; a test without it is skipped, and fails in CI where Debian has it."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"]))
    if found is None:
        if sys.platform == "win32":
            pytest.skip(f"{name} is not to be had on Windows")
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as sock:
        return sock.recv(4) == b"SSH-"
    return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


# What OpenSSH 9 (SHA-1) and OpenSSH 10 (all groups of numbers) have, and offer only where they are asked to.
KEY_EXCHANGES_OFF_BY_DEFAULT = (
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group-exchange-sha1",
)


def _openssh_version(sshd: str) -> tuple[int, int]:
    """Major and minor; older ones print it with a complaint about -V."""
    said = subprocess.run([sshd, "-V"], capture_output=True, text=True, check=False).stderr
    found = re.search(r"OpenSSH_(\d+)\.(\d+)", said)
    assert found, said
    return int(found[1]), int(found[2])


@contextmanager
def openssh(folder: Path, *options: str) -> Iterator[Server]:
    """OpenSSH's sshd with a user of its own; `options` are lines of sshd_config, which win over those here."""
    if sys.platform == "win32":
        with lent("openssh", folder, *options) as server:
            yield server
        return
    sshd = program("sshd")
    if os.geteuid() != 0:
        pytest.skip("sshd checks passwords only as root")
    user, password = f"atx{secrets.token_hex(4)}", secrets.token_urlsafe(9)
    folder.mkdir(parents=True, exist_ok=True)
    # Not below pytest's own folder, which it closes to other users whenever a worker starts.
    home = Path(tempfile.mkdtemp(prefix="atx-", dir="/var/tmp"))
    subprocess.run(["useradd", "-M", "-d", str(home), "-s", "/bin/sh", user], check=True)
    process = None
    try:
        subprocess.run(["chpasswd"], input=f"{user}:{password}".encode(), check=True)
        shutil.chown(home, user, user)
        Path("/run/sshd").mkdir(exist_ok=True)
        key, log, port = folder / "host_key", folder / "sshd.log", free_port()
        if not key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        lines = [
            *options,
            f"ListenAddress 127.0.0.1:{port}",
            f"HostKey {key}",
            "PidFile none",
            "UsePAM no",
            "LogLevel DEBUG2",
            *(() if any(line.startswith("MaxStartups") for line in options) else ["MaxStartups 100"]),
            "StrictModes no",
            "PasswordAuthentication yes",
            f"KexAlgorithms +{','.join(KEY_EXCHANGES_OFF_BY_DEFAULT)}",
            *(["PerSourcePenalties no"] if _openssh_version(sshd) >= (9, 8) else []),
            "Subsystem sftp internal-sftp",
        ]
        config = folder / "sshd_config"
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        process = subprocess.Popen([sshd, "-D", "-f", str(config), "-E", str(log)])
        wait_until(lambda: answers(port), "sshd")
        yield Server(port, user, password, home, log)
    finally:
        if process:
            process.terminate()
            process.wait()
        subprocess.run(["pkill", "-KILL", "-u", user], check=False)
        subprocess.run(["userdel", "-f", user], check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def rclone(folder: Path) -> Iterator[Server]:
    """`rclone serve sftp`: a server in Go (x/crypto/ssh, pkg/sftp)."""
    if sys.platform == "win32":
        with lent("rclone", folder) as server:
            yield server
        return
    binary = program("rclone")
    served, log, port = folder / "served", folder / "rclone.log", free_port()
    served.mkdir(parents=True)
    process = subprocess.Popen(
        [
            binary,
            "serve",
            "sftp",
            str(served),
            "--addr",
            f"127.0.0.1:{port}",
            "--user",
            "audit",
            "--pass",
            "secret",
        ],
        env={**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder)},
        stderr=log.open("wb"),
    )
    try:
        wait_until(lambda: answers(port), "rclone")
        yield Server(port, "audit", "secret", served, log)
    finally:
        process.terminate()
        process.wait()


# Where a Windows Python under Wine asks for servers of the Linux around it (`on_windows.lending`), as host:port.
LENDER = "ATX_SERVERS"


@contextmanager
def lent(kind: str, folder: Path, *options: str) -> Iterator[Server]:
    """A server of the system around Wine, the same one again for a folder. Skipped on a Windows alone."""
    if LENDER not in os.environ:
        pytest.skip("Windows' own sshd is a service, with accounts of Windows")
    with _asked_for(kind, str(folder), *options) as told:
        there = {name: Path(f"Z:{told[name]}") for name in ("folder", "log")}
        yield Server(int(told["port"]), told["user"], told["password"], **there)


@contextmanager
def _asked_for(what: str, name: str, *options: str) -> Iterator[dict[str, str]]:
    """What the lender answers; what it lends is given back at the end."""
    host, _, port = os.environ[LENDER].partition(":")
    with socket.create_connection((host, int(port))) as connection, connection.makefile("rw") as stream:
        stream.write(json.dumps([what, name, options]) + "\n")
        stream.flush()
        yield json.loads(stream.readline())


def served_folder(server: Server, name: str) -> Path:
    """A folder on the server that its user may write to; `name` is what the server path must be."""
    folder = server.folder / name
    folder.mkdir()
    if sys.platform == "win32":
        with _asked_for("owner", f"{server.home}/{name}", server.user):
            return folder
    shutil.chown(folder, server.user, server.user)
    return folder


def set_mode(folder: Path, mode: int) -> None:
    """Open or close a folder of a server to its users."""
    if sys.platform == "win32":
        with _asked_for("mode", folder.as_posix().removeprefix("Z:"), f"{mode:o}"):
            return
    folder.chmod(mode)


class PasswordLogin(asyncssh.SSHServer):
    """Accepts one password, as a password or as the answer to a question."""

    interactive_only = False

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return not self.interactive_only

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("audit", "secret")

    def kbdint_auth_supported(self) -> bool:
        return self.interactive_only

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        return "", "", "", [("Password: ", False)]

    def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        return list(responses) == ["secret"]


class InteractiveLogin(PasswordLogin):
    interactive_only = True


@contextmanager
def asyncssh_server(
    folder: Path,
    sftp: type[asyncssh.SFTPServer] = asyncssh.SFTPServer,
    login: type[asyncssh.SSHServer] = PasswordLogin,
) -> Iterator[Server]:
    """asyncssh's server, in Python; `sftp` and `login` may be subclasses that misbehave."""
    served = folder / "served"
    served.mkdir(parents=True, exist_ok=True)
    loop = asyncio.SelectorEventLoop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=login,
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            sftp_factory=lambda channel: sftp(channel, chroot=str(served)),
            kex_algs=["curve25519-sha256"],
            encryption_algs=["aes256-ctr"],
            mac_algs=["hmac-sha1"],
        )

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    try:
        yield Server(acceptor.get_port(), "audit", "secret", served, folder / "none.log")
    finally:
        loop.call_soon_threadsafe(acceptor.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port on loopback; `serve` gets each connection, one after another."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            serve(sock)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):  # Linux wakes accept() by this, Windows by the next
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@contextmanager
def answering(answer: bytes | None) -> Iterator[int]:
    """A port that says `answer` and then nothing; None closes at once."""
    held: list[socket.socket] = []

    def serve(sock: socket.socket) -> None:
        if answer is None:
            sock.close()
        else:
            sock.sendall(answer)
            held.append(sock)

    with listening(serve) as port:
        try:
            yield port
        finally:
            for sock in held:
                sock.close()


@contextmanager
def unanswering() -> Iterator[int]:
    """A port on loopback that takes no more connections, as one behind a firewall that drops packets."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = []
        for _ in range(4):  # fill its queue
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
            waiting.append(sock)
        try:
            yield port
        finally:
            for sock in waiting:
                sock.close()
