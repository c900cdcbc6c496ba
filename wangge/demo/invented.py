"""Names and telephones of people who do not exist, the same in every build."""

from collections.abc import Iterator
from itertools import count
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵"
    "万覃武钱戴严莫孔向常"
)
COMMON = 28  # the first so many surnames are borne by most people
FIRST = "建国文海玉春秀桂志明晓红立新伟永卫宝成金凤兰淑雪丽婷静佳俊子雨欣浩宇思梦泽一博诗家慧敏燕"
SECOND = (
    "华平军强梅英芳霞玲珍香云杰勇涛超磊洋艳娟莉丹颖琳萍辉鹏飞斌宁健林波凯峰龙琪瑶然轩怡涵雯蕾宏生"
)
MOBILES = ("1380546", "1390546")  # each with four digits: no number of a real person is meant
ASKERS = "1385460"


def names(seed: int) -> Iterator[str]:
    """One invented person after the other; some share a name, as people do."""
    rng = Random(seed)  # noqa: S311 - invents people, keeps no secret
    while True:
        crowd = SURNAMES[:COMMON] if rng.random() < 0.8 else SURNAMES
        given = rng.choice(SECOND)
        if rng.random() < 0.85:
            given = rng.choice(FIRST) + given
        yield rng.choice(crowd) + given


def mobiles() -> Iterator[str]:
    """Every number of the invented range once: 1380546xxxx, then 1390546xxxx."""
    for number in count():
        yield f"{MOBILES[number // 10_000]}{number % 10_000:04}"


def landlines(area_code: str) -> Iterator[str]:
    """Numbers that no exchange gives out, because they begin with a nought."""
    return (f"{area_code}-0{number:06}" for number in count(100_001, 7))
