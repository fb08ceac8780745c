"""What a server says, as it may be shown: whoever is there must not control the terminal."""


def printable(said: bytes, longest: int = 200) -> str:
    """UTF-8 text, with a dot for what can't be printed."""
    return "".join(
        character if character.isprintable() else "." for character in said.decode(errors="replace").strip()
    )[:longest]
