"""Whether a task's definition is what the Windows Task Scheduler takes: well-formed, and after our own schema."""

from functools import cache
from pathlib import Path

from lxml import etree


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("task.xsd")))


def faults(content: bytes) -> list[str]:
    """What is wrong with the file; nothing where it is right. A bare `&` or an unclosed element is one as well."""
    try:
        document = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [str(error)]
    schema = _schema()
    schema.validate(document)
    return [str(entry.message) for entry in schema.error_log]
