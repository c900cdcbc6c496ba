"""Sealing, blind indexes, normal phones and masks."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.kernel import crypto
from wangge.kernel.crypto import CannotOpen, Keys, mask_name, mask_phone, normal_phone
from wangge.kernel.errors import Invalid, Refusal


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return crypto.load(tmp_path / "keys" / "master.key")


@given(text=st.text(max_size=200))
def test_what_was_sealed_is_opened_and_cannot_be_read(text: str) -> None:
    keys = Keys(b"k" * 32)
    sealed = keys.seal("dongying", text)
    assert keys.open_("dongying", sealed) == text
    assert len(text.encode()) < 4 or text.encode() not in sealed


def test_the_same_text_is_sealed_differently_each_time(keys: Keys) -> None:
    assert keys.seal("dongying", "13812345678") != keys.seal("dongying", "13812345678")


def test_another_tenant_another_key_and_damage_open_nothing(keys: Keys, tmp_path: Path) -> None:
    sealed = keys.seal("dongying", "13812345678")
    with pytest.raises(CannotOpen):
        keys.open_("weifang", sealed)
    with pytest.raises(CannotOpen):
        crypto.load(tmp_path / "other.key").open_("dongying", sealed)
    with pytest.raises(CannotOpen):
        keys.open_("dongying", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(CannotOpen):
        keys.open_("dongying", b"\x02" + sealed[1:])


def test_a_blind_index_finds_equals_within_one_tenant_only(keys: Keys) -> None:
    one = keys.index("dongying", normal_phone("+86 138-1234-5678"))
    assert one == keys.index("dongying", normal_phone("１３８１２３４５６７８"))
    assert one != keys.index("dongying", "13812345679")
    assert one != keys.index("weifang", "13812345678")
    assert len(one) == 32


def test_the_key_is_made_once_with_a_narrow_mode(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "master.key"
    first = crypto.load(place, outside=tmp_path / "data")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in place.parent.iterdir()] == ["master.key"]
    again = crypto.load(place)
    assert again.fingerprint() == first.fingerprint()
    assert again.open_("t", first.seal("t", "王小明")) == "王小明"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    place = tmp_path / "master.key"
    crypto.load(place)
    place.chmod(mode)
    with pytest.raises(Refusal) as refused:
        crypto.load(place)
    assert refused.value.code == "secret_too_open"


def test_a_key_inside_the_data_is_refused_before_it_is_made(tmp_path: Path) -> None:
    place = tmp_path / "data" / "master.key"
    with pytest.raises(Refusal) as refused:
        crypto.load(place, outside=tmp_path / "data")
    assert refused.value.code == "key_inside_data"
    assert not place.exists()


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "master.key"
    for damaged in (b"", b"not base64!", b"c2hvcnQ="):
        place.write_bytes(damaged)
        place.chmod(0o600)
        with pytest.raises(Refusal) as refused:
            crypto.load(place)
        assert refused.value.code == "key_damaged"


def test_the_keys_never_show_in_a_log() -> None:
    assert "6b6b" not in repr(Keys(b"k" * 32))
    assert "kkkk" not in repr(Keys(b"k" * 32))


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-138-1234-5678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("（0546）8331234", "05468331234"),
        ("0546-8331234转801", "05468331234"),
        ("+86 546 833 1234", "05468331234"),
        ("010-62345678", "01062345678"),
        ("8331234", "8331234"),
        ("400-810-1234", "4008101234"),
        ("95598", "95598"),
        ("12345", "12345"),
        ("120", "120"),
        ("+852 2123 4567", "+85221234567"),
    ],
)
def test_phones_have_one_form(raw: str, normal: str) -> None:
    assert normal_phone(raw) == normal


@pytest.mark.parametrize("raw", ["", "王小明", "1381234567", "138123456789", "0", "+86", "00000"])
def test_what_is_no_phone_is_refused_in_both_languages(raw: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_phone(raw)
    assert refused.value.code == "phone_not_valid"
    assert refused.value.details == {"field": "phone"}
    assert "电话" in refused.value.zh


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("05468331234", "0546****34"),
        ("01062345678", "010****78"),
        ("8331234", "8****34"),
        ("+85221234567", "+85****67"),
        ("12345", "12345"),
        ("120", "120"),
    ],
)
def test_phones_are_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王小明", "王**"), ("王明", "王**"), ("欧阳明月", "欧阳**"), ("欧阳", "欧**"), (" ", "")],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked
