"""How a secret is shown to a service: in a header, or for a token that is fetched and renewed."""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from desktop_app.errors import BadSetting
from desktop_app.settings.rest_source import RestAuth, RestSource
from desktop_app.sources.kind import Secret
from desktop_app.sources.rest.connection import Answer, Request
from desktop_app.sources.rest.errors import NotAccepted, ServiceUnreachable
from desktop_app.wording import Said

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_JWT_SECONDS = 3600
_USUAL_SECONDS = 3600  # what a token lives of which that is not said

Ask = Callable[[Request], Answer]


class Authentication(Protocol):
    """What a request needs to be answered."""

    def headers(self) -> Mapping[str, str]:
        """The headers of the next request. Raises UserError."""

    def renew(self) -> bool:
        """Have a new token with the next request; False where there is none to be had."""


class _Fixed:
    """The secret itself."""

    def __init__(self, headers: Callable[[], Mapping[str, str]]) -> None:
        self._headers = headers

    def headers(self) -> Mapping[str, str]:
        return self._headers()

    def renew(self) -> bool:
        return False


class _Token(Struct):
    """What a token service answers (RFC 6749, section 5.1)."""

    access_token: str
    expires_in: float | str = _USUAL_SECONDS


class _Fetched:
    """A token, which is fetched anew when half of its life is over."""

    def __init__(self, ask: Ask, request: Callable[[], Request], clock: Callable[[], float]) -> None:
        self._ask, self._request, self._clock = ask, request, clock
        self._token, self._until = "", 0.0

    def headers(self) -> Mapping[str, str]:
        if not self._token or self._clock() >= self._until:
            self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        self._token = ""
        return True

    def _fetch(self) -> None:
        began = self._clock()
        request = self._request()
        answer = self._ask(request)
        where = request.url.partition("://")[2].partition("/")[0]
        if answer.status in (429, *range(500, 600)):
            raise ServiceUnreachable(
                Said("{host} gives no token just now ({status}).", host=where, status=answer.status),
                Said("The next run tries again."),
            )
        try:
            token = msgspec.json.decode(answer.body, type=_Token)
            lives = float(token.expires_in)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
            raise NotAccepted(
                Said("{host} gives no token ({status}{why}).", host=where, status=answer.status, why=_why(answer)),
                Said("Check client and secret, and that the client is enabled there."),
            ) from None
        self._token, self._until = token.access_token, began + lives / 2


def authentication(
    source: RestSource, secret: Callable[[], str], ask: Ask, clock: Callable[[], float] = time.monotonic
) -> Authentication:
    """What the settings ask for. `ask` is how the token's service is asked."""
    auth = source.auth
    match auth.type:
        case "header":
            return _Fixed(lambda: {auth.header: auth.prefix + secret()})
        case "bearer":
            return _Fixed(lambda: {"Authorization": f"Bearer {secret()}"})
        case "basic":
            return _Fixed(lambda: {"Authorization": f"Basic {_base64(f'{source.client}:{secret()}')}"})
        case "oauth2":
            return _Fetched(ask, lambda: _client_credentials(auth, source.client, secret()), clock)
        case "google":
            return _Fetched(ask, lambda: _service_account(auth, source.client, secret()), clock)
    return _Fixed(dict)


def required(secret: Secret, missing: Callable[[], BadSetting]) -> Callable[[], str]:
    """The secret, which is looked up once. The function raises BadSetting where there is none."""
    found: list[str] = []

    def get() -> str:
        if not found:
            value = secret()
            if not value:
                raise missing()
            found.append(value)
        return found[0]

    return get


def _client_credentials(auth: RestAuth, client: str, secret: str) -> Request:
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    form |= {key: value for key in ("scope", "audience") if (value := getattr(auth, key))}
    return Request(auth.token_url, "POST", _FORM, urlencode(form).encode())


def _service_account(auth: RestAuth, user: str, key: str) -> Request:
    """Asks for a token by a JWT that the service account signs (RFC 7523). Raises BadSetting."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        account: dict[str, Any] = msgspec.json.decode(key, type=dict[str, Any])
        private = load_pem_private_key(account["private_key"].encode(), None)
        issuer = account["client_email"]
    except Exception:  # whatever is wrong with it, it is secret
        private, issuer = None, ""
    if not isinstance(private, RSAPrivateKey):
        raise BadSetting(
            Said("The secret is not the JSON key of a service account."),
            Said("Paste all that is in the file that the service made, on one line."),
            field="secret",
        )
    now = int(time.time())
    claims = {"iss": issuer, "scope": auth.scope, "aud": auth.token_url, "iat": now, "exp": now + _JWT_SECONDS}
    if user:
        claims["sub"] = user
    signed = ".".join(_url_base64(msgspec.json.encode(each)) for each in ({"alg": "RS256", "typ": "JWT"}, claims))
    signature = _url_base64(private.sign(signed.encode(), PKCS1v15(), SHA256()))
    form = {"grant_type": _JWT_GRANT, "assertion": f"{signed}.{signature}"}
    return Request(auth.token_url, "POST", _FORM, urlencode(form).encode())


def _why(answer: Answer) -> str:
    """The error of RFC 6749, section 5.2, which is one word."""
    try:
        error = msgspec.json.decode(answer.body, type=dict[str, Any]).get("error")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return f", {error[:60]}" if isinstance(error, str) else ""


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _url_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
