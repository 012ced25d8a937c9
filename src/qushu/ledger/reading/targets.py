"""Tables of targets (绩效目标表): rows of level one, level two, name and one value (long-term) or three (annual).

Cells are broken over lines and merged over rows, so the table is read as a flow: a level begins a row, a run of values
ends it, what lies between is the name. Where one level holds several rows, each ends with its values.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .flow import Flow
from .parts import Reading, Scope, Target, Unread
from .values import CELL, NONE, reading_of

LEVELS_1 = ("成本指标", "产出指标", "效益指标", "满意度指标")
LEVELS_2 = (
    "经济成本指标", "社会成本指标", "生态环境成本指标", "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标",
    "服务对象满意度指标", "满意度指标",
)  # fmt: skip
"""二级指标 of the ministry's guide (财预〔2020〕10 号, 财办预〔2021〕101 号) and of forms that shorten them."""

_ONE, _TWO = "|".join(LEVELS_1), "|".join(LEVELS_2)
_LEVEL = re.compile(rf"(?P<one>{_ONE})(?P<two>{_TWO})|(?P<only>{_TWO})")
_GOAL = re.compile(r"(?:长期|年度)(?:绩效)?目标\s?(?P<number>\d+)")
LONGEST = 120
"""Characters of a name, or of a value in words; the longest of the real document have 27 and 10."""

VALUES: dict[Scope, int] = {"long": 1, "annual": 3}


@dataclass(frozen=True)
class Table:
    """Where a table stands and what it is about. `goals` are the words of each goal by its number."""

    owner: str
    scope: Scope
    goals: dict[int, str]
    where: str
    goal: int = 1


@dataclass(frozen=True)
class _Cell:
    start: int
    end: int
    reading: Reading | None


def read_targets(flow: Flow, table: Table) -> tuple[list[Target], list[Unread]]:
    """The rows of one table, in order, and what of it was not understood."""
    targets: list[Target] = []
    unread: list[Unread] = []
    strange: set[int] = set()
    goal, one = table.goal, ""
    levels = list(_levels(flow))
    for number, level in enumerate(levels):
        before = flow.part(levels[number - 1].end() if number else 0, level.start())
        goal = _goal_in(before, goal)
        if table.goals and goal not in table.goals and goal not in strange:
            strange.add(goal)
            unread.append(Unread(before.line(0), table.where, f"目标 {goal}", "指标表里的目标编号没有对应的目标"))
        one = level["one"] or one
        two = level["two"] or level["only"]
        end = levels[number + 1].start() if number + 1 < len(levels) else len(flow.text)
        row = flow.part(level.end(), end)
        named = _GOAL.search(row.text)
        if named and row.bounded(named.start(), named.end()):
            row = row.part(0, named.start())
        rows, left = _rows(row, VALUES[table.scope])
        for place, name, values in rows:
            former = (values[0], values[1]) if len(values) == 3 else (None, None)
            promised = values[-1]
            if promised is None or not name or not one:
                unread.append(Unread(row.line(place), table.where, row.text, "缺少指标名称、一级指标或指标值"))
                continue
            if max(len(name), len(str(promised.value))) > LONGEST:
                unread.append(Unread(row.line(place), table.where, row.text, f"指标名称或指标值超过 {LONGEST} 个字"))
                continue
            words = table.goals.get(goal, "")
            targets.append(Target(table.owner, table.scope, words, one, two, name, promised, former, row.line(place)))
        if left:
            unread.append(Unread(row.line(0), table.where, f"{two} {left}", "没有认出指标值"))
    if not levels:
        unread.append(Unread(flow.line(0), table.where, flow.text[:80], "没有认出任何指标"))
    return targets, unread


def _levels(flow: Flow) -> Iterator["re.Match[str]"]:
    place = 0
    while found := _LEVEL.search(flow.text, place):
        if flow.bounded(found.start(), found.end()):
            yield found
            place = found.end()
        else:
            place = found.start() + 1


def _goal_in(flow: Flow, present: int) -> int:
    found = list(_GOAL.finditer(flow.text))
    return int(found[-1]["number"]) if found else present


def _rows(flow: Flow, count: int) -> tuple[list[tuple[int, str, list[Reading | None]]], str]:
    """(place, name, values) of each row between two levels, and what is left over."""
    rows: list[tuple[int, str, list[Reading | None]]] = []
    begin = 0
    for run in _runs(flow):
        if len(run) < count:
            continue
        values = run[-count:]
        name = flow.text[begin : values[0].start].strip()
        if name:
            rows.append((begin, name, [cell.reading for cell in values]))
            begin = run[-1].end
    left = flow.part(begin, len(flow.text))
    if left.text.strip():
        told = _in_words(left, count)
        if told is None:
            return rows, left.text.strip()
        rows.append((begin, *told))
    return rows, ""


def _runs(flow: Flow) -> Iterator[list[_Cell]]:
    """Cells that follow each other without anything between."""
    run: list[_Cell] = []
    for cell in _cells(flow):
        if run and flow.text[run[-1].end : cell.start].strip():
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def _cells(flow: Flow) -> Iterator[_Cell]:
    after = 0
    for place in flow.words:
        if place < after:
            continue
        found = CELL.match(flow.text, place)
        if found and flow.begins(found.end()):
            after = found.end()
            yield _Cell(place, found.end(), reading_of(found))


def _in_words(flow: Flow, count: int) -> tuple[str, list[Reading | None]] | None:
    """A row whose value is words: they take up the last words of the name (…的综合排名 | 综合排名中心城区前列)."""
    best: tuple[int, list[int]] | None = None
    for begin in flow.words[1:]:
        starts = [place for place in flow.words if place >= begin]
        spoken = next((place for place in starts if not _is_none(flow, place)), None)
        if spoken is None:
            continue
        name = flow.text[:begin]
        taken_up = max((k for k in range(2, 13) if name.endswith(flow.text[spoken : spoken + k])), default=0)
        if not taken_up:
            continue
        head = flow.text[spoken : spoken + taken_up]
        cells = [place for place in starts if flow.text.startswith(head, place) or _is_none(flow, place)]
        if cells[0] == begin and len(cells) == count and (best is None or taken_up > best[0]):
            best = taken_up, cells
    if best is None:
        return None
    cells = [*best[1], len(flow.text)]
    told = [flow.text[cells[i] : cells[i + 1]].strip() for i in range(count)]
    return flow.text[: cells[0]].strip(), [None if words == NONE else Reading("text", words) for words in told]


def _is_none(flow: Flow, place: int) -> bool:
    return flow.text.startswith(NONE, place) and flow.begins(place + len(NONE))
