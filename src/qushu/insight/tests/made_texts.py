"""Made-up calls of four matters, for tests: no real row in them."""

import random

MATTERS = {
    "市政维修所": ["路灯不亮", "井盖破损", "路面有坑", "路灯坏了"],
    "城管执法局": ["占道经营", "饭店油烟", "夜间施工噪音", "乱贴广告"],
    "水务公司": ["停水", "水管漏水", "自来水发黄", "水压太低"],
    "教育局": ["学校补课", "学区划分", "幼儿园收费", "老师体罚"],
}
PLACES = ["建设路", "新华小区", "人民广场旁", "向阳里", "滨江花园", "和平街"]
SAID = ["市民来电反映：", "来电咨询：", "网友留言："]
WISHES = ["请核实处理。", "希望尽快解决！", "影响生活。", "已经三天了。"]


def made_rows(count: int, seed: int) -> tuple[list[str], list[str]]:
    """Texts and their labels, each label as often as the others."""
    rng = random.Random(seed)
    labels = [sorted(MATTERS)[at % len(MATTERS)] for at in range(count)]
    texts = [
        rng.choice(SAID) + rng.choice(PLACES) + rng.choice(MATTERS[label]) + "，" + rng.choice(WISHES)
        for label in labels
    ]
    return texts, labels
