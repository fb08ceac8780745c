"""Settings for property tests: every one of them can be right."""

from datetime import time
from typing import get_args

from hypothesis import strategies as st

from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.settings.kinds import kind_of
from desktop_app.settings.model import (
    CefSettings,
    EvidenceSettings,
    ExportSettings,
    FieldRule,
    FolderSource,
    NotifySettings,
    ScheduleSettings,
    ServerSettings,
    Settings,
    StoreSettings,
)

texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
filled_texts = texts.filter(str.strip)
_lists = {
    name: st.lists(st.sampled_from(all_names(name)), min_size=1, unique=True).map(tuple) for name in LIST_NAMES
}
_rules = st.one_of(
    st.builds(lambda text: FieldRule(const=text), filled_texts),
    st.builds(lambda text: FieldRule(text=text), filled_texts),
    st.builds(lambda path: FieldRule(pairs=path, key="name", value="old"), filled_texts),
    st.builds(lambda path, word: FieldRule(path=path, words={word: "Low"}), filled_texts, texts),
    st.builds(lambda path, most: FieldRule(path=path, most=most), filled_texts, st.integers(1, 1000)),
)
_places = texts | _rules
_key_paths = _places | st.lists(_places, max_size=3).map(tuple)


def _sources(names: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[FolderSource, ...]]:
    source = st.builds(
        FolderSource,
        name=names,
        path=filled_texts,
        pattern=st.sampled_from(["**/*.json*", "*.log", "2026/[0-9]*/**/*.gz"]),
        records=texts,
        time=st.sampled_from(["", "iso", "epoch-us", "text:%d/%m/%Y %H:%M"]),
        zone=st.sampled_from(["", "UTC", "Europe/Berlin"]),
        split=texts,
        fields=st.dictionaries(texts, _key_paths, max_size=3),
    )
    return st.lists(source, max_size=3, unique_by=lambda source: source.name).map(tuple)


valid_settings = st.builds(
    Settings,
    enabled=st.booleans(),
    export=st.builds(
        ExportSettings,
        format=st.sampled_from(get_args(kind_of("export.format"))),
        instance=st.from_regex(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?", fullmatch=True),
        timezone=st.sampled_from(["local", "UTC", "Europe/Berlin"]),
    ),
    server=st.builds(
        ServerSettings,
        host=st.sampled_from(["", "sftp.example.com", "sftp.example.com:2222", "[2001:db8::1]:2222"]),
        user=texts,
        path=texts,
        **_lists,
    ),
    cef=st.builds(
        CefSettings,
        version=st.sampled_from(get_args(kind_of("cef.version"))),
        device_vendor=filled_texts,
        device_product=filled_texts,
    ),
    schedule=st.builds(
        ScheduleSettings,
        at=st.times().map(lambda at: time.strftime(at, "%H:%M")),
        spread=st.integers(0, 1440).map("{}m".format),
    ),
    evidence=st.builds(EvidenceSettings, timestamp_url=st.sampled_from(["", "http://time.example.com/tsa"])),
    store=st.builds(StoreSettings, keep_days=st.integers(0, 36_500)),
    notify=st.builds(
        NotifySettings, weekly=st.booleans(), ping_url=st.sampled_from(["", "https://monitor.example.com/ping/1"])
    ),
    sources=_sources(st.sampled_from(["aws", "crm", "vpn"]) | filled_texts),
)
