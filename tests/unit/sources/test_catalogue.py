"""The catalogue of all that can be collected from."""

import sys

import pytest

from desktop_app.settings.rest_source import RestSource
from desktop_app.settings.source_kinds import source_kinds
from desktop_app.sources.catalogue import Offer, fields_of, guide_of, keeps_days, offers, secret_of
from desktop_app.sources.connectors import connector_called, connectors


def offered(like: str) -> Offer:
    return next(offer for offer in offers() if getattr(offer.source, "like", None) == like)


def test_every_kind_and_every_service_is_offered_once() -> None:
    found = offers()
    assert [offer.where for offer in found] == sorted(
        (offer.where for offer in found), key=["computer", "server", "service"].index
    )
    services = [offer.source.like for offer in found if isinstance(offer.source, RestSource)]
    assert services == [*(each.id for each in connectors()), ""]
    kinds = {offer.source.kind for offer in found}
    assert kinds == {kind.name for kind in source_kinds() if not kind.systems or sys.platform in kind.systems}
    assert all(offer.title and offer.about for offer in found)


@pytest.mark.parametrize("like", [each.id for each in connectors()])
def test_a_service_asks_for_what_it_needs_alone(like: str) -> None:
    source, connector = offered(like).source, connector_called(like)
    assert connector
    needed = {field.key: field for field in fields_of(source) if field.needed}
    asked = [key for key in ("host", "account", "client") if getattr(connector.asks, key)]
    own = [] if connector.source.get("url") else ["url"]
    assert list(needed) == [*asked, *own]
    assert all(needed[key].help == getattr(connector.asks, key) for key in asked)
    assert all(field.more for field in fields_of(source) if not field.needed)
    guide = guide_of(source)
    assert guide and guide.create and guide.right
    secret = secret_of(source)
    assert bool(secret) == bool(connector.asks.secret)


def test_a_service_that_is_not_known_asks_for_its_address() -> None:
    source = offered("").source
    assert [field.key for field in fields_of(source) if field.needed] == ["url"]
    assert guide_of(source) is None and keeps_days(source) == 0


def test_how_long_a_service_keeps_events_is_told() -> None:
    assert keeps_days(offered("office365").source) == 7
    assert "7 days" in offered("office365").about
