"""What in a text would tell who somebody is; looked for before anything is posted in public.

A finding is a pattern, not a judgement: whoever posts rewrites the sentence or takes the masked
one. What no pattern knows he still has to see himself, which the screen says.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎"
    "鲁韦马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤殷罗毕郝邬安常傅齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄"
    "戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万管卢莫房解丁邓"
    "石崔龚程邢裴陆翁段侯焦宁甘武刘景詹龙叶黎白蒲翟谭温庄晏柴瞿阎充习向古易廖欧聂曾关辛简"
)
TITLES = "先生|女士|小姐|大爷|大妈|大娘|大叔|大婶|大哥|大姐|阿姨|叔叔|爷爷|奶奶|老师|师傅|同志"
BEFORE = "反映人|来信人|写信人|居民|业主|村民|住户|租户|联系人|姓名|我叫|我是|本人"
ENDS = r"(?=$|[，。、；：！？,.;:!?（(\s]|反映|来信|称|说|建议|投诉|表示|希望|想)"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("id_number", re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0\d|1[0-2])[0-3]\d{4}[\dXx](?!\d)")),
    ("account", re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)0(?:10|2\d|[3-9]\d{2})[ -]?[2-9]\d{6,7}(?!\d)")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    (
        "account",
        re.compile(r"(?:微信号?|QQ号?|抖音号?)\s*[:：是为]?\s*[A-Za-z0-9][\w-]{4,}", re.ASCII),
    ),
    (
        "plate",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·. ]?"
            r"[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])"
        ),
    ),
    (
        "dwelling",
        re.compile(
            r"(?:\d{1,3}\s*(?:号楼|栋|幢|#楼?)\s*)?"
            r"(?:[\d一二三四五六七八九十]{1,3}\s*单元\s*\d{1,4}\s*(?:室|户|号)?|\d{3,4}\s*(?:室|户))"
            r"|\d{1,3}-\d{1,2}-\d{3,4}(?!\d)"
        ),
    ),
    ("name", re.compile(rf"[{SURNAMES}][\u4e00-\u9fff某]{{0,2}}?(?:{TITLES})")),
    ("name", re.compile(rf"(?:{BEFORE})[:：]?\s*[{SURNAMES}][\u4e00-\u9fff某]{{1,2}}{ENDS}")),
)
NAMES = {
    "id_number": ("身份证号", "an identity number"),
    "account": ("账号", "an account number"),
    "phone": ("电话号码", "a telephone number"),
    "email": ("邮箱", "an e-mail address"),
    "plate": ("车牌号", "a number plate"),
    "dwelling": ("门牌（单元、室号）", "a dwelling's number"),
    "name": ("姓名", "a name"),
}
INSTEAD = {"name": "一位居民", "dwelling": "（门牌略）"}
LEFT_OUT = "（略）"


class Found(NamedTuple):
    """A place in a text that would tell who somebody is: what kind, from, up to, the words."""

    kind: str
    first: int
    last: int
    words: str


def flat(text: str) -> str:
    """Full-width digits and letters as their plain forms; the length stays the same."""
    folded = (unicodedata.normalize("NFKC", one) for one in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def look(text: str, known: Iterable[str] = ()) -> list[Found]:
    """Every such place, in order and apart; ``known`` are names that this matter's asker bears."""
    plain = flat(text)
    found = [
        Found(kind, match.start(), match.end(), text[match.start() : match.end()])
        for kind, pattern in PATTERNS
        for match in pattern.finditer(plain)
    ]
    for name in {one.strip() for one in known if len(one.strip()) > 1}:
        found += [
            Found("name", match.start(), match.end(), text[match.start() : match.end()])
            for match in re.finditer(re.escape(flat(name)), plain)
        ]
    apart: list[Found] = []
    for one in sorted(found, key=lambda f: (f.first, -f.last)):
        if not apart or one.first >= apart[-1].last:
            apart.append(one)
    return apart


def masked(text: str, found: Iterable[Found]) -> str:
    """The text with each of those places said without anybody."""
    for one in sorted(found, key=lambda f: f.first, reverse=True):
        text = text[: one.first] + INSTEAD.get(one.kind, LEFT_OUT) + text[one.last :]
    return text
