"""The certificates of a time stamp are put in the order of their bytes, and nothing else is changed."""

import pytest

from desktop_app.evidence.der import with_certificates_in_order

SEQUENCE, CERTIFICATES, CONTENT = 0x30, 0xA0, 0xA0


def element(tag: int, *parts: bytes, bytes_of_length: int = 0) -> bytes:
    """An element of DER; its length takes so many bytes after the first, as few as can be if 0."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80 and not bytes_of_length:
        return bytes([tag, size]) + content
    count = bytes_of_length or (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, "big") + content


def answer(*certificates: bytes, status: bytes = b"\x02\x01\x00", bytes_of_length: int = 0) -> bytes:
    """A TimeStampResp whose token has these certificates, between what else a token has."""
    signed = element(
        SEQUENCE,
        element(0x02, b"\x03"),
        element(0x31, element(SEQUENCE, b"\x06\x01\x01")),
        element(SEQUENCE, element(0x06, b"\x2a"), element(0xA0, element(0x04, b"x" * 200))),
        element(CERTIFICATES, *certificates, bytes_of_length=bytes_of_length) if certificates else b"",
        element(0x31, element(SEQUENCE, element(0xA0, b"\x02", b"\x01"))),
    )
    token = element(SEQUENCE, element(0x06, b"\x2a\x86"), element(CONTENT, signed))
    return element(SEQUENCE, element(SEQUENCE, status), token)


SHORT, LONG, LONGER = (element(SEQUENCE, bytes([n]) * size) for n, size in ((9, 5), (5, 300), (1, 70_000)))


@pytest.mark.parametrize(
    "given",
    [
        [],
        [SHORT],
        [SHORT, LONG],
        [LONG, SHORT],
        [LONGER, LONG, SHORT],
        [SHORT, LONGER, LONG, element(SEQUENCE, b"\x01")],
        [element(SEQUENCE, b"\x02" * 127), element(SEQUENCE, b"\x01" * 128), element(SEQUENCE, b"\x03" * 255)],
        [element(SEQUENCE, b"\x02" * 256), element(SEQUENCE)],
    ],
)
def test_certificates_are_put_in_order(given: list[bytes]) -> None:
    assert with_certificates_in_order(answer(*given)) == answer(*sorted(given))


@pytest.mark.parametrize("bytes_of_length", [1, 2, 3, 4])
def test_lengths_of_up_to_four_bytes_are_read(bytes_of_length: int) -> None:
    one, other = element(SEQUENCE, b"b", bytes_of_length=bytes_of_length), element(SEQUENCE, b"a")
    given = answer(one, other, bytes_of_length=bytes_of_length)
    assert with_certificates_in_order(given) == answer(*sorted([one, other]), bytes_of_length=bytes_of_length)


def test_an_answer_without_a_token_stays_as_it_is() -> None:
    refused = element(SEQUENCE, element(SEQUENCE, b"\x02\x01\x02"))
    assert with_certificates_in_order(refused) == refused


def test_what_is_around_the_token_stays_as_it_is() -> None:
    status = b"\x02\x01\x01" + element(SEQUENCE, element(0x0C, b"with a remark"))
    given = answer(LONG, SHORT, status=status) + b"and more"
    assert with_certificates_in_order(given) == answer(SHORT, LONG, status=status) + b"and more"


@pytest.mark.parametrize("count", [0, 5, 0x7F])
def test_a_length_that_no_certificate_has_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="too long, or of no length"):
        with_certificates_in_order(bytes([SEQUENCE, 0x80 | count]) + b"\x00" * 200)


@pytest.mark.parametrize("left", [0, 1, 2, 3, 20, 250, 600])
def test_what_ends_too_early_is_refused(left: int) -> None:
    whole = answer(LONG, LONG)
    assert len(whole) > 800
    with pytest.raises(ValueError, match="ends too early"):
        with_certificates_in_order(whole[:left])
