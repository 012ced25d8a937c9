"""What a form says in words against its own numbers: amounts, contracts, counts, goals."""

import re
from collections.abc import Iterator

from ..reading.parts import Department, Document, Project
from ..reading.projects import BUDGET, CHANGE, GROUND, PLAN
from ..reading.values import AMOUNT, MONEY, UNITS, money_of, number_of
from .narrative import paragraphs
from .pairs import Pair, Said, sum_of

_OF_YEAR = r"(?:(?P<year>\d{4})年)?"
_WANTED = re.compile(
    rf"{_OF_YEAR}[^，。；：\d]{{0,8}}(?:申请|共计|项目预算为|预计为|预计在|年需)[^，。；：\d]{{0,16}}{MONEY}"
)
_OVERALL = re.compile("总投资|总预算|累计|[两二三四五]年")
CLAUSE = 12
"""Characters before an amount that may say that it is for more than this year."""

_COST = re.compile(rf"(?P<what>[一-鿿]{{2,12}}费)用?(?:约为|预计为|约|为){MONEY}")
_CONTRACT = re.compile(rf"(?P<year>\d{{4}})年的?[^，。；\d]{{0,16}}合同总?价为?{MONEY}")
_PERIODS = ("期", "篇", "份")
_UNIT = "|".join(sorted(map(re.escape, set(UNITS) - {"年", "月", "日", "天", "个月", "小时"}), key=len, reverse=True))
_MEASURED = re.compile(rf"(?P<number>{AMOUNT})(?P<unit>{_UNIT})")
_AT_LEAST = re.compile(rf"(?:资金|经费|费用)不少于{MONEY}")
_WORDS = re.compile(r"[一-鿿]{4}")
_FRAME = re.compile(r"^全年|完成|(?:篇数|期数|份数|数量|数)$")


def wanted(document: Document) -> Iterator[Pair]:
    """申请经费 22 万元, 费用共计 15 万元."""
    for project in document.projects:
        said = [*_texts(project), ("变动理由", project.change.words, project.at(CHANGE))]
        said += [("测算依据", one.basis, one.line) for one in project.items if len(project.items) == 1]
        for where, words, line in said:
            for found in _WANTED.finditer(words):
                overall = _OVERALL.search(words[max(0, found.start() - CLAUSE) : found.end()])
                if int(found["year"] or document.year) == document.year and not overall:
                    left = Said(f"{where}中", money_of(found, document.unit), line)
                    yield Pair(left, Said("当年预算", project.budget, project.at(BUDGET)), f"{project.name} ")


def wanted_in_narrative(document: Document) -> Iterator[Pair]:
    for project, section, begin, until in paragraphs(document):
        for found in _WANTED.finditer(section.words, begin, until):
            if int(found["year"] or document.year) == document.year:
                said = Said("说明中", money_of(found, document.unit), section.line(found.start("amount")))
                yield Pair(said, Said("申报表当年预算", project.budget, project.at(BUDGET)), f"{project.name} ")


def at_least(document: Document) -> Iterator[Pair]:
    """资金不少于 3 万元."""
    for project in document.projects:
        for where, words, line in _all_texts(project):
            for found in _AT_LEAST.finditer(words):
                said = Said(f"{where}中不少于", money_of(found, document.unit), line)
                yield Pair(said, Said("当年预算", project.budget, project.at(BUDGET)), f"{project.name} ", "at_most")


def repeated(document: Document) -> Iterator[Pair]:
    """527 个政务网点 in the narrative and in the form; what is told as of a day (截至) may differ."""
    for project, section, begin, until in paragraphs(document):
        known: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
        for where, words, line in _all_texts(project):
            for key, number, _ in _measured(words):
                known.setdefault(key, []).append((number, where, line))
        for key, number, place in _measured(section.words[begin:until]):
            there = known.get(key, [])
            same = [one for one in there if one[0] == number]
            for told, where, line in (same or there)[:1]:
                left = Said(f"说明中“{''.join(key)}”", number, section.line(begin + place))
                yield Pair(left, Said(where, told, line), f"{project.name} ")


def _measured(words: str) -> Iterator[tuple[tuple[str, str], str, int]]:
    """Numbers of sentences that tell no day: (unit and what follows, or what precedes and unit), number, place."""
    for sentence in re.finditer(r"[^。；]+", words):
        for found in () if "截至" in sentence[0] else _MEASURED.finditer(sentence[0]):
            before, after = sentence[0][: found.start()][-4:], sentence[0][found.end() :][:4]
            place = sentence.start() + found.start()
            if _WORDS.fullmatch(after):
                yield (found["unit"], after), found["number"], place
            elif _WORDS.fullmatch(before):
                yield (before, found["unit"]), found["number"], place


def costs(document: Document) -> Iterator[Pair]:
    """劳务外包服务费约为 255 万元, and the line items whose basis names that cost."""
    for project in document.projects:
        for where, words, line in _texts(project):
            for found in _COST.finditer(words):
                mine = [one for one in project.items if found["what"] in one.basis]
                if mine:
                    left = Said(f"{where}中{found['what']}", money_of(found, document.unit), line)
                    added = sum_of(one.amount for one in mine)
                    yield Pair(left, Said("测算依据是它的明细之和", added, mine[0].line), f"{project.name} ")


def contracts(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        for _, words, line in _all_texts(project):
            for found in _CONTRACT.finditer(words):
                budget = project.former.get(int(found["year"]))
                if budget is not None:
                    said = Said(f"{found['year']} 年合同总价", money_of(found, document.unit), line)
                    yield Pair(said, Said("该年预算", budget, project.at(CHANGE)), f"{project.name} ", "at_most")


def counts(document: Document) -> Iterator[Pair]:
    """月报 12 期, and the target 全年完成月报数量."""
    for project in document.projects:
        for target in project.targets:
            core = _FRAME.sub("", target.name)
            if target.promised.unit not in _PERIODS or len(core) < 2 or isinstance(target.promised.value, str):
                continue
            pattern = re.compile(rf"{re.escape(core)}(?P<number>\d+)(?:{'|'.join(_PERIODS)})")
            for where, words, line in _texts(project):
                for found in pattern.finditer(words):
                    said = Said(f"{where}中{core}", number_of(found["number"]), line)
                    yield Pair(said, Said("指标值", target.promised.value, target.line), f"{project.name} ")


def goals(document: Document) -> Iterator[Pair]:
    """全年发布信息 3300 条以上, and the one target of that goal in this unit."""
    owners: list[Department | Project] = [document.department, *document.projects]
    for owner in owners:
        for goal in owner.goals:
            mine = [one for one in owner.targets if (one.scope, one.goal) == (goal.scope, goal.words)]
            for found in _MEASURED.finditer(goal.words):
                same = [one for one in mine if one.promised.unit == found["unit"]]
                if len(same) == 1:
                    said = Said("目标中", f"{number_of(found['number'])}{found['unit']}", goal.line)
                    yield Pair(said, Said("指标值", f"{same[0].promised.value}{found['unit']}", same[0].line), f"{same[0].name} ")  # fmt: skip


def _texts(project: Project) -> list[tuple[str, str, int]]:
    return [("立项依据", project.ground, project.at(GROUND)), ("实施方案", project.plan, project.at(PLAN))]


def _all_texts(project: Project) -> list[tuple[str, str, int]]:
    return [*_texts(project), *(("测算依据", one.basis, one.line) for one in project.items)]
