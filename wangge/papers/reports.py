"""A report of paragraphs, tables and one drawing: the same content as PDF and as Word."""

import io
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import typst

from wangge.papers.pdf import pdf, system_fonts

WIDE_EMU, A_PIXEL = 4_320_000, 9525  # 12 cm of paper in the unit of Word, and what a pixel is
SVG_SHEET = '#set page(width: {width}pt, height: auto, margin: 0pt)\n#image("/map.svg")\n'
# A zip's own moment would make two files of one content differ.
EPOCH = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are ready to be read; the first column is text, the others stand to the right."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says; ``drawing`` is an SVG, ``foot`` stands below every page."""

    brand: str
    title: str
    subtitle: str
    paragraphs: Sequence[str]
    tables: Sequence[Table]
    drawing: str
    caption: str
    notes: Sequence[str]
    foot: str
    made_at: datetime


def report_pdf(content: Report) -> bytes:
    """Set it on A4."""
    data = asdict(content) | {"made_at": ""}
    svg = data.pop("drawing")
    data["drawn"] = bool(svg)
    images = {"map.svg": svg.encode()} if svg else {}
    return pdf("report", data, images=images, made_at=content.made_at)


def drawn_png(svg: str, *, width: int = 360) -> bytes:
    """An SVG as PNG, ``width`` points wide at 144 dots an inch."""
    with tempfile.TemporaryDirectory(prefix="wangge-drawing-") as folder:
        root = Path(folder)
        (root / "map.svg").write_text(svg, "utf-8")
        source = root / "sheet.typ"
        source.write_text(SVG_SHEET.format(width=width), "utf-8")
        return typst.compile(source, root=root, font_paths=system_fonts(), format="png", ppi=144.0)


def report_word(content: Report) -> bytes:
    """The same to be worked on: headings, paragraphs and tables are Word's own."""
    parts = [_paragraph(content.brand, "Quiet"), _paragraph(content.title, "Title"),
             _paragraph(content.subtitle, "Quiet")]  # fmt: skip
    parts += [_paragraph(words) for words in content.paragraphs]
    picture = drawn_png(content.drawing) if content.drawing else b""
    if picture:
        parts += [_picture(picture), _paragraph(content.caption, "Quiet")]
    for table in content.tables:
        parts += [_paragraph(table.heading, "Heading1"), _table(table), _paragraph("")]
    parts += [_paragraph(words, "Quiet") for words in (*content.notes, content.foot)]
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:
        files = {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS.format(OFFICE.format("officeDocument", "word/document.xml")),
            "word/document.xml": DOCUMENT.format("".join(parts)),
            "word/styles.xml": STYLES,
            "word/_rels/document.xml.rels": RELATIONS.format(
                OFFICE.format("styles", "styles.xml") + PICTURED
            ),
        }
        for name, text in files.items():
            book.writestr(ZipInfo(name, EPOCH), text.encode(), ZIP_DEFLATED)
        if picture:
            book.writestr(ZipInfo("word/media/map.png", EPOCH), picture)
    return out.getvalue()


def _run(words: str) -> str:
    # Word refuses a file that holds what XML cannot.
    plain = "".join(one for one in words if one >= " " or one in "\t\n")
    return f'<w:r><w:t xml:space="preserve">{escape(plain)}</w:t></w:r>'


def _paragraph(words: str, style: str = "", *, right: bool = False) -> str:
    said = f'<w:pStyle w:val="{style}"/>' if style else ""
    said += '<w:jc w:val="right"/>' if right else ""
    return f"<w:p><w:pPr>{said}</w:pPr>{_run(words) if words else ''}</w:p>"


def _table(table: Table) -> str:
    def row(cells: Sequence[str], head: bool) -> str:
        made = "".join(
            f"<w:tc><w:tcPr/>{_paragraph(cell, 'Head' if head else '', right=n > 0)}</w:tc>"
            for n, cell in enumerate(cells)
        )
        return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}{made}</w:tr>"

    grid = "<w:gridCol/>" * len(table.columns)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>{BORDERS}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{row(table.columns, True)}"
        f"{''.join(row(cells, False) for cells in table.rows)}</w:tbl>"
    )


def _picture(png: bytes) -> str:
    wide, high = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    size = f'cx="{WIDE_EMU}" cy="{WIDE_EMU * high // max(wide, 1)}"'
    return DRAWING.replace("SIZE", size)


PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDS_XML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING_XML = "http://schemas.openxmlformats.org/drawingml/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml"'
    f' ContentType="{KIND}.document.main+xml"/><Override PartName="/word/styles.xml"'
    f' ContentType="{KIND}.styles+xml"/></Types>'
)
RELATIONS = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
OFFICE = f'<Relationship Id="{{0}}" Type="{OFFICE_XML}/{{0}}" Target="{{1}}"/>'
PICTURED = f'<Relationship Id="map" Type="{OFFICE_XML}/image" Target="media/map.png"/>'
DOCUMENT = (
    f'{HEAD}<w:document xmlns:w="{WORDS_XML}" xmlns:r="{OFFICE_XML}"><w:body>{{}}<w:sectPr>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1361" w:bottom="1247"'
    ' w:left="1361" w:header="700" w:footer="700" w:gutter="0"/></w:sectPr></w:body></w:document>'
)
EDGE = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="B8C0C8"/>'
EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
BORDERS = f"<w:tblBorders>{''.join(EDGE.format(one) for one in EDGES)}</w:tblBorders>"
FONT = '<w:rFonts w:ascii="Noto Sans CJK SC" w:hAnsi="Noto Sans CJK SC" w:eastAsia="宋体"/>'


def _style(name: str, said: str, *, before: int = 0) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:pPr><w:spacing w:before="{before}" w:after="80"/></w:pPr><w:rPr>{said}</w:rPr>'
        "</w:style>"
    )


# Readers other than Word ask for the style of what names none.
NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    "</w:style>"
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    "</w:style>"
)
STYLES = (
    f'{HEAD}<w:styles xmlns:w="{WORDS_XML}"><w:docDefaults><w:rPrDefault><w:rPr>{FONT}'
    '<w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + NORMAL
    + _style("Title", '<w:b/><w:sz w:val="40"/>')
    + _style("Heading1", '<w:b/><w:sz w:val="26"/>', before=240)
    + _style("Head", "<w:b/>")
    + _style("Quiet", '<w:color w:val="5A6672"/><w:sz w:val="18"/>')
    + "</w:styles>"
)
DRAWING = (
    "<w:p><w:r><w:drawing><wp:inline"
    f' xmlns:wp="{DRAWING_XML}/wordprocessingDrawing"><wp:extent SIZE/>'
    '<wp:docPr id="1" name="map"/>'
    f'<a:graphic xmlns:a="{DRAWING_XML}/main"><a:graphicData uri="{DRAWING_XML}/picture">'
    f'<pic:pic xmlns:pic="{DRAWING_XML}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="map"/>'
    '<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="map"/><a:stretch><a:fillRect/>'
    '</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext SIZE/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
