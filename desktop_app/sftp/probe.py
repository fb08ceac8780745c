"""*Test Connection*: all steps up to the first that fails."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from paramiko import PKey

from desktop_app.errors import UserError
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.connection import authenticate
from desktop_app.sftp.errors import HostKeyRevoked, NoCommonAlgorithm
from desktop_app.sftp.folder_probe import FolderReport, probe_folder
from desktop_app.sftp.host_key_check import check_host_key
from desktop_app.sftp.host_keys import fingerprint, known_keys, pin
from desktop_app.sftp.limits import DEFAULT_LIMITS, Limits
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.steps import OnStep, Step
from desktop_app.stop import Stop, Stopped
from desktop_app.wording import Said

_TIDYING = 1.0  # seconds to remove the file of the test once a stop was asked for
PinKey = Callable[[Path, ServerAddress, PKey], None]


@dataclass(frozen=True)
class HostKey:
    """The server's host key; `known` says whether it was accepted before this test."""

    type: str
    fingerprint: str
    known: bool


@dataclass
class ProbeReport:
    """What a test found, up to the first step that failed, and why that failed; `stopped` before it was through.

    `known_before` are the host keys that were accepted for this server when the test began, `found` is what the
    steps at the server path found. `warnings` is what no step fails by.
    """

    steps: list[Step] = field(default_factory=list)
    host_key: HostKey | None = None
    known_before: list[HostKey] = field(default_factory=list)
    negotiated: dict[str, str] | None = None
    server_offers: dict[str, list[str]] | None = None
    error: UserError | None = None
    stopped: bool = False
    found: FolderReport | None = None
    warnings: list[Said] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.error is None and not self.stopped


def probe_connection(
    server: ServerSettings,
    secret: Callable[[], str],
    known_hosts: Path,
    accept_fingerprint: str | None,
    on_step: OnStep,
    limits: Limits = DEFAULT_LIMITS,
    stop: Stop | None = None,
    pin_key: PinKey = pin,
) -> ProbeReport:
    """Go through all steps, telling each as it ends, until `stop` is asked.

    With `accept_fingerprint`, a host key that has it is pinned, by `pin_key`. What fails is in the report.
    """
    report = ProbeReport()
    stop = stop or Stop()

    def tell(step: Step) -> None:
        report.steps.append(step)
        stop.check()
        on_step(step)

    try:
        _probe(server, secret, known_hosts, accept_fingerprint, tell, limits, report, stop, pin_key)
    except Stopped:
        report.stopped = True
    except UserError as error:
        if stop.asked:  # what was closed for it failed
            report.stopped = True
        else:
            report.error = error
        if isinstance(error, NoCommonAlgorithm):
            report.server_offers = error.all_offers
    return report


def _probe(
    server: ServerSettings,
    secret: Callable[[], str],
    known_hosts: Path,
    accept_fingerprint: str | None,
    tell: OnStep,
    limits: Limits,
    report: ProbeReport,
    stop: Stop,
    pin_key: PinKey,
) -> None:
    address = parse_address(server.host)
    transport = negotiate(server, address, known_hosts, tell, limits, stop)
    try:
        report.negotiated = transport.negotiated()
        report.server_offers = transport.offers_by_list()
        key = transport.get_remote_server_key()
        keys = known_keys(known_hosts, address)
        known = key in keys
        report.known_before = [HostKey(each.get_name(), fingerprint(each), True) for each in keys]
        report.host_key = HostKey(key.get_name(), fingerprint(key), known)
        if accept_fingerprint and not known and accept_fingerprint == fingerprint(key):
            with suppress(HostKeyRevoked):  # which the check tells
                pin_key(known_hosts, address, key)
        check_host_key(key, address, known_hosts, tell)
        with authenticate(transport, server, secret, tell, limits) as connection:
            transport.grace = _TIDYING
            report.found = probe_folder(connection, tell)
            report.warnings += report.found.warnings
    finally:
        close_transport(transport)
