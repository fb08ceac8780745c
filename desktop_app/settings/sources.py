"""The list of sources, changed by name."""

from msgspec import structs

from desktop_app.did_you_mean import did_you_mean
from desktop_app.errors import BadSetting
from desktop_app.settings.model import Settings, SourceSettings
from desktop_app.settings.validation import source_problems
from desktop_app.wording import Said


def find_source(settings: Settings, name: str) -> SourceSettings:
    """The source called `name`. Raises BadSetting where there is none."""
    for source in settings.sources:
        if source.name == name:
            return source
    meant = did_you_mean(name, (source.name for source in settings.sources))
    raise BadSetting(
        Said("There is no source {name}.", name=name),
        meant or Said("See the sources:"),
        command="" if meant else "audit-trails-export source list",
        field="sources",
    )


def add_source(settings: Settings, source: SourceSettings) -> Settings:
    """`settings` with one source more."""
    return structs.replace(settings, sources=(*settings.sources, source))


def replace_source(settings: Settings, source: SourceSettings) -> Settings:
    """`settings` with `source` in place of the one of the same name: by it, files are known to have been read.

    Raises BadSetting where there is none.
    """
    before = find_source(settings, source.name)
    return structs.replace(
        settings, sources=tuple(source if each is before else each for each in settings.sources)
    )


def remove_source(settings: Settings, name: str) -> Settings:
    """`settings` without the source called `name`. Raises BadSetting where there is none."""
    gone = find_source(settings, name)
    return structs.replace(settings, sources=tuple(each for each in settings.sources if each is not gone))


def problems_of(settings: Settings, source: SourceSettings) -> list[BadSetting]:
    """What can't be right in one of the sources; the fields are its own, as in `path`."""
    return [
        BadSetting(problem.message, problem.hint, field=problem.source_field)
        for problem in source_problems(settings.sources)
        if problem.source is source
    ]
