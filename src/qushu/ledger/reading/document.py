"""A whole disclosure: which part of it is what, and what of it could not be read."""

import re
from itertools import pairwise

from qushu.kernel.errors import Refused

from .department import read_department
from .flow import Flow, flow_of
from .headings import read_headings
from .narrative import read_figures
from .parts import Document, Project, Unread
from .projects import CODE, NotAProject, read_project

_TITLE = re.compile(
    r"(?:第[一二三四]部分|表\s?\d+[.．])?(?P<name>[一-鿿（）()]{2,40}?)(?P<year>20\d{2})年(?:度)?部门(?:预算|收支)"
)
_DEPARTMENT = re.compile(r"部门整体支出绩效目标申报表(?=填报日期|单位：|部门[（(])")
_FORM = re.compile(rf"项目名称(?=.{{1,120}}?项目编码{CODE})")
_CODE = re.compile(rf"项目编码(?P<code>{CODE})")
_UNIT = re.compile(r"单位：(?P<unit>万元|亿元|元)")
_NARRATIVE = re.compile(r"第三部分")
_GLOSSARY = re.compile(r"第四部分|名词解释")
_NEXT_FORM = "部门项目申报表"
_NEXT_TABLE = re.compile(rf"表\s?\d+(?:[.．]|(?={_NEXT_FORM}))|{_NEXT_FORM}")
LARGEST = 3_000_000
"""Characters of a document; the one of a district's centre has 66,000, a whole district with all its departments a few million."""


class BadDocument(Refused):
    """What was given isn't a disclosed department budget, or not one that can be read."""

    code = "bad_document"


def read_document(text: str) -> Document:
    """All parts of a disclosure, with their lines. Raises BadDocument when it lacks one: it is something else, or was cut off."""
    if len(text) > LARGEST:
        raise BadDocument(f"文件有 {len(text):,} 个字，超过 {LARGEST:,}，不像一份部门预算。什么也没有导入。")
    lines = lines_of(text)
    flow = flow_of(lines)
    title = _TITLE.search(flow.text)
    forms = [one.start() for one in _FORM.finditer(flow.text)]
    whole = _DEPARTMENT.search(flow.text)
    if title is None or whole is None or not forms:
        missing = [
            words
            for words, there in (
                ("年度标题（××年部门预算）", title),
                ("部门整体支出绩效目标申报表", whole),
                ("项目申报表", forms),
            )
            if not there
        ]
        raise BadDocument(
            f"没有找到{'、'.join(missing)}，这不是一份可以识别的部门预算公开文件。什么也没有导入；请核对文件是否完整、是否为文字版。"
        )
    told = _NARRATIVE.search(flow.text, forms[-1])
    closing = _GLOSSARY.search(flow.text, told.end()) if told else None
    if told is None or closing is None:
        lacking = "第四部分（名词解释）" if told else "第三部分（预算情况说明）"
        raise BadDocument(
            f"文件到第 {len(lines)} 行就完了，没有{lacking}，像是不完整的。什么也没有导入；请取完整的文件。"
            f"原文确实没有这一部分的，可以另存为文字，在末尾补上它的标题再导入。"
        )
    end = told.start()
    before = _NEXT_TABLE.search(flow.text, whole.end(), forms[0])
    own = flow.part(whole.end(), before.start() if before else forms[0])
    department, unread = read_department(own, title["name"])
    units = [(one["unit"], flow.line(one.start())) for one in _UNIT.finditer(flow.text, 0, end)]
    unit = units[0][0] if units else "万元"
    projects, left = _projects(flow, [*forms, end], unit)
    unread += left
    figures = tuple(read_figures(flow.part(told.start(), closing.start()), lines))
    forms_from, forms_to = flow.line(whole.start()), flow.line(end)
    outside = ((place, line) for place, line in enumerate(lines, start=1) if not forms_from <= place < forms_to)
    return Document(
        year=int(title["year"]),
        unit=unit,
        department=department,
        projects=tuple(projects),
        figures=figures,
        unread=tuple(sorted(unread + _missing_tables(flow), key=lambda one: one.line)),
        headings=tuple(read_headings(outside)),
        units=tuple(units),
    )


def lines_of(text: str) -> list[str]:
    """The lines by whose numbers, from 1, every place of the document is named."""
    return text.replace("\f", "\n").splitlines()


def _projects(flow: Flow, bounds: list[int], unit: str) -> tuple[list[Project], list[Unread]]:
    projects: list[Project] = []
    unread: list[Unread] = []
    for begin, until in pairwise(bounds):
        after = flow.text.find(_NEXT_FORM, begin, until)
        form = flow.part(begin, after if after > 0 else until)
        try:
            project, left = read_project(form, unit)
        except NotAProject as bad:
            unread.append(Unread(form.line(0), "项目申报表", form.text[:60], str(bad)))
            continue
        projects.append(project)
        unread += left
    said = len(_CODE.findall(flow.text))
    if said != len(bounds) - 1:
        unread.append(
            Unread(flow.line(bounds[0]), "项目申报表", f"{said} 个项目编码", f"只认出 {len(bounds) - 1} 张表")
        )
    return projects, unread


_TABLE = re.compile(r"表\s?(?P<number>\d{1,2})[.．]?(?P<title>[^.．\d].{3,60}?表)")


def _missing_tables(flow: Flow) -> list[Unread]:
    """Tables whose title stands there with nothing below: in a PDF they are pictures."""
    found = [one for one in _TABLE.finditer(flow.text) if flow.begins(one.start())]
    unread = []
    for number, one in enumerate(found):
        until = found[number + 1].start() if number + 1 < len(found) else one.end()
        below = flow.text[one.end() : until]
        if number + 1 < len(found) and not re.search(r"\d", below) and "没有" not in below:
            unread.append(
                Unread(
                    flow.line(one.start()), f"表 {one['number']}", one["title"], "只有表名，没有文字内容（可能是图片）"
                )
            )
    return unread
