"""Tokens of services on the web: how they are asked for, and when they are fetched anew."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from desktop_app.errors import BadSetting
from desktop_app.settings.rest_source import RestAuth, RestSource
from desktop_app.sources.rest.authentication import Authentication, authentication
from desktop_app.sources.rest.connection import Connection
from desktop_app.sources.rest.errors import NotAccepted, ServiceUnreachable
from desktop_app.stop import Stop
from tests.http_service import Asked, Reply, serving

SCOPE = "https://www.googleapis.com/auth/admin.reports.audit.readonly"
KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
ACCOUNT = json.dumps({"type": "service_account", "client_email": "robot@acme.iam", "private_key": PEM})


class TokenService:
    """Gives `t1`, `t2` … for a JWT that the service account has signed (RFC 7523), or for a client's secret."""

    def __init__(self) -> None:
        self.url, self.given, self.lives = "", 0, 3600
        self.claims: list[dict[str, object]] = []
        self.refuses: Reply | None = None

    def __call__(self, asked: Asked) -> Reply:
        form = {key: values[0] for key, values in parse_qs(asked.body.decode()).items()}
        if self.refuses:
            return self.refuses
        if form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            signed, _, signature = form["assertion"].rpartition(".")
            try:
                KEY.public_key().verify(decoded(signature), signed.encode(), PKCS1v15(), SHA256())
            except InvalidSignature:
                return Reply(b'{"error": "invalid_grant"}', status=400)
            head, claims = (json.loads(decoded(part)) for part in signed.split("."))
            assert head == {"alg": "RS256", "typ": "JWT"}
            self.claims.append(claims)
        self.given += 1
        return Reply(json.dumps({"access_token": f"t{self.given}", "expires_in": self.lives}).encode())


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def service() -> Iterator[TokenService]:
    made = TokenService()
    with serving(made) as url:
        made.url = url + "/token"
        yield made


class Clock:
    """Seconds that pass when a test says so."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def asking(service: TokenService, secret: str, clock: Clock, kind: str = "google") -> Iterator[Authentication]:
    auth = RestAuth(type=kind, token_url=service.url, scope=SCOPE)  # type: ignore[arg-type]
    source = RestSource(name="s", client="admin@acme.example", auth=auth)
    with Connection() as connection:
        yield authentication(source, lambda: secret, lambda request: connection.ask(request, Stop()), clock)


def test_a_service_account_signs_what_it_asks_for(service: TokenService) -> None:
    with asking(service, ACCOUNT, Clock()) as found:
        assert found.headers() == {"Authorization": "Bearer t1"}
    (claims,) = service.claims
    assert claims["iss"] == "robot@acme.iam" and claims["sub"] == "admin@acme.example"
    assert claims["scope"] == SCOPE and claims["aud"] == service.url
    issued, ends = claims["iat"], claims["exp"]
    assert isinstance(issued, int) and abs(issued - time.time()) < 60 and ends == issued + 3600


def test_another_key_is_refused_and_shown_nowhere(service: TokenService) -> None:
    other = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    account = json.dumps(json.loads(ACCOUNT) | {"private_key": other.decode()})
    with asking(service, account, Clock()) as found, pytest.raises(NotAccepted, match="invalid_grant") as refused:
        found.headers()
    assert "PRIVATE" not in str(refused.value) and service.given == 0


@pytest.mark.parametrize("secret", ["", "{}", "not JSON", '{"private_key": "x", "client_email": "y"}', "[1]"])
def test_what_is_no_key_of_a_service_account(secret: str, service: TokenService) -> None:
    with asking(service, secret, Clock()) as found, pytest.raises(BadSetting) as wrong:
        found.headers()
    assert wrong.value.field == "secret" and "private_key" not in str(wrong.value)


@pytest.mark.parametrize(("kind", "secret"), [("google", ACCOUNT), ("oauth2", "s3cret")])
def test_a_token_is_fetched_anew_when_half_its_life_is_over(kind: str, secret: str, service: TokenService) -> None:
    clock = Clock()
    with asking(service, secret, clock, kind) as found:
        for seconds, token in [(0, "t1"), (1799, "t1"), (1, "t2"), (1799, "t2"), (1, "t3")]:
            clock.seconds += seconds
            assert found.headers() == {"Authorization": f"Bearer {token}"}
        assert found.renew() and found.headers() == {"Authorization": "Bearer t4"}


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=429), ServiceUnreachable),
        (Reply(status=503), ServiceUnreachable),
        (Reply(b'{"error": "invalid_client"}', status=401), NotAccepted),
        (Reply(b"<html>", status=200), NotAccepted),
        (Reply(b'{"access_token": "t", "expires_in": "soon"}'), NotAccepted),
    ],
)
def test_no_token(reply: Reply, error: type[Exception], service: TokenService) -> None:
    service.refuses = reply
    with asking(service, "s3cret", Clock(), "oauth2") as found, pytest.raises(error) as told:
        found.headers()
    assert "s3cret" not in str(told.value)
