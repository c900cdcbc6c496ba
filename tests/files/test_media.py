"""A file is what its content says, and what is kept of it tells nothing it should not."""

import io
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.files import shapes
from wangge.files.media import inspect
from wangge.files.models import Kind, Size
from wangge.kernel.errors import Refusal

CITY = ZoneInfo("Asia/Shanghai")


def refused(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as found:
        inspect(data)
    return found.value


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_pictures_become_jpeg_with_two_smaller_copies(form: str) -> None:
    media = inspect(shapes.picture(form, (1500, 1000)))
    assert (media.kind, media.mime) == (Kind.IMAGE, "image/jpeg")
    assert (media.width, media.height) == (1500, 1000)
    sizes = {size: shapes.opened(data).size for size, data in media.smaller.items()}
    assert sizes == {Size.LARGE: (1280, 853), Size.THUMB: (360, 240)}
    assert shapes.opened(media.data).format == "JPEG"


def test_the_camera_place_and_model_are_gone_but_not_the_moment() -> None:
    media = inspect(shapes.picture(taken="2026:03:14 08:09:10", offset="+09:00", place=True))
    for data in (media.data, *media.smaller.values()):
        assert not shapes.opened(data).getexif()
        assert shapes.SECRET not in data
    assert media.shot_at == datetime(2026, 3, 13, 23, 9, 10, tzinfo=UTC)


def test_a_camera_without_an_offset_shows_the_time_of_the_city() -> None:
    media = inspect(shapes.picture(taken="2026:03:14 08:09:10"), zone=CITY)
    assert media.shot_at == datetime(2026, 3, 14, 0, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["", "0000:00:00 00:00:00", "yesterday", "2026:13:01 00:00:00"])
def test_a_moment_that_is_none_is_left_out(taken: str) -> None:
    assert inspect(shapes.picture(taken=taken)).shot_at is None


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    media = inspect(shapes.picture(size=(640, 480), turned=6))
    assert (media.width, media.height) == (480, 640)
    upright = shapes.opened(media.data)
    top, bottom = upright.getpixel((240, 50)), upright.getpixel((240, 590))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] - top[2] > 150
    assert bottom[2] - bottom[0] > 150


def test_very_large_pictures_are_kept_at_4096_and_words_in_them_dropped() -> None:
    media = inspect(shapes.picture(size=(6000, 3000), comment=shapes.SECRET))
    assert (media.width, media.height) == (4096, 2048)
    assert shapes.SECRET not in media.data
    assert shapes.SECRET not in inspect(shapes.titled_png()).data


def test_what_was_transparent_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (255, 0, 0, 0)).save(out, "PNG")
    assert shapes.opened(inspect(out.getvalue()).data).getpixel((50, 50)) == (255, 255, 255)


def test_a_moving_photo_is_taken_as_the_photo() -> None:
    plain = shapes.picture()
    assert inspect(plain + shapes.film()).data == inspect(plain).data


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("run.sh", "rm -rf /")
    return out.getvalue()


PROGRAMS = {
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "exe": b"MZ" + bytes(200),
    "script": b"#!/bin/sh\nrm -rf /\n",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n",
    "zip": archive(),
    "gif": b"GIF89a" + bytes(100),
    "empty": b"",
    "begins like a jpeg": b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 20,
    "begins like a png": b"\x89PNG\r\n\x1a\n" + bytes(300),
    "begins like a film": shapes.box(b"ftyp", b"isom") + b"<script>alert(1)</script>",
    "only a head": shapes.box(b"ftyp", b"isom", bytes(4)),
    "jpeg + zip": shapes.picture() + archive(),
    "jpeg + film + zip": shapes.picture() + shapes.film() + archive(),
    "jpeg + page": shapes.picture() + b"\n<html><script>alert(1)</script>",
    "png + zip": shapes.picture("PNG") + archive(),
    "webp + page": shapes.picture("WEBP") + b"<html>",
    "film + zip": shapes.film() + archive(),
    "film + unknown box": shapes.film(tail=shapes.box(b"evil", b"x" * 50)),
    "sound + zip": shapes.aac() + archive(),
    "mp3 + program": shapes.mp3()[:-128] + b"\x7fELF" + b"\x01" * 3000,
    "amr + zip": shapes.amr() + archive(),
    "ogg + page": shapes.opus() + b"<html>",
    "webm + zip": shapes.webm(live=False) + archive(),
    "matroska": shapes.webm(doc=b"matroska"),
    "webm with words": shapes.webm(kinds=(1, 17)),
    "half a picture": shapes.picture()[:2000],
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_pages_and_two_in_one_are_refused_whatever_they_are_called(name: str) -> None:
    refusal = refused(PROGRAMS[name])
    assert (refusal.code, refusal.status) == ("file_not_accepted", 422)
    assert "照片" in refusal.zh


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked() -> None:
    small = shapes.bomb(8008)
    assert len(small) < 100_000
    assert "too many pixels" in refused(small).details["why"]
    assert "too many pixels" in refused(shapes.bomb(20000)).details["why"]


def test_pictures_above_ten_and_films_above_sixty_megabytes_are_too_large() -> None:
    picture = refused(shapes.picture() + bytes(10_000_000))
    assert (picture.code, picture.status, picture.details["most"]) == (
        "file_too_large",
        413,
        10_000_000,
    )
    film = refused(shapes.film() + bytes(60_000_000))
    assert (film.code, film.status, film.details["most"]) == ("file_too_large", 413, 60_000_000)
    assert "60 MB" in film.zh
    sound = refused(shapes.wav(1000))
    assert (sound.code, sound.details["most"]) == ("file_too_large", 10_000_000)


def test_a_film_loses_its_places_and_keeps_picture_and_sound() -> None:
    taken = datetime(2026, 5, 1, 1, 2, 3, tzinfo=UTC)
    data = shapes.film(3, taken=taken)
    assert data.count(shapes.PLACE) == 2
    media = inspect(data)
    assert (media.kind, media.mime, media.duration) == (Kind.VIDEO, "video/mp4", 3)
    assert (media.width, media.height, media.shot_at) == (320, 240, taken)
    assert len(media.data) == len(data)
    assert b"PICT" * 4 + b"SNDS" * 4 in media.data
    assert shapes.PLACE not in media.data
    assert shapes.SECRET not in media.data


def test_quicktime_and_sound_in_boxes_are_told_apart() -> None:
    assert inspect(shapes.film(brand=b"qt  ")).mime == "video/quicktime"
    voice = inspect(shapes.film(brand=b"M4A ", seen=False))
    assert (voice.kind, voice.mime, voice.duration) == (Kind.AUDIO, "audio/mp4", 3)


@pytest.mark.parametrize("data", [shapes.film(60), shapes.fragments(60), shapes.webm(60)])
def test_a_film_of_sixty_seconds_is_taken(data: bytes) -> None:
    assert inspect(data).duration == pytest.approx(60, abs=0.2)


@pytest.mark.parametrize("data", [shapes.film(62), shapes.fragments(62), shapes.webm(62)])
def test_a_longer_film_is_refused_whatever_its_header_says(data: bytes) -> None:
    refusal = refused(data)
    assert (refusal.code, refusal.details["most"]) == ("film_too_long", 60)
    assert "60 秒" in refusal.zh


@pytest.mark.parametrize("live", [True, False])
def test_a_browser_recording_is_measured_and_loses_its_tags(*, live: bool) -> None:
    media = inspect(shapes.webm(3, live=live))
    assert (media.kind, media.mime, media.duration) == (Kind.VIDEO, "video/webm", 2.9)
    assert (media.width, media.height) == (320, 240)
    assert shapes.SECRET not in media.data
    voice = inspect(shapes.webm(3, kinds=(2,)))
    assert (voice.kind, voice.mime) == (Kind.AUDIO, "audio/webm")


@pytest.mark.parametrize(
    ("data", "mime", "seconds"),
    [
        (shapes.mp3(100), "audio/mpeg", 2.612),
        (shapes.aac(100), "audio/aac", 2.322),
        (shapes.amr(100), "audio/amr", 2.0),
        (shapes.wav(2), "audio/wav", 2.0),
        (shapes.opus(2), "audio/ogg", 2.0),
    ],
)
def test_recordings_are_measured_frame_by_frame_and_lose_their_tags(
    data: bytes, mime: str, seconds: float
) -> None:
    media = inspect(data)
    assert (media.kind, media.mime) == (Kind.AUDIO, mime)
    assert media.duration == pytest.approx(seconds, abs=0.001)
    assert shapes.SECRET not in media.data


@given(
    start=st.sampled_from(
        [shapes.film(1), shapes.fragments(1), shapes.webm(1), shapes.opus(1), shapes.mp3(3),
         shapes.aac(3), shapes.amr(3), shapes.wav(1)[:200], shapes.picture(size=(16, 16)),
         shapes.picture("PNG", (16, 16)), shapes.picture("WEBP", (16, 16))]
    ),
    at=st.integers(0, 2000),
    new=st.binary(min_size=1, max_size=12),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_damage_is_refused_or_read_but_never_breaks_the_door(
    start: bytes, at: int, new: bytes
) -> None:
    place = at % len(start)
    damaged = start[:place] + new + start[place + len(new) :]
    try:
        media = inspect(damaged)
    except Refusal as refusal:
        assert refusal.code in {"file_not_accepted", "film_too_long", "file_too_large"}  # noqa: PT017 - both ways out are right
    else:
        assert media.data
