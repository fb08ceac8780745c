"""The documentation of the services is what the connectors say."""

from tests.service_pages import FOLDER, pages


def test_each_page_is_as_its_connector_says() -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md")}
    assert written == pages(), "run: python -m tests.service_pages"
