"""Each connector against a small service that speaks as the real one documents it, with made-up records."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from desktop_app.settings.rest_source import RestAuth, RestSource
from desktop_app.settings.validation import source_problems
from desktop_app.sources.collect import collect
from desktop_app.sources.connectors import completed, connector_names, connectors
from desktop_app.stop import Stop
from desktop_app.trails.store.store import open_store
from tests.http_service import Asked, Reply, serving
from tests.stored import lines_in

AGO = datetime.now(UTC) - timedelta(hours=3)
ISO = AGO.isoformat(timespec="milliseconds").replace("+00:00", "Z")
EPOCH_MS = int(AGO.timestamp() * 1000)
SECRET = "s3cret-of-the-service"
Json = dict[str, Any]

RECORDS: dict[str, Json] = json.loads(
    (Path(__file__).parents[2] / "data" / "connectors.json")
    .read_text(encoding="utf-8")
    .replace("{iso}", ISO)
    .replace("{local}", ISO[:19])
    .replace("{offset}", ISO.replace("Z", "+0000"))
    .replace('"{ms}"', str(EPOCH_MS))
    .replace('"{s}"', str(EPOCH_MS // 1000))
)
IDS = {
    "okta": "uuid",
    "github": "_document_id",
    "office365": "Id",
    "auth0": "log_id",
    "1password": "uuid",
    "keycloak": "resourcePath",
    "bitwarden": "itemId",
}


def record(name: str, number: int) -> Json:
    if name == "google-workspace":
        which = {"time": ISO, "uniqueQualifier": str(number), "applicationName": "admin"}
        return {**RECORDS[name], "id": which}
    value: Any = number if name in ("gitlab", "jira") else f"n{number}"
    return {**RECORDS[name], IDS.get(name, "id"): value}


def link(asked: Asked, some: list[Json], after: int | None) -> Reply:
    where = f'<{asked.path}?after={after}>; rel="next"'
    return Reply(json.dumps(some).encode(), headers={} if after is None else {"Link": where})


def wrapped(key: str, more: Callable[[Asked, int], Json]) -> Callable[[Asked, list[Json], int | None], Reply]:
    def page(asked: Asked, some: list[Json], after: int | None) -> Reply:
        values: Json = {}
        for step in reversed(key.split(".")):
            values = {step: values or some}
        return Reply(json.dumps(values | (more(asked, after) if after is not None else {})).encode())

    return page


def no_more(_asked: Asked, _after: int) -> Json:
    return {}


PAGES: dict[str, tuple[str, Callable[[Asked, list[Json], int | None], Reply]]] = {
    "okta": ("after", lambda asked, some, after: link(asked, some, 2 if after is None else after)),
    "github": ("after", link),
    "gitlab": ("after", link),
    "entra": ("after", wrapped("value", lambda asked, after: {"@odata.nextLink": f"{asked.path}?after={after}"})),
    "google-workspace": ("pageToken", wrapped("items", lambda _, after: {"nextPageToken": str(after)})),
    "keycloak": ("first", link),
    "auth0": ("from", link),
    "atlassian": ("cursor", wrapped("data", lambda _, after: {"meta": {"next": str(after)}})),
    "jira": ("offset", wrapped("records", no_more)),
    "slack": ("cursor", wrapped("entries", lambda _, after: {"response_metadata": {"next_cursor": str(after)}})),
    "1password": ("cursor", wrapped("items", lambda _, after: {"cursor": str(after), "has_more": True})),
    "bitwarden": ("continuationToken", wrapped("data", lambda _, after: {"continuationToken": str(after)})),
    "cloudflare": ("page", wrapped("result", no_more)),
    "terraform": ("page[number]", wrapped("data", no_more)),
    "ivanti": ("start", wrapped("result.searchResults", no_more)),
}
PAGES["entra-signins"] = PAGES["intune"] = PAGES["entra"]


class Service:
    """Two pages of one record each."""

    def __init__(self, name: str) -> None:
        self.name, self.asked = name, list[Asked]()

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if asked.path == "/token":
            return Reply(b'{"access_token": "fetched", "expires_in": 3600, "token_type": "Bearer"}')
        if self.name == "office365":
            return self._office365(asked)
        given, page = PAGES[self.name]
        params = json.loads(asked.body) if asked.method == "POST" else asked.params
        at = self._position(params.get(given))
        some = [record(self.name, at)] if at < 2 and self._is_part(asked) else []
        return page(asked, some, at + 1 if at < 1 and some else None)

    def _position(self, given: Any) -> int:
        if self.name in ("cloudflare", "terraform"):
            return int(given) - 1
        return int(str(given).removeprefix("n")) + (self.name == "auth0") if given is not None else 0

    def _is_part(self, asked: Asked) -> bool:
        return self.name != "google-workspace" or asked.path.endswith("admin")

    def _office365(self, asked: Asked) -> Reply:
        if asked.path.startswith("/blob"):
            return Reply(json.dumps([record(self.name, int(asked.path[-1]))]).encode())
        at = int(asked.params.get("nextPage", 0))
        some = [{"contentUri": f"/blob{at}", "contentType": "Audit.General"}]
        if at > 1 or asked.params.get("contentType", "Audit.General") != "Audit.General":
            return Reply(b"[]")
        return Reply(json.dumps(some).encode(), headers={} if at else {"NextPageUri": "/list?nextPage=1"})


def secret_of(name: str) -> str:
    if name != "google-workspace":
        return SECRET
    key = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return json.dumps({"client_email": "robot@acme", "private_key": key.decode()})


@pytest.fixture(params=connector_names())
def service(request: pytest.FixtureRequest) -> Iterator[tuple[Service, str]]:
    service = Service(request.param)
    with serving(service) as url:
        yield service, url


def test_a_service_is_collected_to_the_store(service: tuple[Service, str], tmp_path: Path) -> None:
    made, url = service
    where = f"{url}/{{part}}" if made.name == "google-workspace" else f"{url}/list"
    auth = RestAuth(token_url=f"{url}/token")
    source = RestSource(name="s", like=made.name, url=where, account="acme", client="me", auth=auth)
    assert list(source_problems((source,))) == []
    secret = secret_of(made.name)
    with open_store(tmp_path / "trails.db") as store:
        for times in range(2):
            (result,) = collect([source], store, lambda _: None, Stop(), lambda _: secret).sources
            assert result.error is None, str(result.error)
            assert result.appended.stored == (0 if times else 2) and result.set_aside == 0
        events = [json.loads(line) for line in lines_in(store)]
        kept = b"".join(str(row).encode() for row in store.db.execute("SELECT * FROM places"))
    assert len(events) == 2 and all(event["createdAt"][:19] == ISO[:19] for event in events)
    assert secret.encode() not in kept and all(
        secret not in asked.path + str(asked.params) for asked in made.asked
    )


def test_auth0_is_asked_for_its_oldest_log_first(tmp_path: Path) -> None:
    made = Service("auth0")
    with serving(made) as url, open_store(tmp_path / "trails.db") as store:
        source = RestSource(
            name="s", like="auth0", url=f"{url}/list", client="me", auth=RestAuth(token_url=f"{url}/token")
        )
        collect([source], store, lambda _: None, Stop(), lambda _: SECRET)
    first, then, *_ = (asked.params for asked in made.asked if asked.path == "/list")
    assert "from" not in first and first["sort"] == "date:1" and first["per_page"] == "100"
    assert then["from"] == "n0" and then["take"] == "100"


def test_what_a_connector_asks_for_is_told() -> None:
    for connector in connectors():
        needed = {key for key in ("host", "account", "client") if getattr(connector.asks, key)}
        told = [problem.source_field for problem in source_problems((RestSource(name="s", like=connector.id),))]
        assert bool(told) == bool(needed) and set(told) <= needed, connector.id


def test_addresses_are_filled_in() -> None:
    source = completed(RestSource(name="s", like="keycloak", host="sso.example.com", account="a/b", client="c"))
    assert source.url == "https://sso.example.com/admin/realms/a%2Fb/admin-events"
    assert source.auth.token_url == "https://sso.example.com/realms/a%2Fb/protocol/openid-connect/token"


def test_what_a_source_says_counts_before_its_connector() -> None:
    source = completed(RestSource(name="s", like="github", account="a", fields={"actor": "who"}))
    assert source.fields["actor"] == "who" and source.fields["id"] == "_document_id"
    assert source.url == "https://api.github.com/orgs/a/audit-log"


def test_a_host_that_is_not_said_is_that_of_the_address() -> None:
    """Of a service at an address of its own, the token is asked for there and not somewhere else."""
    own = "https://audit.example.com:8443/auth0/logs?since=1"
    source = completed(RestSource(name="s", like="auth0", url=own, client="c"))
    assert source.url == own
    assert source.auth.token_url == "https://audit.example.com:8443/oauth/token"
    assert source.auth.audience == "https://audit.example.com:8443/api/v2/"
