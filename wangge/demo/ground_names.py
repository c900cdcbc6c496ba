"""Names of divisions as people say them, made by rules from the wording of the register."""

import re
from dataclasses import dataclass

COMMITTEE = re.compile(
    r"(居民社区委员会|社区居民委员会|社区居民居委会|居民委员会|居民委员|居民居委会|社区居委会"
    r"|村民居委会|类似居民委员会|类似居委会|居委会|村民委员会|村委会)$"
)
QUASI = re.compile(r"(类似乡级单位|类似居民委员会|类似居委会)$")
SEATS_OF_ZONES = {  # the register gives these three no name of their own
    "370505400": "垦利经济开发区",
    "370571400": "东营经开区直属片区",
    "370572402": "东营港直属片区",
}
NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the register: 12 digits for a community, 9 for a township, 6 for a county."""

    code: str
    name: str
    parent: str


def community_kind(code: str) -> str:
    """居委会 have 001–199, 村委会 200–399, quasi-units 400 and up (NBS)."""
    number = int(code[9:])
    return "community" if number < 200 else "village" if number < 400 else "other"


def township_kind(code: str) -> str:
    """街道 have 001–099, 镇 100–199, 乡 200–399, other units 400 and up (GB/T 10114)."""
    number = int(code[6:9])
    if number < 100:
        return "subdistrict"
    return "town" if number < 200 else "rural_township" if number < 400 else "other"


def county_kind(code: str) -> str:
    number = int(code[4:6])
    return "district" if number < 20 else "county" if number < 70 else "development_zone"


def township_name(division: Division) -> str:
    if division.code in SEATS_OF_ZONES:
        return SEATS_OF_ZONES[division.code]
    plain = QUASI.sub("", division.name)
    return plain if plain == division.name or plain.endswith("区") else f"{plain}管理区"


def community_name(division: Division, township: str) -> str:
    kind = community_kind(division.code)
    plain = division.name.replace("虚拟", "")
    if kind != "other" and plain.startswith(township) and len(plain) > len(township) + 2:
        plain = plain.removeprefix(township)
    stem = COMMITTEE.sub("", plain)
    if kind == "village":
        return stem if stem.endswith("村") else f"{stem}村"
    if stem.endswith(("社区", "生活区")):
        return stem
    return f"{stem}社区" if "社区" in plain else f"{stem}居住区"


def numeral(number: int) -> str:
    """Chinese numeral below one hundred: 第十二网格."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")
