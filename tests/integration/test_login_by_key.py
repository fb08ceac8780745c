"""Logging in with a key: OpenSSH's server and agent, and keys as ssh-keygen makes them."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import BadSetting, ExitCode
from desktop_app.settings.model import Login, ServerSettings
from desktop_app.sftp.connection import connect
from desktop_app.sftp.errors import HostKeyUnknown, LoginRefused
from desktop_app.sftp.login_by_key import login_keys
from desktop_app.sftp.private_key import WrongPassphrase
from desktop_app.sftp.probe import ProbeReport, probe_connection
from tests.all_files import all_bytes
from tests.servers import Server, asyncssh_server, openssh, program, served_folder, settings_for, wait_until

if sys.platform == "win32":
    pytest.skip("ssh-keygen and sshd are those of the Linux around", allow_module_level=True)

PASSPHRASE = "correct horse battery"
KINDS = {
    "ed25519": ["-t", "ed25519"],
    "ecdsa-256": ["-t", "ecdsa", "-b", "256"],
    "ecdsa-384": ["-t", "ecdsa", "-b", "384"],
    "ecdsa-521": ["-t", "ecdsa", "-b", "521"],
    "rsa": ["-t", "rsa", "-b", "2048"],
    "rsa-pem": ["-t", "rsa", "-b", "2048", "-m", "PEM"],
    "ecdsa-pkcs8": ["-t", "ecdsa", "-m", "PKCS8"],
}
MakeKey = Callable[..., Path]


@pytest.fixture(scope="module")
def by_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server that takes keys alone, and the file with those that it takes."""
    allowed = Path(tempfile.mkdtemp(prefix="atx-keys-", dir="/var/tmp"))
    allowed.chmod(0o755)
    try:
        with openssh(
            tmp_path_factory.mktemp("sshd"),
            f"AuthorizedKeysFile {allowed}/authorized_keys",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "AuthenticationMethods publickey",
        ) as server:
            yield server, allowed / "authorized_keys"
    finally:
        shutil.rmtree(allowed)


@pytest.fixture
def make_key(by_key: tuple[Server, Path], tmp_path: Path) -> MakeKey:
    """Makes a key with ssh-keygen, which the server takes from then on unless it is `strange`."""

    def make(*options: str, passphrase: str = "", name: str = "id", strange: bool = False) -> Path:
        file = tmp_path / name
        keygen = [program("ssh-keygen"), "-q", *(options or KINDS["ed25519"]), "-N", passphrase, "-f", str(file)]
        subprocess.run(keygen, check=True)
        if not strange:
            by_key[1].write_text(file.with_name(f"{name}.pub").read_text())
        return file

    return make


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """An agent of OpenSSH; called, it is given a key."""
    folder = Path(tempfile.mkdtemp(prefix="atx-agent-"))
    process = subprocess.Popen(
        [program("ssh-agent"), "-D", "-a", str(folder / "socket")], stdout=subprocess.DEVNULL
    )
    monkeypatch.setenv("SSH_AUTH_SOCK", str(folder / "socket"))
    try:
        wait_until((folder / "socket").exists, "ssh-agent")
        yield lambda key: subprocess.run([program("ssh-add"), "-q", str(key)], check=True) and None
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def login(server: Server, auth: Login, key_file: Path | str) -> ServerSettings:
    return structs.replace(settings_for(server), auth=auth, key_file=str(key_file))


def run_test(settings: ServerSettings, secret: str, known_hosts: Path) -> ProbeReport:
    """The test, accepting the key at first sight."""
    fresh = probe_connection(settings, lambda: secret, known_hosts, None, lambda _: None)
    assert isinstance(fresh.error, HostKeyUnknown)
    assert fresh.host_key
    return probe_connection(settings, lambda: secret, known_hosts, fresh.host_key.fingerprint, lambda _: None)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["open", "encrypted"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_key(
    by_key: tuple[Server, Path], make_key: MakeKey, known_hosts: Path, kind: str, passphrase: str
) -> None:
    file = make_key(*KINDS[kind], passphrase=passphrase)
    report = run_test(login(by_key[0], "key", file), passphrase, known_hosts)
    assert report.error is None
    shown = subprocess.run(["ssh-keygen", "-lf", f"{file}.pub"], capture_output=True, text=True, check=True).stdout
    assert f"by publickey ({file.with_name('id.pub').read_text().split()[0]} {shown.split()[1]})" in str(
        report.steps[4].detail
    )


def test_an_rsa_key_signs_by_sha2(by_key: tuple[Server, Path], make_key: MakeKey, known_hosts: Path) -> None:
    start = by_key[0].log.stat().st_size
    assert run_test(login(by_key[0], "key", make_key(*KINDS["rsa"])), "", known_hosts).ok
    assert "authenticated 1 pkalg rsa-sha2-512" in by_key[0].log.read_bytes()[start:].decode()


@pytest.mark.parametrize("given", ["", "wrong"])
def test_a_wrong_passphrase_is_told_before_a_key_is_offered(
    by_key: tuple[Server, Path], make_key: MakeKey, known_hosts: Path, given: str
) -> None:
    file = make_key(passphrase=PASSPHRASE)
    start = by_key[0].log.stat().st_size
    report = run_test(login(by_key[0], "key", file), given, known_hosts)
    assert isinstance(report.error, WrongPassphrase)
    assert (report.steps[-1].name, report.steps[-1].ok) == ("authenticate", False)
    assert "method publickey" not in by_key[0].log.read_bytes()[start:].decode()


def test_a_key_that_the_server_does_not_know(
    by_key: tuple[Server, Path], make_key: MakeKey, known_hosts: Path
) -> None:
    make_key()
    report = run_test(login(by_key[0], "key", make_key(name="other", strange=True)), "", known_hosts)
    assert isinstance(report.error, LoginRefused)
    assert (report.error.field, report.error.exit_code) == ("server.key_file", ExitCode.NO_PERMISSION)
    assert "It is: ssh-ed25519 SHA256:" in report.error.hint


def test_a_password_where_only_keys_are_taken(by_key: tuple[Server, Path], known_hosts: Path) -> None:
    report = run_test(settings_for(by_key[0]), "secret", known_hosts)
    assert isinstance(report.error, LoginRefused)
    assert report.error.hint == "It accepts publickey, but no password. Log in with a key."
    assert "server.auth=key" in report.error.command


def test_a_key_where_only_passwords_are_taken(make_key: MakeKey, tmp_path: Path, known_hosts: Path) -> None:
    key = make_key()
    with asyncssh_server(tmp_path / "server") as server:
        report = run_test(login(server, "key", key), "", known_hosts)
    assert isinstance(report.error, LoginRefused)
    assert "but no key. Log in with a password." in report.error.hint


def test_a_second_factor_after_the_key(tmp_path: Path, make_key: MakeKey, known_hosts: Path) -> None:
    key = make_key(name="both")
    public = Path("/var/tmp") / f"{tmp_path.name}.pub"
    public.write_text(Path(f"{key}.pub").read_text())
    options = (f"AuthorizedKeysFile {public}", "AuthenticationMethods publickey,password")
    try:
        with openssh(tmp_path / "sshd", *options) as server:
            report = run_test(login(server, "key", key), "", known_hosts)
    finally:
        public.unlink()
    assert isinstance(report.error, LoginRefused)
    assert "It wants password as well" in report.error.hint


def test_an_agent_has_the_key(
    by_key: tuple[Server, Path], make_key: MakeKey, agent: Callable[[Path], None], known_hosts: Path
) -> None:
    agent(make_key(name="first", strange=True))
    agent(make_key(*KINDS["rsa"], name="second"))
    report = run_test(login(by_key[0], "agent", ""), "", known_hosts)
    assert report.error is None
    assert "by publickey (ssh-rsa SHA256:" in str(report.steps[4].detail)


def test_the_key_of_an_agent_that_is_named(
    by_key: tuple[Server, Path], make_key: MakeKey, agent: Callable[[Path], None], known_hosts: Path
) -> None:
    for number in range(7):  # more than a server lets try
        agent(make_key(name=f"strange{number}", strange=True))
    agent(named := make_key(name="named"))
    assert run_test(login(by_key[0], "agent", f"{named}.pub"), "", known_hosts).ok
    assert (
        connect(login(by_key[0], "agent", named), lambda: "", known_hosts).close() is None
    )  # its .pub lies there
    with pytest.raises(LoginRefused) as caught:
        connect(login(by_key[0], "agent", ""), lambda: "", known_hosts)
    assert (caught.value.field, "They are: " in caught.value.hint) == ("server.auth", True)


def test_an_agent_that_lacks_the_key(make_key: MakeKey, agent: Callable[[Path], None]) -> None:
    server = ServerSettings(host="h", user="u", auth="agent")
    with pytest.raises(BadSetting, match="has no keys"), login_keys(server, ""):
        pass
    agent(make_key(name="first", strange=True))
    other = make_key(name="other", strange=True)
    with (
        pytest.raises(BadSetting, match="does not have the key"),
        login_keys(structs.replace(server, key_file=f"{other}.pub"), ""),
    ):
        pass
    with (
        pytest.raises(BadSetting, match="no public key"),
        login_keys(structs.replace(server, key_file=__file__), ""),
    ):
        pass


@pytest.mark.parametrize("where", [None, "/nonexistent/agent"])
def test_there_is_no_agent(monkeypatch: pytest.MonkeyPatch, where: str | None) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    if where:
        monkeypatch.setenv("SSH_AUTH_SOCK", where)
    server = ServerSettings(host="h", user="u", auth="agent")
    with pytest.raises(BadSetting, match="no SSH agent") as caught, login_keys(server, ""):
        pass
    assert caught.value.field == "server.auth"


def test_the_program_exports_by_key(by_key: tuple[Server, Path], make_key: MakeKey, tmp_path: Path) -> None:
    """From the settings to an archive on the server, and what cron would start to find out about the night."""
    server, file = by_key[0], make_key(passphrase=PASSPHRASE)

    def export(*arguments: str, stdin: str = "", code: int = 0) -> str:
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "AUDIT_TRAILS_HOME": str(tmp_path / "home")}
        done = subprocess.run(
            [sys.executable, "-m", "desktop_app.cli", *arguments],
            input=stdin, capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert PASSPHRASE not in done.stdout + done.stderr
        return done.stderr

    folder = served_folder(server, tmp_path.name)
    where = [f"server.host=127.0.0.1:{server.port}", f"server.user={server.user}", f"server.path={folder}"]
    export("config", "set", *where, "server.auth=key", f"server.key_file={file}")
    export("trust", "--yes")
    assert "config passphrase" in export("test", code=ExitCode.NO_PERMISSION)
    export("schedule", "can-use-key", code=ExitCode.NO_PERMISSION)
    assert "does not fit" in export("config", "passphrase", stdin="wrong\n", code=ExitCode.NO_PERMISSION)
    assert "is kept in" in export("config", "passphrase", stdin=f"{PASSPHRASE}\n")
    export("schedule", "can-use-key")
    export("test")
    export("run", "--now")
    assert [each.suffix for each in folder.iterdir()] == [".zip"]
    kept = list(all_bytes(tmp_path / "home"))
    assert not any(PASSPHRASE.encode() in each for each in kept)
    assert "needs no password" in export("config", "password", stdin="x\n", code=ExitCode.CONFIG)
