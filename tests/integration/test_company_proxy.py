"""Services on the web behind a company's proxy, which opens what is encrypted or asks for a password."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a Windows trusts what is in its registry", allow_module_level=True)

from desktop_app.errors import ExitCode
from desktop_app.settings.rest_source import RestAuth, RestPages, RestSource, RestWindow
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.stop import Stop
from desktop_app.trails.store.store import Store, open_store
from tests.company_proxy import Proxy, company_proxy
from tests.http_service import Asked, Reply
from tests.stored import event, events_in

TOKEN = "t0p-s3cret-token"
USER, PASSWORD = "egon", "pr0xy/pass:w@rd"
QUOTED = "egon:pr0xy%2Fpass%3Aw%40rd"
HOST = "audit.acme.invalid"
SOURCE = RestSource(
    name="s",
    url=f"https://{HOST}/events",
    auth=RestAuth(type="bearer"),
    window=RestWindow(from_="since", to="until"),
    pages=RestPages(next="link-header"),
    fields={"id": "id"},
)


def answer(asked: Asked) -> Reply:
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    return Reply(b"[%b]" % event(id="1", createdAt=at))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "trails.db") as opened:
        yield opened


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(Stop, "sleep", lambda _self, _seconds: None)
    caplog.set_level(logging.DEBUG)


def behind(
    monkeypatch: pytest.MonkeyPatch, proxy: Proxy, folder: Path, login: str = "", trust: bool = True
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{login}127.0.0.1:{proxy.port}")
    if trust:
        proxy.ca.cert_pem.write_to_path(str(folder / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))


def collected(store: Store) -> CollectedSource:
    (one,) = collect([SOURCE], store, lambda _: None, Stop(), lambda _: TOKEN).sources
    return one


def is_told(secret: str, result: CollectedSource, caplog: pytest.LogCaptureFixture) -> bool:
    error = result.error
    told = (error, error and error.hint, error and error.__context__, result.gaps, result.asked, caplog.text)
    return secret in "".join(map(str, told))


def test_its_own_certificates_are_trusted_where_the_system_does(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with company_proxy(answer) as proxy:
        behind(monkeypatch, proxy, tmp_path)
        assert collected(store).error is None
    assert len(events_in(store)) == 1 and set(proxy.asked_for) == {HOST}


def test_else_nobody_gets_the_secret(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with company_proxy(answer) as proxy:
        behind(monkeypatch, proxy, tmp_path, trust=False)
        result = collected(store)
    assert result.error is not None and result.error.exit_code is ExitCode.PROTOCOL
    assert HOST in result.error.message and "proxy" in str(result.error.hint)
    assert proxy.asked_for and proxy.opened == []


def test_a_proxy_that_asks_for_a_password(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with company_proxy(answer, f"{USER}:{PASSWORD}") as proxy:
        behind(monkeypatch, proxy, tmp_path)
        result = collected(store)
        assert result.error is not None and result.error.exit_code is ExitCode.NO_PERMISSION
        assert "proxy" in result.error.message and len(proxy.asked_for) == 1
        behind(monkeypatch, proxy, tmp_path, "egon:wr0ng-one@")
        result = collected(store)
        assert result.error is not None and result.error.exit_code is ExitCode.NO_PERMISSION
        assert not is_told("wr0ng-one", result, caplog)
        behind(monkeypatch, proxy, tmp_path, QUOTED + "@")
        result = collected(store)
    assert result.error is None and len(events_in(store)) == 1
    assert "Proxy-Authorization" not in proxy.opened[0].headers
    for secret in (PASSWORD, QUOTED.partition(":")[2], TOKEN):
        assert not is_told(secret, result, caplog)


def test_who_is_named_needs_no_proxy(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with company_proxy(answer) as proxy:
        behind(monkeypatch, proxy, tmp_path)
        monkeypatch.setenv("NO_PROXY", "acme.invalid")
        result = collected(store)
    assert result.error is not None and result.error.exit_code is ExitCode.UNREACHABLE
    assert proxy.asked_for == []


def test_a_proxy_that_is_not_there(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with company_proxy(answer) as proxy:
        behind(monkeypatch, proxy, tmp_path)
    result = collected(store)
    assert result.error is not None and result.error.exit_code is ExitCode.UNREACHABLE
    assert "proxy does not connect" in result.error.message
    assert json.dumps(str(result.error)).count(HOST) == 1
