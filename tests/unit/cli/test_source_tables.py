"""A service that is not known is described on the command line, as in `config.toml`."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.main import program
from desktop_app.settings.effective import load_settings
from desktop_app.settings.field_values import shown_value
from desktop_app.settings.paths import find_paths
from desktop_app.settings.rest_source import RestLimits, RestSource, RestWindow
from desktop_app.settings.source_kinds import entry_of
from desktop_app.settings.validation import source_problems
from tests.http_service import Asked, Reply, serving

AGO = (datetime.now(UTC) - timedelta(hours=3)).isoformat()


class Service:
    """Two pages, by a cursor, for who has the key in a header of the service's own."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if asked.headers.get("X-Api-Key") != "key k3y":
            return Reply(b"{}", 401)
        number = int(asked.params.get("cursor", 1))
        record = {"id": str(number), "when": AGO, "what": "Open", "who": "ines"}
        return Reply(json.dumps({"data": {"rows": [record]}, "next": 2 if number == 1 else None}).encode())


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Service, str]]:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    made = Service()
    with serving(made) as url:
        yield made, url


def run(*argv: str, code: int = 0, typed: str | None = None) -> Result:
    done = CliRunner().invoke(program, ["source", *argv], input=typed, prog_name="audit-trails-export")
    assert done.exit_code == code, done.output
    return done


def source() -> RestSource:
    (only,) = load_settings(find_paths()).sources
    assert isinstance(only, RestSource)
    return only


SETTINGS = (
    "auth.type=header",
    "auth.header=X-Api-Key",
    "auth.prefix=key ",
    "request.params.limit=100",
    "request.params.sort.by=when",
    "window.from=since",
    "window.format=iso",
    "window.kept=30d",
    "pages.list=data.rows",
    "pages.next=cursor",
    "pages.path=next",
    "pages.param=cursor",
    "limits.per_minute=600",
    "limits.also=403,509",
)


def test_a_service_is_described_and_previewed(service: tuple[Service, str]) -> None:
    made, url = service
    fields = ["createdAt=when", "entityType==Door", "entityName=who", "actionType=what"]
    given = [*(f"--set={each}" for each in SETTINGS), *(f"--field={each}" for each in fields)]
    run("add", "doors", "--kind", "rest", "--url", f"{url}/log", *given)
    found = source()
    assert (found.auth.prefix, found.pages.list, found.window.from_) == ("key ", "data.rows", "since")
    assert found.limits.per_minute == 600 and found.limits.also == (403, 509)
    run("secret", "doors", typed="k3y\n")
    shown = json.loads(run("preview", "doors", "--json").stdout)
    assert [each["id"] for each in shown["events"]] == ["1", "2"] and not shown["set_aside"]
    params = [each.params for each in made.asked[-2:]]
    assert all((each["limit"], each["sort.by"]) == ("100", "when") for each in params) and "since" in params[0]


def test_a_table_is_changed(service: tuple[Service, str]) -> None:
    _, url = service
    given = [f"--set={each}" for each in SETTINGS]
    run("add", "doors", "--kind", "rest", "--url", f"{url}/log", *given)
    changes = ("pages.size=50", "auth.prefix=", 'request.body.of.n={"a": 1}')
    run("change", "doors", *(f"--set={each}" for each in changes))
    found = source()
    assert (found.pages.size, found.auth.prefix, found.request.body) == (50, "", {"of": {"n": {"a": 1}}})
    assert found.auth.header == "X-Api-Key"


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("auth", "TABLE.KEY=VALUE"),
        ("paegs.list=a", "Did you mean pages?"),
        ("pages.lsit=a", "unknown field `lsit`"),
        ("pages.size=many", "Expected `int`"),
        ("auth.type=magic", "Invalid enum value 'magic'"),
    ],
)
def test_what_can_not_be_is_told(service: tuple[Service, str], setting: str, told: str) -> None:
    refused = run("add", "doors", "--kind", "rest", "--url", service[1], "--set", setting, code=2)
    assert told in refused.output
    assert load_settings(find_paths()).sources == ()


def test_every_key_of_the_form_can_be_set(service: tuple[Service, str]) -> None:
    """And is shown there as it was set."""
    values = {"flag": "true", "number": "7", "numbers": "403, 509", "pairs": "", "text": "7d", "exact": "7d "}
    rows = [row for row in entry_of("rest").tables if row.key != "url"]
    texts = {row.key: row.values[-1][0] if row.type == "one" else values[row.type] for row in rows}
    given = [f"--set={key}={text}" for key, text in texts.items() if text]
    client = ["--client", "me", "--set=auth.token_url=https://localhost/token", "--field", "id=id"]
    run("add", "doors", "--kind", "rest", "--url", service[1], *given, *client)
    shown = {row.key: shown_value(source(), row) for row in rows}
    assert shown == {**texts, "pages.alone": True, "pages.list_may_lack": True} | {
        "auth.token_url": "https://localhost/token"
    }


@pytest.mark.parametrize(
    ("also", "wrong"), [((403, 509), []), ((403, 200), ["limits.also"]), ((0,), ["limits.also"])]
)
def test_a_status_that_is_none_of_waiting_is_told(also: tuple[int, ...], wrong: list[str]) -> None:
    made = RestSource(
        name="s", url="https://localhost", window=RestWindow(from_="since"), limits=RestLimits(also=also)
    )
    assert [problem.source_field for problem in source_problems((made,))] == wrong


def test_other_kinds_have_no_tables(service: tuple[Service, str], tmp_path: Path) -> None:
    assert "kind rest" in run("add", "hr", "--path", str(tmp_path), "--set", "auth.type=basic", code=2).output
