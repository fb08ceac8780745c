"""The one thing about DER (X.690) that time stamps need beyond a library.

In a set, DER wants the elements in the order of their bytes. Many services write the certificates of a token in
another order, which `rfc3161-client` refuses. They are not part of what is signed: their order may be set right.
"""

from collections.abc import Iterator

from msgspec import Struct

_CERTIFICATES = 0xA0  # [0] of SignedData (RFC 5652, section 5.1)


class _Element(Struct, frozen=True):
    """Where an element and its content are."""

    tag: int
    start: int
    content: int
    end: int


def with_certificates_in_order(answer: bytes) -> bytes:
    """A TimeStampResp whose token has its certificates as DER wants them. Raises ValueError for what is none."""
    response = _element(answer, 0)
    status = _element(answer, response.content)
    if status.end >= response.end:  # no token: the service refused
        return answer
    token = _element(answer, status.end)
    tagged = _element(answer, _element(answer, token.content).end)
    signed_data = _element(answer, tagged.content)
    for part in _elements(answer, signed_data):
        if part.tag == _CERTIFICATES:
            certificates = sorted(answer[each.start : each.end] for each in _elements(answer, part))
            return answer[: part.content] + b"".join(certificates) + answer[part.end :]
    return answer


def _elements(data: bytes, parent: _Element) -> Iterator[_Element]:
    at = parent.content
    while at < parent.end:
        element = _element(data, at)
        yield element
        at = element.end


def _element(data: bytes, at: int) -> _Element:
    """The element that begins at a position. Raises ValueError."""
    if at + 2 > len(data):
        raise ValueError("it ends too early")
    size, content = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 0 < count <= 4:
            raise ValueError("an element is too long, or of no length that is known")
        size = int.from_bytes(data[content : content + count], "big")
        content += count
    if content + size > len(data):
        raise ValueError("it ends too early")
    return _Element(data[at], at, content, content + size)
