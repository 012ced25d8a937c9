"""What one text says: dangers, matter and wish, places. No database."""

import pytest

from qushu.insight.understanding.gist import LONGEST, gist_of
from qushu.insight.understanding.places import Gazetteer, Known, learn_names
from qushu.insight.understanding.safety import Word, dangers_in, kinds_of

TABLE = {
    "燃气泄漏": Word("gas", True),
    "爆炸": Word("explosion", True),
    "起火": Word("fire", False),
    "火灾": Word("fire", True),
    "坍塌": Word("collapse", True),
    "着火": Word("fire", False),
    "绑架": Word("violence", True),
    "危房": Word("collapse", False),
    "交通事故": Word("traffic", False),
    "电梯": Word("lift", False),
    "困在电梯": Word("lift", True),
}


def said(text: str) -> list[tuple[str, str]]:
    return [(one.word, one.said) for one in dangers_in(text, TABLE)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("小区燃气泄漏，味道很大", [("燃气泄漏", "fact")]),
        ("没有爆炸", []),
        ("没有发生爆炸，但燃气泄漏", [("燃气泄漏", "fact")]),
        ("未造成火灾", []),
        ("楼道堆物，担心起火", [("起火", "feared")]),
        ("容易引发火灾", [("火灾", "feared")]),
        ("去年这里发生过火灾", [("火灾", "past")]),
        ("社区组织火灾演练", []),
        ("老人困在电梯里", [("困在电梯", "fact")]),
        ("不怕慢，路面坍塌了", [("坍塌", "fact")]),
        ("路灯不亮", []),
        ("汽车打不着火", []),
        ("这是道德绑架", []),
        ("咨询危房改造政策", []),
        ("加强火灾防范", []),
        ("存在火灾隐患", [("火灾", "feared")]),
        ("楼道燃气泄漏很危险", [("燃气泄漏", "fact")]),
        ("如果抽烟点燃爆炸了怎么办", [("爆炸", "feared")]),
        ("路口有火灾", [("火灾", "fact")]),
        ("要处理交通事故", [("交通事故", "past")]),
        ("交通事故认定书迟迟没有出", [("交通事故", "past")]),
    ],
)
def test_a_danger_is_a_fact_a_fear_past_or_denied(text, found):
    assert said(text) == found


def test_a_fact_outweighs_the_same_word_said_as_a_fear():
    assert said("一直担心起火，今天真的起火了") == [("起火", "fact")]
    assert kinds_of(dangers_in("担心起火，楼下燃气泄漏", TABLE)) == ["gas"]


def test_denial_ends_with_its_clause():
    assert said("没有人受伤，发生爆炸") == [("爆炸", "fact")]


@pytest.mark.parametrize(
    ("text", "matter", "wish"),
    [
        ("市民来电反映：建设路路灯不亮，希望尽快维修，谢谢！", "建设路路灯不亮", "希望尽快维修"),
        ("您好！我家楼下饭店油烟很大。请环保部门查处。", "我家楼下饭店油烟很大", "请环保部门查处"),
        ("李先生来电反映：小区停水三天了", "小区停水三天了", ""),
        ("市民来电咨询：社保局电话是多少？", "社保局电话是多少", ""),
        ("处理情况。\n工单内容：\n市民来电反映: 门口积水，请问什么时候修", "门口积水，请问什么时候修", ""),
        ("我们小区漏水严重，希望处理。", "我们小区漏水严重", "希望处理"),
        ("居民来电反映，汉阳大道工地夜里还在浇筑混凝土。", "汉阳大道工地夜里还在浇筑混凝土", ""),
        ("来电：早晨六点多玉龙路KTV低音震动", "早晨六点多玉龙路KTV低音震动", ""),
        ("随手反映一下，鹦鹉街道工地夜间施工", "鹦鹉街道工地夜间施工", ""),
        ("业主委员会乱收停车费", "业主委员会乱收停车费", ""),
        ("市民云反映：在城西路41号停电了，什么时候来电呢？", "在城西路41号停电了，什么时候来电呢", ""),
        ("市民公众号咨询：无房证明在哪里开？", "无房证明在哪里开", ""),
        ("市民来电反映: 其是和平大道海名轩的住户。救护车不按要求送医院。", "救护车不按要求送医院", ""),
        (
            "我是芳草路墨水湖小区3栋2单元1203的李建国，电话13812345678，楼下烧烤店排烟管起火了，请尽快处理。",
            "楼下烧烤店排烟管起火了",
            "请尽快处理",
        ),
        ("其在住房保障中心申请限价房，至今没有房，故来电反映。", "在住房保障中心申请限价房，至今没有房", ""),
        (
            "市民来电反映：水管还没有装，请区政府核实处理。\n2017-10-15 镇政府答复：还请市民耐心等待。",
            "水管还没有装",
            "请区政府核实处理",
        ),
        ("建议：路口增设红绿灯", "建议：路口增设红绿灯", ""),
        ("身份证补办的问题", "身份证补办的问题", ""),
        ("", "", ""),
        ("喂，你好", "", ""),
    ],
)
def test_matter_and_wish_are_chosen_from_the_words_of_the_text(text, matter, wish):
    found = gist_of(text)
    assert (found.matter, found.wish) == (matter, wish)


def test_a_long_matter_is_cut_after_a_clause_and_personal_data_is_masked():
    found = gist_of("市民来电反映：" + "小区门口的路面常年积水无人处理，" * 8 + "电话13812345678。")
    assert len(found.matter) <= LONGEST + 1
    assert found.matter.endswith("处理…")
    assert "13812345678" not in gist_of("我的电话13812345678打不通").matter


AREAS = {"建桥街道": ("street", 1), "建桥": ("street", 1), "白鹤社区": ("community", 2), "白鹤": ("community", 2)}
KNOWN = {"翠悦小区": Known("estate", 40, 1, 1.0), "鹦鹉大道": Known("road", 90, 1, 0.4)}


def test_areas_and_learned_names_are_found_once_each_the_longer_first():
    places = Gazetteer(AREAS, KNOWN).find("家住建桥街道白鹤社区翠悦小区，鹦鹉大道旁，白鹤的居民")
    found = [(one.kind, one.name, one.area) for one in places]
    assert found == [
        ("street", "建桥街道", 1),
        ("community", "白鹤社区", 2),
        ("estate", "翠悦小区", 1),
        ("road", "鹦鹉大道", None),  # its cases lie in several streets
    ]
    assert all(one.certain for one in places)


def test_a_name_nobody_learned_is_guessed_by_its_look_and_said_to_be_a_guess():
    (place,) = Gazetteer({}, {}).find("秀英区锦绣花园门口积水")
    assert (place.kind, place.name, place.certain) == ("estate", "锦绣花园", False)


@pytest.mark.parametrize("text", ["整个小区停电", "小区门口", "在马路上", "去医院看病", "一个公司", ""])
def test_kinds_of_places_are_no_names(text):
    assert Gazetteer({}, {}).find(text) == []


@pytest.mark.parametrize(
    "text",
    ["明天去区政府门口拉横幅堵路", "老板关门跑路", "使得小区人车混行", "反对在门口开设医院", "具备开办医院的条件", "擅自修改铺路材料",
     "占用人行道路", "坐210路", "保安殴打业主致小区不安"],
)  # fmt: skip
def test_what_only_ends_like_a_place_is_none(text):
    assert Gazetteer({}, {}).find(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("抵押给建设银行", "建设银行"),
        ("在诺亚山林小区门口", "诺亚山林小区"),
        ("爱尔眼科集团要开店", "爱尔眼科集团"),
        ("火炬路积水", "火炬路"),
        ("前往开元东路办事", "开元东路"),
        ("强烈要求兴润达实业有限公司退款", "兴润达实业有限公司"),
    ],
)
def test_a_guessed_name_begins_with_a_word_that_may_be_of_a_name(text, name):
    assert [one.name for one in Gazetteer({}, {}).find(text)] == [name]


def test_names_are_learned_from_many_texts_with_their_street():
    before = ["反映", "投诉", "家住", "来到", "位于", "关于"]
    texts = [(f"市民{word}锦江花园停水", 7) for word in before] + [("实验小学门口", street) for street in range(8)]
    found = learn_names(texts)
    assert found["锦江花园"] == Known("estate", 6, 7, 1.0)
    assert "江花园" not in found  # nearly always the end of the longer name
    assert "实验小学" not in found  # in every street there is one
