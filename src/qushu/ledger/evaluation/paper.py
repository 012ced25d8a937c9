"""The form on paper: money, targets, what people wrote, the evidence of every number, signatures."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from qushu.kernel.papers import (
    Cell,
    Column,
    Heading,
    Note,
    Paper,
    Paragraph,
    Table,
    day_in_words,
)

from ..indicators.rules import LIGHTS, Light
from .snapshot import Told

SHOWN_HASH = 16
SMALL = 9.0


def paper_of(said: Told, seal: str = "") -> Paper:
    """The paper of a form; `seal` is the hash in hex of a signed one, without it the paper says that it is a draft."""
    table = _scored(said) if said["kind"] == "self" else _watched(said)
    texts = [
        (Heading("偏差原因"), said["reasons"]),
        (Heading("改进措施和结果应用" if said["kind"] == "self" else "纠偏措施"), said["measures"]),
    ]
    written = [block for head, words in texts if words for block in (head, Paragraph(words))]
    state = f"已签署封存，封存哈希 {seal}" if seal else "草稿，未签署"
    return Paper(
        title=f"{said['title']}",
        unit=said["department"],
        day=date.fromisoformat(said["as_of"]),
        blocks=(
            _about(said),
            _money(said),
            table,
            Note(f"取值截至 {said['as_of']}，{said['filled_at']} 取值。{_basis(said)}"),
            *written,
            *_projects(said),
            Heading("每个数的依据"),
            _proofs(said),
            Note(f"{state}。依据文件：{said['document']}。"),
            _people(said),
        ),
    )


def _people(said: Told) -> Table:
    """Who wrote, reviewed and signed, with the days; names are empty on what the public sees."""
    people = said["people"]
    signed = _signed_on(said)
    issued = f"{said['department']}　{day_in_words(signed)}" if signed else said["department"]
    rows: list[list[str | Cell]] = [
        [name or "—" for _, name, _ in people],
        [at[:10] or "—" for _, _, at in people],
        [Cell(issued, across=len(people))],
    ]
    return Table([Column()] * len(people), rows, [[what for what, _, _ in people]], points=SMALL + 1, together=True)


def _about(said: Told) -> Table:
    """Whose form it is, as of when, with which result; what was to be reached and what was."""
    day = day_in_words(date.fromisoformat(said["as_of"]))
    result = (
        ("自评得分", f"{said['score']} 分（{said['grade']}）")
        if said["kind"] == "self"
        else ("全年已过", f"{said['pace']}%")
    )
    rows = [
        [_label("项目名称" if said["code"] else "部门"), Cell(said["owner"], across=3)],
        *([[_label("主管部门"), said["department"], _label("项目编码"), said["code"]]] if said["code"] else []),
        [_label("截至"), day, _label(result[0]), result[1]],
        [_label("年度绩效目标"), Cell("\n".join(said["goals"]), across=3, align="left")],
        [_label("目标完成情况"), Cell(said["reached"], across=3, align="left")],
    ]
    return Table([Column(1.2), Column(3), Column(1), Column(2)], rows, points=SMALL)


def _label(words: str) -> Cell:
    return Cell(words, bold=True)


def _signed_on(said: Told) -> date | None:
    at = said["people"][-1][2]
    return date.fromisoformat(at[:10]) if at else None


def _basis(said: Told) -> str:
    if said["kind"] == "monitor":
        return f"全年已过 {said['pace']}%；累计类指标按时间进度看，比率类按现值看。"
    return f"评分方案：{said['scheme']['name']}，依据{said['scheme']['source']}；没有设的一级指标，分值按比例并入其余。"


def _wan(amount: str) -> str:
    return f"{Decimal(amount) / 10_000:,.6f}".rstrip("0").rstrip(".") if amount else "未建账"


def _money(said: Told) -> Table:
    money = said["money"]
    row = ["年度资金", *(_wan(money[name]) for name in ("granted", "budget", "paid")), f"{money['rate'] or '—'}%"]
    head = ["预算执行", "年初预算数", "全年预算数", "执行数", "执行率"]
    if said["kind"] == "self":
        row += [said["scheme"]["execution"], money["points"]]
        head += ["分值", "得分"]
    return Table([Column(2), *(Column(1.2) for _ in row[1:])], [row], [head], unit="单位：万元", points=SMALL)


def _scored(said: Told) -> Table:
    columns = [
        Column(1.8), Column(2.15), Column(2.9, "left"), Column(1.8), Column(2.15), Column(1.1), Column(1.1), Column(2.6, "left"),
    ]  # fmt: skip
    head = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因和措施"]

    def cells(line: Told) -> list[str]:
        return [line["name"], line["promised"], _sourced(line), line["points"], line["score"], line["reason"]]

    last: list[str | Cell] = [
        Cell("总分（含执行率）", across=5, bold=True),
        "100",
        Cell(said["score"], bold=True),
        f"等级：{said['grade']}",
    ]
    return Table(columns, [*_merged(said["lines"], cells), last], [head], points=SMALL)


def _watched(said: Told) -> Table:
    columns = [
        Column(1.8), Column(2.15), Column(2.2, "left"), Column(1.75), Column(2.1), Column(0.9), Column(1.5), Column(1.2), Column(2, "left"),
    ]  # fmt: skip
    head = ["一级指标", "二级指标", "三级指标", "年度指标值", "现值", "完成 %", "预计年末", "判断", "偏差原因和措施"]

    def cells(line: Told) -> list[str]:
        proof = line["proof"]
        span = f"{proof['low']} 至 {proof['high']}" if proof.get("low") else "—"
        light = light_words(proof.get("light", "unknown"))
        return [
            line["name"],
            line["promised"],
            _sourced(line),
            proof.get("reached") or "—",
            span,
            light,
            line["reason"],
        ]

    return Table(columns, _merged(said["lines"], cells), [head], points=SMALL)


def _projects(said: Told) -> list[Heading | Table]:
    """In a department's form: how far each project's own form is, and what a signed one came to."""
    if not said.get("projects"):
        return []
    is_self = said["kind"] == "self"
    head = ["序号", "项目", "预算（万元）", "截至", "状态", *(["得分", "等级"] if is_self else [])]
    rows: list[list[str | Cell]] = [
        [
            str(place),
            one["name"],
            _wan(one["budget"]),
            one["as_of"] or "—",
            one["state"],
            *([one["score"] or "—", one["grade"] or "—"] if is_self else []),
        ]
        for place, one in enumerate(said["projects"], 1)
    ]
    columns = [Column(0.6), Column(4, "left"), *(Column(1.2) for _ in head[2:])]
    return [Heading(f"各项目{'自评' if is_self else '监控'}情况"), Table(columns, rows, [head], points=SMALL)]


def light_words(light: Light) -> str:
    """A light in words; a dash where there is none."""
    return "—" if light == "unknown" else LIGHTS[light]


def _sourced(line: Told) -> str:
    """The value with the word for where it comes from: what a person says is never taken for what was measured."""
    return line["source_words"] if line["source"] == "none" else f"{line['value']}\n（{line['source_words']}）"


def _merged(lines: Sequence[Told], cells: Callable[[Told], list[str]]) -> list[list[str | Cell]]:
    """Rows whose equal first and second levels are one cell."""
    rows: list[list[str | Cell]] = []
    for level1, of_one in groupby(lines, lambda line: line["level1"]):
        some = list(of_one)
        first: list[str | Cell] = [Cell(level1, down=len(some))]
        for level2, of_two in groupby(some, lambda line: line["level2"]):
            few = list(of_two)
            second: list[str | Cell] = [Cell(level2, down=len(few))]
            for line in few:
                rows.append([*first, *second, *cells(line)])
                first, second = [], []
    return rows


def _proofs(said: Told) -> Table:
    rows = [[str(place), line["name"], proof_words(line)] for place, line in enumerate(said["lines"], 1)]
    return Table(
        [Column(0.6), Column(3, "left"), Column(7, "left")], rows, [["序号", "指标", "取值依据"]], points=SMALL
    )


def proof_words(line: Told) -> str:
    """Where a number comes from, in one sentence."""
    proof = line["proof"]
    if "hash" in proof:
        edition = proof.get("edition", f"第 {proof['version']} 版")  # forms signed before there were editions
        rests = f"（{'；'.join(proof['definition'])}）" if proof.get("definition") else ""
        return (
            f"{line['source_words']}：{proof['system']}“{proof['measure']}”{edition}口径{rests}，截至 {proof['through']}，"
            f"计入 {proof['rows']:,} 行，行哈希 {proof['hash'][:SHOWN_HASH]}…"
        )
    if "evidence" in proof:
        files = "；".join(f"{name}（SHA-256 {digest[:SHOWN_HASH]}…）" for name, digest, *_ in proof["files"])
        return f"人工填报：{proof['by']} {proof['on']}，依据 {proof['evidence']}{'；佐证 ' + files if files else ''}"
    return f"{line['source_words']}。" if line["source"] == "none" else f"{line['source_words']}，依据从略。"
