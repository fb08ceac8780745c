"""The pages of the documentation on services: what a connector says, in sentences.

python -m tests.service_pages    write them all to docs/sources/
"""

from pathlib import Path

from msgspec import structs

from desktop_app.sources.connectors import Connector, connectors

FOLDER = Path(__file__).parents[1] / "docs" / "sources"
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_RESUMED = {
    "position": "By the service's own position: the next collection goes on where the last one ended.",
    "window": "By windows of time that begin before the last one ended: what comes late is found, and nothing is "
    "stored twice.",
    "keyset": "By the id of the last event that was stored.",
}
_NOTICE = "<!-- From resources/connectors: python -m tests.service_pages -->"
_TRIED = (
    "Tried with a small server that answers in the form of this service, not with the service itself: compare "
    "what is said here with its own documentation."
)


def page_of(connector: Connector) -> str:
    """The page of one service, in Markdown."""
    source, docs, asked = connector.source, connector.docs, structs.asdict(connector.asks)
    name = connector.id
    options = [f"--{field} {field.upper()}" for field in ("host", "account", "client") if asked[field]]
    if "{host}" not in source.get("url", "") and not source.get("url"):
        options.insert(0, "--url ADDRESS")
    add = " ".join(["audit-trails-export source add", name, f"--kind rest --like {name}", *options])
    filled_in = [f"- `{field.upper()}`: {what}." for field, what in asked.items() if what and field != "secret"]
    secret = [f"- The secret: {asked['secret']}."] if asked["secret"] else []
    facts = [
        f"- **Create there.** {docs['create']}",
        f"- **The right it needs.** {docs['right']}",
        f"- **How long the service keeps events.** {_kept(source.get('window', {}).get('kept', ''))}",
        f"- **How late events come.** {docs['late']}",
        f"- **What it costs.** {docs['cost']}",
        f"- **How it goes on.** {_RESUMED[source['resume']['by']]}",
    ]
    return "\n".join(
        [
            f"# {connector.name}",
            "",
            _NOTICE,
            "",
            "```",
            add,
            f"audit-trails-export source secret {name}     # from a prompt or standard input",
            f"audit-trails-export source preview {name}    # what would be collected; nothing is stored",
            "```",
            "",
            *filled_in,
            *secret,
            "",
            *facts,
            "",
            _TRIED,
            "",
        ]
    )


def index() -> str:
    """The page that leads to all of them, in Markdown."""
    rows = [f"| [{each.name}]({each.id}.md) | `--like {each.id}` | {_kept_short(each)} |" for each in connectors()]
    return "\n".join(
        [
            "# Services as sources",
            "",
            _NOTICE,
            "",
            "Services that are known, and how long each keeps its events. Any other service with an audit API in",
            "JSON can be described by the same keys in `config.toml`; `resources/connectors` has those of these.",
            "",
            "| Service | Option | Keeps events for |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def pages() -> dict[str, str]:
    """All pages by the names of their files."""
    return {"README.md": index(), **{f"{each.id}.md": page_of(each) for each in connectors()}}


def _kept(kept: str) -> str:
    if not kept:
        return "As long as it is set up to, or its plan says."
    return f"{_span(kept)}. What is older when it is asked for is lost, and told as a gap."


def _kept_short(connector: Connector) -> str:
    kept = connector.source.get("window", {}).get("kept", "")
    return _span(kept) if kept else "as it is set up, or by plan"


def _span(text: str) -> str:
    return f"{text[:-1]} {_UNITS[text[-1]]}"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
