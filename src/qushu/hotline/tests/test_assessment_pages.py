"""The assessment in the browser's terms: who sees it, what it shows, what every figure opens."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment.measures import MEASURES
from qushu.hotline.models import AssessmentPeriod, AssessmentScheme
from qushu.hotline.seed import seed_hotline
from qushu.hotline.tests.test_importing import run
from qushu.kernel.tables import read_table
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in

DAY = timedelta(days=1)


def client(role):
    return log_in(Account.objects.get(username=f"t-{role}"))


def call(district, role, back=timedelta()):
    return Call(district.people[role], timezone.now() - back)


def handle(district, back, satisfaction, solved=True):
    """A case handled so long ago, in time, and judged."""
    case = actions.accept_case(call(district, "agent", back), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "urgent")
    actions.register_case(call(district, "agent", back), case.pk, *facts)
    actions.dispatch_case(call(district, "dispatcher", back), case.pk, district.water.pk)
    actions.acknowledge_case(call(district, "unit", back), case.pk)
    actions.resolve_case(call(district, "unit", back), case.pk, "已修复", "solved")
    actions.follow_up_case(
        call(district, "follow_up", back), case.pk, reached=True, solved=solved, satisfaction=satisfaction
    )
    return case


@pytest.fixture
def handled(district):
    """A case handled today, in time and to somebody's content."""
    seed_hotline()
    return handle(district, timedelta(), 5)


@pytest.fixture
def earlier(district):
    """Two cases forty days ago, one to nobody's content, and the month (first day, last day) in which they lie."""
    seed_hotline()
    day = timezone.localdate(timezone.now() - 40 * DAY, SHANGHAI)
    cases = handle(district, 40 * DAY, 5), handle(district, 40 * DAY, 2, solved=False)
    return cases, day - DAY, day + 5 * DAY


def test_each_role_gets_what_the_matrix_says(district):
    for role in ("unit", "unit_leader", "supervisor", "analyst", "leader"):
        assert client(role).get("/assessment/").status_code == 200, role
        assert client(role).get("/assessment/frozen/").status_code == 200, role
        assert client(role).get("/assessment/export/csv/").status_code == 200, role
    for role in ("agent", "dispatcher", "follow_up"):
        assert client(role).get("/assessment/").status_code == 403, role
        assert client(role).get("/assessment/frozen/").status_code == 403, role
        assert client(role).get("/assessment/export/csv/").status_code == 403, role
    for role in ("unit", "supervisor", "leader", "agent"):
        assert client(role).get("/assessment/schemes/").status_code == 403, role
        assert client(role).get("/assessment/schemes/new/").status_code == 403, role
    assert client("administrator").get("/assessment/schemes/").status_code == 200
    assert client("unit_leader").post("/assessment/freeze/").status_code == 403


def test_a_rate_stands_there_and_its_figures_open_the_case(district, handled):
    supervisor = client("supervisor")
    page = supervisor.get("/assessment/").content.decode()
    assert district.water.name in page
    assert "100.00%" in page
    link = re.search(r'href="(/assessment/unit/\d+/satisfied/part/[^"]*)"', page)[1].replace("&amp;", "&")
    assert handled.number in supervisor.get(link).content.decode()


@pytest.mark.parametrize("subject", ["unit", "street", "category", "category&level=3", "agent"])
def test_every_number_of_the_page_is_the_number_of_rows_it_opens(district, handled, subject):
    handle(district, timedelta(), 1, solved=False)
    supervisor = client("supervisor")
    page = supervisor.get(f"/assessment/?subject={subject}").content.decode()
    links = set(re.findall(r'<a [^>]*href="(/assessment/\w+/\d+/\w+/\w+/[^"]*)"[^>]*>(?:剔除 )?([\d,]+)</a>', page))
    assert len(links) > 15
    for address, figure in links:
        opened = supervisor.get(address.replace("&amp;", "&")).content.decode()
        assert opened.count("data-href=") == int(figure), address


def test_a_score_of_zero_is_a_score(district, handled):
    scheme = AssessmentScheme.objects.create(
        name="严", subject="unit", version=1, effective_from="2025-01-01", made_at=timezone.now(), tier_by=""
    )
    scheme.rules.create(measure="reopen", target=100, slope=1, floor=0, cap=0)
    page = client("supervisor").get(f"/assessment/?scheme={scheme.pk}").content.decode()
    assert re.search(r"<strong>0\.000</strong>", page)


def test_another_unit_sees_neither_line_nor_rows(district, handled):
    other = log_in(Account.objects.get(username="t-other"))
    assert district.water.name not in other.get("/assessment/").content.decode()
    address = f"/assessment/unit/{district.water.pk}/satisfied/whole/"
    assert handled.number not in other.get(address).content.decode()


def test_a_period_that_ends_before_it_begins_is_refused_with_words(district):
    page = client("supervisor").get("/assessment/?first=2024-03-05&last=2024-03-01")
    assert page.status_code == 422
    assert "结束日期" in page.content.decode()


@pytest.mark.parametrize("query", ["month=2024-13", "first=2024-03-05", "month=x", "scheme=999999", "level=9"])
def test_an_address_that_makes_no_sense_is_answered_with_words(district, query):
    assert client("supervisor").get(f"/assessment/?{query}").status_code == 422


def test_a_figure_that_does_not_exist_is_not_found(district):
    supervisor = client("supervisor")
    for address in ("unit/1/luck/part/", "unit/1/solved/most/", "planet/1/solved/part/"):
        assert supervisor.get(f"/assessment/{address}").status_code == 404, address


def test_categories_are_drilled_down_to_the_leaf(district, handled):
    supervisor = client("supervisor")
    top = district.category.parent.parent
    page = supervisor.get("/assessment/?subject=category").content.decode()
    assert f"within={top.pk}" in page
    below = supervisor.get(f"/assessment/?subject=category&within={top.pk}").content.decode()
    assert f"within={district.category.parent_id}" in below
    leaves = supervisor.get(f"/assessment/?subject=category&within={district.category.parent_id}").content.decode()
    assert district.category.name in leaves


@pytest.mark.parametrize("order", ["name", "score", "tier", "overdue_volume", *MEASURES])
def test_every_column_orders_the_table_both_ways(district, earlier, order):
    (good, _), first, last = earlier
    other = actions.accept_case(call(district, "agent", 40 * DAY), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "urgent")
    actions.register_case(call(district, "agent", 40 * DAY), other.pk, *facts)
    actions.dispatch_case(call(district, "dispatcher", 40 * DAY), other.pk, district.housing.pk)
    pages = [
        client("supervisor").get(f"/assessment/?first={first}&last={last}&sort={sign}{order}").content.decode()
        for sign in ("", "-")
    ]
    for page in pages:
        assert district.water.name in page and district.housing.name in page
    if order in ("name", "acknowledge", "on_time", "overdue_volume"):
        found = [page.index(f">{district.water.name}<") < page.index(f">{district.housing.name}<") for page in pages]
        assert found[0] != found[1]


def test_a_frozen_month_shows_what_was_frozen_and_marks_what_differs_today(district, earlier):
    (good, bad), first, last = earlier
    supervisor = client("supervisor")
    scheme = AssessmentScheme.objects.get(name="承办单位月度考核")
    choice = {"subject": "unit", "first": first, "last": last, "scheme": scheme.pk}
    assert "固定本期" in supervisor.get("/assessment/", choice).content.decode()
    assert supervisor.post("/assessment/freeze/", choice).status_code == 302
    period = AssessmentPeriod.objects.get()
    assert "本期已固定" in supervisor.get("/assessment/", choice).content.decode()
    actions.reopen_case(call(district, "follow_up", 39 * DAY), bad.pk, district.reason("reopen"), "没修好")
    page = supervisor.get("/assessment/", choice).content.decode()
    links = dict(re.findall(r'href="(/assessment/frozen/\d+/\d+/reopen/\w+/[^"]*)">([\d,]+)</a>', page))
    for address, figure in links.items():
        assert supervisor.get(address.replace("&amp;", "&")).content.decode().count("data-href=") == int(figure)
    assert re.search(r"今</span> 1 ÷ 2", page)
    line = period.lines.get(subject_id=district.water.pk)
    form = supervisor.get(f"/assessment/frozen/{line.pk}/reopen/correct/").content.decode()
    assert "更正为 1 ÷ 2" in form
    refused = supervisor.post(f"/assessment/frozen/{line.pk}/reopen/correct/", {"reason": " "})
    assert refused.status_code == 422
    done = supervisor.post(f"/assessment/frozen/{line.pk}/reopen/correct/", {"reason": "固定后重办"}, follow=True)
    assert re.search(r"已更正</span> 50.00% 1 ÷ 2", done.content.decode())
    assert "固定后重办" in supervisor.get("/assessment/frozen/").content.decode()
    assert "今天的数据" in supervisor.get("/assessment/", choice | {"live": 1}).content.decode()


def test_a_unit_sees_its_own_frozen_line_only(district, earlier):
    _, first, last = earlier
    scheme = AssessmentScheme.objects.get(name="承办单位月度考核")
    choice = {"subject": "unit", "first": first, "last": last, "scheme": scheme.pk}
    client("supervisor").post("/assessment/freeze/", choice)
    period = AssessmentPeriod.objects.get()
    mine, other = client("unit"), log_in(Account.objects.get(username="t-other"))
    assert district.water.name in mine.get("/assessment/", choice).content.decode()
    assert district.water.name not in other.get("/assessment/", choice).content.decode()
    behind = f"/assessment/frozen/{period.pk}/{district.water.pk}/on_time/whole/"
    assert mine.get(behind).content.decode().count("data-href=") == 2
    assert other.get(behind).content.decode().count("data-href=") == 0


def test_a_month_that_has_not_ended_cannot_be_frozen(district, handled):
    today = timezone.localdate(timezone.now(), SHANGHAI)
    choice = {"subject": "unit", "first": today, "last": today, "scheme": AssessmentScheme.objects.first().pk}
    answer = client("supervisor").post("/assessment/freeze/", choice, follow=True)
    assert "还没有结束" in answer.content.decode()
    assert not AssessmentPeriod.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_says_what_it_is_and_holds_what_the_page_shows(district, handled, form, tmp_path):
    today = timezone.localdate(timezone.now(), SHANGHAI)
    answer = client("supervisor").get(f"/assessment/export/{form}/?first={today}&last={today}")
    path = tmp_path / f"a.{form}"
    path.write_bytes(answer.content)
    scheme = AssessmentScheme.objects.get(name="承办单位月度考核")
    if form == "csv":
        head, table = answer.content.decode("utf-8-sig").split("名次", 1)
        assert f"时段：{today} 至 {today}" in head and str(scheme) in head
        (tmp_path / "b.csv").write_text(f"名次{table}", encoding="utf-8")
        rows = [row for _, row in read_table(tmp_path / "b.csv")]
        assert [row["承办单位"] for row in rows] == [district.water.name, "合计"]
        assert (rows[0]["满意率 分子"], rows[0]["满意率 分母"]) == ("1", "1")
    else:
        import openpyxl

        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet["A1"].value == f"时段：{today} 至 {today}" and str(scheme) in sheet["A3"].value
        assert [cell.value for cell in sheet["B"]][4:] == ["承办单位", district.water.name, "合计"]
    assert AuditEntry.objects.filter(action="assessment.exported").exists()


def test_sample_rates_are_tried_out_with_the_published_formula(district):
    seed_hotline()
    scheme = AssessmentScheme.objects.get(name="满意与按时评价（连云港公式）", version=2)
    page = client("leader").get(f"/assessment/schemes/{scheme.pk}/?satisfied=87.5&on_time=89.82").content.decode()
    assert "<strong>19.750</strong>" in page and "<strong>14.820</strong>" in page and "<strong>34.570</strong>" in page
    assert client("leader").get(f"/assessment/schemes/{scheme.pk}/?satisfied=101").status_code == 422
    assert client("agent").get(f"/assessment/schemes/{scheme.pk}/").status_code == 403


def test_an_administrator_makes_the_next_version_and_the_former_stays(district):
    seed_hotline()
    former = AssessmentScheme.objects.get(name="街道月度考核")
    administrator = client("administrator")
    address = f"/assessment/schemes/{former.pk}/next/"
    page = administrator.get(address)
    fields = {
        f"{prefix}-{part}": value
        for prefix in ("rule", "tier")
        for part, value in (
            ("TOTAL_FORMS", "2"),
            ("INITIAL_FORMS", "0"),
            ("MIN_NUM_FORMS", "0"),
            ("MAX_NUM_FORMS", "9"),
        )
    }
    assert "rule-TOTAL_FORMS" in page.content.decode()
    today = timezone.localdate(timezone.now(), SHANGHAI)
    assert f'value="{today.isoformat()}"' in page.content.decode()  # the only form that a browser's date field reads
    fields |= {"effective_from": "2030-01-01", "tier_by": "", "freezes_on_day": "8", "source": "区考核办法"}
    fields |= {"rule-0-measure": "satisfied", "rule-0-target": "90", "rule-0-cap": "100", "rule-0-slope": "2"}
    fields |= {"tier-0-name": "好", "tier-0-lowest": "80"}
    wrong = administrator.post(address, fields | {"rule-0-floor": "200"})
    assert wrong.status_code == 422 and "最低分不能高于满分" in wrong.content.decode()
    assert administrator.post(address, fields).status_code == 302
    made = AssessmentScheme.objects.get(name="街道月度考核", version=2)
    assert (made.subject, made.tier_by, made.freezes_on_day) == ("street", "", 8)
    assert [rule.measure for rule in made.rules.all()] == ["satisfied"]
    assert former.rules.count() == 4
    again = administrator.post(address, fields | {"effective_from": "2029-01-01"})
    assert again.status_code == 422 and "不能更早" in again.content.decode()


def test_archived_cases_of_another_system_are_told_where_columns_would_stand_on_noughts(district, tmp_path):
    seed_hotline()
    run(tmp_path, district, until="closed")  # its two good rows lie in March 2024
    page = client("leader").get("/assessment/?month=2024-03").content.decode()
    assert "本期受理的件中有 2 件由旧系统导入" in page
    handle(district, timedelta(), 5)
    assert "由旧系统导入" not in client("leader").get("/assessment/").content.decode()
