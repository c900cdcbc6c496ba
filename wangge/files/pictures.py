"""Pictures: opened with a bound on pixels, turned upright, stripped of everything but the shot."""

import contextlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from threading import BoundedSemaphore

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from wangge.files.models import EDGES, Kind, Media, Size, not_accepted

MOST_PIXELS = 64_000_000
QUALITY = {Size.FULL: 88, Size.LARGE: 82, Size.THUMB: 75}
# What Pillow's readers raise on damaged input, found by feeding them a lot of it.
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    MemoryError,
    EOFError,
    LookupError,
    TypeError,
    struct.error,
    zlib.error,
    OverflowError,
)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

# A picture of 64 million pixels takes 200 MB while it is open: two at a time, whoever asks.
_desk = BoundedSemaphore(2)

pillow_heif.register_heif_opener()


def picture(data: bytes, *, zone: tzinfo) -> Media:
    """Read one picture and write it anew as JPEG in sRGB, with its two smaller copies.

    Nothing of the input's bytes survives but its pixels and the moment of the shot. A camera that
    does not say its offset is taken to show the time of ``zone``.
    """
    with _desk, _opened(data) as image:
        taken = None
        try:
            image.draft("RGB", (EDGES[Size.FULL], EDGES[Size.FULL]))
            image.load()
            with contextlib.suppress(*BROKEN):  # a good picture may carry broken notes
                taken = shot_at(image.getexif(), zone)
                ImageOps.exif_transpose(image, in_place=True)
            upright = _flat(image)
        except BROKEN as error:
            raise not_accepted(f"picture does not decode: {error}") from error
    upright.info.clear()  # or a comment would be written again
    copies: dict[Size, bytes] = {}
    for size, edge in EDGES.items():  # from large to small, each made from the one before
        upright.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        if size is Size.FULL:
            width, height = upright.size
        copies[size] = _jpeg(upright, QUALITY[size])
    return Media(
        Kind.IMAGE,
        "image/jpeg",
        copies.pop(Size.FULL),
        copies,
        shot_at=taken,
        width=width,
        height=height,
    )


@contextlib.contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd EXIF warns; the limit on pixels is our own below
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except (UnidentifiedImageError, *BROKEN) as error:
            raise not_accepted(f"picture cannot be opened: {error}") from error
        except Image.DecompressionBombError as error:
            raise not_accepted("too many pixels") from error
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise not_accepted(f"too many pixels: {image.width} x {image.height}")
            yield image


def _flat(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in ("RGBA", "LA", "PA", "P") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    if profile and image.mode == "RGB":
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), inPlace=True)
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def shot_at(exif: Image.Exif, zone: tzinfo) -> datetime | None:
    """Return when the shutter opened, if the camera wrote a moment that can be one."""
    details = exif.get_ifd(ExifTags.IFD.Exif)
    written = details.get(ExifTags.Base.DateTimeOriginal)
    offset = details.get(ExifTags.Base.OffsetTimeOriginal)
    try:
        naive = datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return naive.replace(tzinfo=_offset(offset) or zone)


def _offset(text: object) -> tzinfo | None:
    try:
        parsed = datetime.strptime(str(text).strip("\0 "), "%z").utcoffset()
    except ValueError:
        return None
    return timezone(parsed) if parsed is not None and abs(parsed) < timedelta(hours=15) else None
