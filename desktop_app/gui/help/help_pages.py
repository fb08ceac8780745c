"""The pages of the help: Markdown in `docs/help/<language>`, as documents in the colours of the program."""

import re
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QGuiApplication,
    QImage,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
)

from desktop_app.gui.widgets.theme import AROUND, BETWEEN, GROUPS, INSIDE, color, font_scale, is_dark
from desktop_app.resources import help_path

# In the order in which they are listed.
PAGES = ("start", "sources", "evidence", "fleets", "problems", "keyboard")
_HEADING_SIZES = {1: 1.6, 2: 1.2, 3: 1.0}
_PICTURE_WIDTH = 600
_PICTURES = re.compile(r"!\[[^\]]*\]\(([\w-]+)\.png\)")


def title_of(language: str, page: str) -> str:
    """The heading of a page, which is its name in the list."""
    return help_path(language, f"{page}.md").read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def document_of(language: str, page: str, parent: QObject) -> QTextDocument:
    """A page of the help, dressed in the colours of now."""
    file = help_path(language, f"{page}.md")
    text = file.read_text(encoding="utf-8")
    document = QTextDocument(parent)
    document.setDocumentMargin(GROUPS)
    document.setMarkdown(text)
    for name in _PICTURES.findall(text):
        picture = _scaled(QImage(str(_picture(file.parent, name))))
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"{name}.png"), picture)
    _dress(document)
    return document


def _picture(folder: Path, name: str) -> Path:
    dark = folder / f"{name}-dark.png"
    return dark if is_dark() and dark.exists() else folder / f"{name}.png"


def _scaled(picture: QImage) -> QImage:
    """As many pixels as are shown: the document's own scaling is coarse."""
    scaled = picture.scaledToWidth(
        round(_PICTURE_WIDTH * QGuiApplication.instance().devicePixelRatio()),  # type: ignore[union-attr]
        Qt.TransformationMode.SmoothTransformation,
    )
    scaled.setDevicePixelRatio(scaled.width() / _PICTURE_WIDTH)
    return scaled


def _dress(document: QTextDocument) -> None:
    block = document.begin()
    while block.isValid():
        _dress_block(block)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame)


def _dress_block(block: QTextBlock) -> None:
    form, level = block.blockFormat(), block.blockFormat().headingLevel()
    is_code = form.hasProperty(QTextFormat.Property.BlockCodeFence)
    if not is_code:  # whose lines are blocks of their own: the ground would have gaps
        form.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if level:
        form.setTopMargin(0 if level == 1 else GROUPS)
        form.setBottomMargin(BETWEEN)
    elif is_code:
        form.setBackground(color("surface"))
        form.setTopMargin(BETWEEN if not _is_code(block.previous()) else 0)
        form.setBottomMargin(AROUND if not _is_code(block.next()) else 0)
    elif not QTextCursor(block).currentTable():
        form.setBottomMargin(INSIDE if block.textList() else 12)
    cursor = QTextCursor(block)
    cursor.setBlockFormat(form)
    for start, length, look in _fragments(block):
        if look.isImageFormat():
            _fit(picture := look.toImageFormat())
            look = picture
        elif level:
            look.setFontPointSize(font_scale(_HEADING_SIZES[level]))
            look.setFontWeight(QFont.Weight.DemiBold)
        elif is_code or look.fontFixedPitch():
            look.setFontFamilies([QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()])
            if not is_code:
                look.setBackground(color("surface"))
        elif look.fontItalic():  # the name of something in the window
            look.setFontItalic(False)
            look.setFontWeight(QFont.Weight.DemiBold)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(look)


def _fragments(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """Where each stretch of one look begins, how many characters it has, and that look."""
    found, each = [], block.begin()
    while not each.atEnd():
        fragment = each.fragment()
        found.append((fragment.position(), fragment.length(), fragment.charFormat()))
        each += 1
    return found


def _is_code(block: QTextBlock) -> bool:
    return block.isValid() and block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def _fit(picture: QTextImageFormat) -> None:
    picture.setWidth(_PICTURE_WIDTH)
    picture.setMaximumWidth(QTextLength(QTextLength.Type.PercentageLength, 100))


def _dress_table(table: QTextTable) -> None:
    form = table.format()
    form.setBorder(1)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderBrush(color("line"))
    form.setBorderCollapse(True)
    form.setCellPadding(6)
    form.setTopMargin(BETWEEN)
    form.setBottomMargin(AROUND)
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(form)
