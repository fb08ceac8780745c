"""What archives are called."""


def archive_stem(instance: str, day: str, number: int) -> str:
    """The name of an archive without its ending; the first of a day bears no number. `day` is an ISO date."""
    return f"audit-trails-{instance}-{day}" + (f"-{number}" if number > 1 else "")
