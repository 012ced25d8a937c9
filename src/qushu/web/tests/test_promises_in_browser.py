"""From the disclosed budget to the signed self-evaluation, by people at browsers: import, bind, review, measure, evaluate,
sign by three, release."""

from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.ledger.evaluation.models import Evaluation
from qushu.ledger.models import Target
from qushu.ledger.tests.made_document import made_document
from qushu.web.tests.browsing import Film, House, Person, filmed

pytestmark = IN_BROWSER
HOTLINE = "42010524031T000000201"
MEASURED = "一年故障不多于5次则满意度为100%"
END = date(2025, 12, 31)


def imports(administrator: Person, path: Path) -> None:
    administrator.goes_to("预算")
    administrator.page.get_by_role("button", name="导入公开文件").first.click()
    administrator.page.set_input_files("#upload input[type=file]", path)
    administrator.page.get_by_role("button", name="导入", exact=True).click()
    administrator.sees("已导入", within="body")


def binds(analyst: Person, target: Target) -> None:
    """Proposes the analysis of answers in time for a target in percent."""
    page = analyst.page
    page.goto(f"{analyst.site}/ledger/targets/{target.pk}/")
    choice = page.locator("form[action$='/bind/']")
    analyst.picks("按时办结率", choice)
    choice.get_by_role("button", name="提出绑定").click()
    analyst.sees("等待另一位同事审核", within="body")


def reviews(leader: Person, target: Target) -> None:
    leader.page.goto(f"{leader.site}/ledger/targets/{target.pk}/")
    leader.page.get_by_role("button", name="通过").click()
    leader.sees("并已测量一次", within="body")


def states(analyst: Person, target: Target) -> None:
    """What no system measures is stated with its evidence."""
    page = analyst.page
    page.goto(f"{analyst.site}/ledger/targets/{target.pk}/?year=2025")
    form = page.locator("form[action$='/state/']")
    form.get_by_label("数值").fill("100")
    form.get_by_label("依据").fill("年度总结，综合科存档")
    form.get_by_role("button", name="保存填报").click()
    analyst.sees("人工填报")


def evaluates(analyst: Person) -> Evaluation:
    """Draws up the form, judges what is words, writes the reasons, submits."""
    page = analyst.page
    analyst.goes_to("绩效自评")
    page.get_by_role("button", name="生成绩效表").first.click()
    dialog = page.locator("#draw")
    project = Target.objects.filter(project__code=HOTLINE).values_list("project", flat=True)[0]
    dialog.locator("select[name=project]").select_option(str(project), force=True)
    dialog.get_by_label("截至").fill(END.isoformat())
    dialog.get_by_role("button", name="生成", exact=True).click()
    analyst.sees("项目支出绩效自评表", within="body")
    for box in page.get_by_label("定档 %").all():
        box.fill("90")
    for box in page.get_by_label("偏差原因和措施").all():
        box.fill("已按月核对台账")
    page.get_by_role("button", name="保存并提交复核").click()
    analyst.sees("等待另一位同事复核", within="body")
    return Evaluation.objects.get()


def test_three_people_sign_what_the_systems_measured(house_browser, house: House, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    with filmed(house_browser, house.url, "promises") as film:
        people = {role: _logged_in(film, house, role) for role in ("administrator", "analyst", "supervisor", "leader")}
        imports(people["administrator"], path)
        measured = Target.objects.get(project__code=HOTLINE, scope="annual", name=MEASURED)
        stated = Target.objects.get(project__code=HOTLINE, scope="annual", name="成本控制")
        binds(people["analyst"], measured)
        reviews(people["leader"], measured)
        states(people["analyst"], stated)
        evaluation = evaluates(people["analyst"])
        address = f"{house.url}/ledger/evaluations/{evaluation.pk}/"
        for role, button, said in (
            ("supervisor", "复核通过", "等待签署"),
            ("leader", "签署并封存", "已签署并封存"),
        ):
            people[role].page.goto(address)
            people[role].page.get_by_role("button", name=button).click()
            people[role].sees(said, within="body")
        people["leader"].page.get_by_role("button", name="向公众公开").click()
        people["leader"].sees("已公开", within="body")
        visitor = film.person("visitor")
        visitor.page.goto(f"{house.url}/open/budget/")
        expect(visitor.page.get_by_role("row").filter(has_text="通信链路租赁费")).to_contain_text("2025")
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("link", name="PDF").click()
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert Evaluation.objects.get().state == "signed"


def _logged_in(film: Film, house: House, role: str) -> Person:
    return film.person(role).log_in(*house.accounts[role])
