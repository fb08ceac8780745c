"""Whether the translations are whole, and compiled from what they are compiled from."""

import re
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtCore import QLocale

from tests.translations.__main__ import (
    LANGUAGES,
    SPOKEN,
    compile_translation,
    qm_file,
    ts_file,
    update,
)
from tests.translations.texts import ROOT, texts


def messages(file: Path) -> Iterator[tuple[str, str, list[str], bool]]:
    """Context, source, translations (several for a plural) and whether it is finished."""
    for context in ET.parse(file).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            yield (
                context.findtext("name", ""),
                message.findtext("source", ""),
                forms,
                translation.get("type") is None,
            )


def placeholders(text: str) -> Counter[str]:
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return Counter([*names, *re.findall("%L?n", text)])


@pytest.mark.parametrize("language", SPOKEN)
def test_every_text_of_the_program_is_translated(language: str, tmp_path: Path) -> None:
    """Update a copy as `dev.py translations` does: it must be as it is in the checkout, and without a gap."""
    copy = tmp_path / ts_file(language).name
    copy.write_bytes(ts_file(language).read_bytes())
    update(language, copy)
    assert list(messages(copy)) == list(messages(ts_file(language))), "run: python3 dev.py translations"
    assert [source for _, source, forms, done in messages(copy) if not done or not all(forms)] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_what_qt_reads_is_up_to_date(language: str, tmp_path: Path) -> None:
    compiled = tmp_path / "now.qm"
    compile_translation(language, compiled)
    assert compiled.read_bytes() == qm_file(language).read_bytes(), "run: python3 dev.py translations"


@pytest.mark.parametrize("language", SPOKEN)
def test_placeholders_are_those_of_the_source(language: str) -> None:
    wrong = [
        (source, form)
        for _, source, forms, _ in messages(ts_file(language))
        for form in forms
        if set(placeholders(form)) != set(placeholders(source))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_for_alt_is_kept_and_stands_once(language: str) -> None:
    wrong = [
        (source, form)
        for _, source, forms, _ in messages(ts_file(language))
        for form in forms
        if len(re.findall("&[^&]", form)) != len(re.findall("&[^&]", source))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_spoken_by_packages_too(language: str) -> None:
    """Qt's own texts and rules of sorting come along, and the menu and the installer know it."""
    installer = ROOT / "resources" / "installer"
    bundle = tomllib.loads((installer / "bundle.toml").read_text(encoding="utf-8"))
    assert f"qtbase_{language}.qm" in bundle["qt"]["translations"]
    assert language in bundle["linux"]["icu_languages"]
    entry = (installer / "linux" / "audit-trails.desktop").read_text(encoding="utf-8")
    assert entry.count(f"[{language}]=") == len(re.findall("^(?:Generic)?Name=|^Comment=|^Keywords=", entry, re.M))
    about = (installer / "linux" / "audit-trails.metainfo.xml").read_text(encoding="utf-8")
    assert about.count(f'xml:lang="{language}"') == about.count(f'xml:lang="{LANGUAGES[0]}"')
    name = QLocale.languageToString(QLocale(language).language())
    assert f'MUI_LANGUAGE "{name}"' in (installer / "windows" / "installer.nsi").read_text(encoding="utf-8")
    assert f"${{LANG_{name.upper()}}}" in (installer / "windows" / "texts.nsh").read_text(encoding="utf-8")


def test_texts_are_found_in_code_and_data() -> None:
    found = {(text.context, text.source) for text in texts()}
    assert ("Said", "There is no server called {host}.") in found
    assert ("Said", "Who did it.") in found  # resources/event_keys.toml
    assert ("MainWindow", "&Sources") in found
