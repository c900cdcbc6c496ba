"""Emergency words: what must wake somebody, and what must not.

All sentences are invented.
"""

import pytest

from wangge.tenant.documents import default
from wangge.tenant.emergency import WordGroup, Words
from wangge.tenant.words import GAP, Matcher

WORDS = Words.model_validate(default("words"))
heard = Matcher(WORDS)

WAKE = [
    ("3号楼2单元着火了，快来人", "fire"),
    ("配电箱一直在冒烟，怕烧起来", "fire"),
    ("楼下电动车 自 燃 了", "fire"),
    ("着！火！了！救！命！", "fire"),
    ("ＳＯＳ！厨房起火", "fire"),
    ("火车站着火了", "fire"),
    ("看着火车站旁边的仓库着火了", "fire"),
    ("着火点在三楼东户", "fire"),
    ("路边有一辆着火车辆，没人管", "fire"),
    ("没有着火，但是屋里一直冒浓烟", "fire"),
    ("不是演习，真的失火了", "fire"),
    ("棚子那边有火光，火势不小", "fire"),
    ("煤 气 泄 漏", "gas"),
    ("楼道里有很重的煤气味", "gas"),
    ("天然气管道好像漏气，嗤嗤响", "gas"),
    ("施工队把燃气管挖断了，燃气管道断裂", "gas"),
    ("煤氣洩漏？屋裡都是煤氣味", "gas"),
    ("煤气罐年检刚做完又漏煤气", "gas"),
    ("有个小姑娘坐在天台边，要跳楼", "self_harm"),
    ("我不想活了", "self_harm"),
    ("隔壁的人写了遗书，敲门不开", "self_harm"),
    ("门口有人持刀，快报警", "violence"),
    ("三楼夫妻打架，男的拿刀", "violence"),
    ("孩子被反锁在车里出不来了，锁在车里半个小时", "trapped"),
    ("电梯困人，两个老人在里面", "trapped"),
    ("爷爷早上出门走失，到现在没回来", "trapped"),
    ("有人掉进窨井里了", "trapped"),
    ("水库边有小孩落水", "drowning"),
    ("孩子掉进冰窟窿了", "drowning"),
    ("围墙倒塌，压住一个人", "collapse"),
    ("路面突然塌陷了一个大坑", "collapse"),
    ("高压线被风刮断掉在地上", "electric"),
    ("路灯杆漏电，电到人了", "electric"),
    ("老人晕倒在楼下，不省人事", "medical"),
    ("十字路口车祸，人被撞倒流血不止", "medical"),
    ("食堂几十个孩子上吐下泻，像是食物中毒", "medical"),
    ("奶奶摔倒了起不来", "medical"),
]
SLEEP = [
    "我每天站在阳台看着火车站的灯",
    "孩子喜欢坐着火车去看爷爷",
    "昨晚围着火锅聊社区的事，油烟有点大",
    "他睡着。火锅店的噪音又响了",
    "请问煤气的着火点是多少度",
    "申请检查楼道的火灾隐患",
    "火灾报警器没电了，请换电池",
    "想参加火灾逃生知识讲座",
    "社区什么时候做煤气罐年检",
    "希望多发预防煤气中毒的宣传单",
    "家里想装一个燃气泄漏报警器",
    "门口超市跳楼价甩卖，喇叭太吵",
    "公园的跳楼机停了很久",
    "长期被困扰，楼上半夜拖椅子",
    "我家猫走失了，帮忙问问邻居",
    "给老人申领防走失手环",
    "楼外的落水管断了一截",
    "河里有人钓鱼，草坪踩坏了",
    "建议河边立一块防溺水警示牌",
    "单元的漏电保护器老跳",
    "接触电话亭的玻璃碎了",
    "沙发塌陷了能不能上门收旧家具",
    "心梗住院报销需要什么材料",
    "车祸理赔的证明在哪里开",
    "预防食物中毒的培训什么时候办",
    "救命药医保能不能报",
    "路灯不亮，晚上老人看不清路",
    "井盖松动，车一压就响",
    "医保无法使用，去哪里问",
    "地下车库三轮车太多，没地方停车",
    "物业费涨价没有公示",
    "拨打人工客服一直占线",
    "树枝要砍掉一点，挡住窗户了",
    "家里要杀蟑螂，居委会有药吗",
    "楼道墙面脱落，请粉刷",
    "",
]


@pytest.mark.parametrize(("text", "group"), WAKE, ids=[text for text, _ in WAKE])
def test_it_wakes_somebody(text: str, group: str) -> None:
    assert group in heard(text).groups


@pytest.mark.parametrize("text", SLEEP)
def test_it_lets_people_sleep(text: str) -> None:
    found = heard(text)

    assert (found.groups, found.words) == ([], [])


@pytest.mark.parametrize("group", WORDS.groups, ids=lambda group: group.code)
def test_every_word_of_the_defaults_is_heard_alone_and_every_exception_is_not(
    group: WordGroup,
) -> None:
    missed = [
        word
        for word in group.words
        for text in (word.replace(GAP, ""), word.replace(GAP, "那边一直在"))
        if group.code not in heard(text).groups
    ]
    wakes = [text for text in group.exceptions if group.code in heard(text).groups]

    assert (missed, wakes) == ([], [])


@pytest.mark.parametrize("group", WORDS.groups, ids=lambda group: group.code)
def test_an_exception_hides_nothing_that_is_said_besides(
    group: WordGroup,
) -> None:
    hidden = [
        exception
        for exception in group.exceptions
        for text in (f"{exception}，{group.words[0]}", f"{group.words[0]} {exception}")
        if group.code not in heard(text).groups
    ]

    assert hidden == []


def test_whom_to_call_comes_once_each_with_both_languages() -> None:
    found = heard("着火了，有人晕倒")

    assert found.groups == ["fire", "medical"]
    assert [(h.number, h.zh, h.en) for h in found.help] == [
        ("119", "火警", "Fire brigade"),
        ("120", "急救", "Ambulance"),
        ("122", "交通事故", "Road accidents"),
    ]


def test_a_found_word_is_shown_where_it_was_written() -> None:
    text = "（急）煤 气　泄-漏！"

    [match] = heard(text).matches

    assert [(f.word, text[f.first : f.last]) for f in match.found] == [("煤气泄漏", "煤 气　泄-漏")]


def test_somebody_who_thinks_of_dying_is_given_the_line_that_listens() -> None:
    assert "12356" in [h.number for h in heard("活着没意思").help]


def test_a_group_that_is_switched_off_is_not_heard() -> None:
    quiet = WORDS.model_copy(
        update={"groups": tuple(g.model_copy(update={"active": False}) for g in WORDS.groups)}
    )

    assert not Matcher(quiet)("着火了")
