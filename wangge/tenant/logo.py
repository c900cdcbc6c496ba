"""The logo: checked by its content, drawn anew without anything hidden in it, kept small."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from wangge.kernel.errors import Invalid

MOST_BYTES = 900_000
MOST_PIXELS = 16_000_000
SIDE = 512
FORMATS = ("PNG", "JPEG")
BUILT_IN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img">\
<title>Wangge 网格</title><rect width="64" height="64" rx="14" fill="{colour}"/>\
<g fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round">\
<path d="M14 25h36M14 39h36M25 14v36M39 14v36"/></g>\
<rect x="27" y="27" width="10" height="10" rx="2" fill="#fff"/></svg>"""


def redrawn(content: bytes) -> bytes:
    """Return a PNG of at most 512 pixels a side; refuse what is no PNG or JPEG, or too large."""
    if len(content) > MOST_BYTES:
        raise Invalid(
            "logo_too_large",
            "图片不能超过 0.9 MB",
            "the picture must not exceed 0.9 MB",
            field="file",
        )
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid(
                    "logo_too_large",
                    "图片太大，请缩小到 4000×4000 以内",
                    "the picture has too many pixels; keep it within 4000 by 4000",
                    field="file",
                )
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Invalid(
            "logo_not_a_picture",
            "请上传 PNG 或 JPEG 图片（按内容判断，不看文件名；不接受 SVG）",
            "please upload a PNG or JPEG (judged by content, not by name; no SVG)",
            field="file",
        ) from None
    drawn.thumbnail((SIDE, SIDE))
    out = BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


def built_in(colour: str) -> bytes:
    return BUILT_IN.format(colour=colour).encode()
