"""One case from the call to the month's assessment, by five people, each at a browser and logged in; and one that comes
back because the citizen is not satisfied.

Recordings lie in test-results/ after a failure, or always with QUSHU_RECORD=1: pictures, a film (film.webp), and traces, which
`playwright show-trace` shows. `make film` makes the film of the first story anew for the README.
"""

import re

from playwright.sync_api import expect

from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.people.models import Account, Unit
from qushu.web.tests.browsing import Film, House, Person, filmed
from qushu.web.tests.keyboard import Keys

pytestmark = IN_BROWSER
TEXT = "市民来电反映：钟家村社区门口的路灯已经三天不亮，夜里出行很不方便，希望尽快派人维修。"


class Centre:
    """The people of this story; each logs in when first needed."""

    def __init__(self, film: Film, house: House) -> None:
        self.film, self.house = film, house
        self.known: dict[str, Person] = {}
        self.unit: Unit = Account.objects.get(username="unit").grants.get().unit

    def __getitem__(self, role: str) -> Person:
        if role not in self.known:
            self.known[role] = self.film.person(role).log_in(*self.house.accounts[role])
        return self.known[role]


def accepts(agent: Person) -> str:
    """The agent types while listening and registers with one key: the case's number."""
    page = agent.page
    agent.goes_to("受理台")
    agent.shows("登录后的受理台，光标等在来电号码里")
    page.fill("#id_phone", "13900270001")
    page.fill("#id_name", "王先生")
    agent.shows("接起电话：来电号码和姓名")
    page.fill("#id_text", TEXT)
    agent.sees("路灯不亮", within="#hints")
    agent.shows("边听边记，系统提示类别和相似的件")
    page.locator("#hints").get_by_role("button", name="采用").first.click()
    agent.shows("采用建议的类别，Ctrl+Enter 保存")
    page.keyboard.press("Control+Enter")
    agent.sees("已受理并立案")
    agent.shows("已受理并立案，把受理编号告诉市民")
    return page.locator(".flash a").inner_text().split()[0]


def dispatches(dispatcher: Person, number: str, unit: Unit) -> None:
    dispatcher.goes_to("派单")
    dispatcher.sees(number)
    dispatcher.shows("待派队列：建议单位和派单时限")
    dispatcher.page.get_by_role("link", name=f"派单 {number}").click()
    dispatcher.sees("建议派")
    dispatcher.picks(unit.name, dispatcher.page.locator("main"), name="主办单位")
    dispatcher.shows("选定主办单位")
    dispatcher.page.get_by_role("button", name="派单", exact=True).click()
    dispatcher.sees(f"{number} 已提交")
    dispatcher.shows("已派单")


def handles(clerk: Person, number: str) -> None:
    """Acknowledges, speaks with the citizen, answers."""
    clerk.goes_to("单位收件箱")
    clerk.shows("收件箱：期限最近的在前")
    clerk.page.get_by_role("link", name=number, exact=True).click()
    clerk.shows("工单：诉求、时限和能做的事")
    does(clerk, "签收")
    does(clerk, "联系", {"沟通情况": "已与市民通话，约定今晚八点前修好。"})
    clerk.page.get_by_role("toolbar").get_by_role("link", name=re.compile("办结")).first.click()
    dialog = clerk.page.get_by_role("dialog")
    dialog.get_by_label("已解决", exact=True).check()
    dialog.get_by_label("给市民的答复").fill("维修人员已到现场更换灯具，路灯恢复照明。")
    clerk.shows("修好了路灯，写下给市民的答复")
    dialog.get_by_role("button", name=re.compile("办结")).click()
    dialog.wait_for(state="hidden")
    clerk.sees(f"{number} 已提交")
    clerk.shows("已办结，等待回访")


def does(person: Person, move: str, said: dict[str, str] | None = None) -> None:
    """A move by its dialog on the case page."""
    person.page.get_by_role("toolbar").get_by_role("link", name=re.compile(move)).first.click()
    dialog = person.page.get_by_role("dialog")
    for label, words in (said or {}).items():
        dialog.get_by_label(label).fill(words)
    person.shows(f"{move}：填写并提交")
    dialog.locator(".form-actions .button-primary").click()
    dialog.wait_for(state="hidden")
    person.sees("已提交")
    person.shows(f"已{move}，写入办理记录")


def calls_back(caller: Person, number: str, satisfied: bool) -> None:
    caller.goes_to("回访")
    caller.page.get_by_role("link", name=f"回访 {number}").click()
    caller.sees("恢复照明")
    page = caller.page
    page.get_by_label("是" if satisfied else "否", exact=True).check()
    page.get_by_label("满意" if satisfied else "不满意", exact=True).check()
    page.get_by_label("市民的话").fill("灯亮了，谢谢。" if satisfied else "只亮了一晚又不亮了。")
    if not satisfied:
        page.get_by_label("回访之后").select_option("reopen")
        page.get_by_label("重办理由").select_option(index=1)
    caller.shows("打电话问市民：解决了吗，满意吗")
    page.get_by_role("button", name="保存，打下一个").click()
    caller.sees(f"{number} 已记录回访")
    caller.shows("已记录回访，接着打下一个")


def registers_by_keyboard(agent: Person) -> str:
    """The cursor waits in the number's field."""
    keys = Keys(agent)
    expect(agent.page.locator("#id_phone")).to_be_focused()
    keys.type("13900270002")
    keys.tab_to("诉求内容")
    keys.type(TEXT)
    agent.sees("路灯不亮", within="#hints")
    keys.tab_to("类别")
    keys.type("路灯不亮")
    keys.press("Enter", "Control+Enter")
    agent.sees("已受理并立案")
    return agent.page.locator(".flash a").inner_text().split()[0]


def dispatches_by_keyboard(dispatcher: Person, number: str, unit: Unit) -> None:
    """Row, case, move, unit, send: j Enter a, its name, Enter, Ctrl+Enter."""
    keys = Keys(dispatcher)
    keys.goes_to("派单")
    dispatcher.sees(number)
    keys.press("j", "Enter")
    dispatcher.page.wait_for_url(f"**/cases/{number}/")
    keys.press("a")
    expect(dispatcher.page.get_by_role("dialog").get_by_role("combobox", name="主办单位")).to_be_focused()
    keys.press("Control+a")
    keys.type(unit.name)
    keys.press("Enter", "Control+Enter")
    dispatcher.sees("已提交")
    dispatcher.sees(unit.name)


def answers_by_keyboard(clerk: Person, number: str) -> None:
    """Acknowledges, tells of the call, answers."""
    keys = Keys(clerk)
    keys.goes_to("单位收件箱")
    clerk.sees(number)
    keys.press("j", "Enter")
    clerk.page.wait_for_url(f"**/cases/{number}/")
    keys.tab_to("签收")
    keys.opens_dialog()
    keys.press("Control+Enter")
    clerk.sees("已提交")
    keys.tab_to("首次联系")
    keys.opens_dialog()
    keys.tab_to("沟通情况")
    keys.type("已与市民通话。")
    keys.press("Control+Enter")
    clerk.sees("已与市民通话")
    keys.tab_to("办结")
    keys.opens_dialog()
    keys.press("Space")
    keys.tab_to("给市民的答复")
    keys.type("维修人员已到现场更换灯具，路灯恢复照明。")
    keys.press("Control+Enter")
    clerk.sees("路灯恢复照明")


def test_a_case_lives_from_the_call_to_the_assessment_of_the_month(house_browser, house: House) -> None:  # type: ignore[no-untyped-def]
    with filmed(house_browser, house.url, "whole-life") as film:
        centre = Centre(film, house)
        number = accepts(centre["agent"])
        dispatches(centre["dispatcher"], number, centre.unit)
        handles(centre["unit"], number)
        calls_back(centre["follow_up"], number, satisfied=True)
        boss = centre["supervisor"]
        boss.goes_to("考核")
        row = boss.page.get_by_role("row").filter(has=boss.page.get_by_role("cell", name=centre.unit.name, exact=True))
        figure = row.get_by_role("link").filter(has_not_text=centre.unit.name).first
        assert figure.inner_text().split()[0] == "1"
        boss.sees(centre.unit.name)
        boss.shows("本月考核：各单位的各项比率和得分")
        figure.click()
        boss.sees(number)
        boss.shows("点开一个数字，看到背后的件")
        boss.page.get_by_role("link", name=number, exact=True).click()
        for words in ("已结案", "灯亮了，谢谢", "首次联系"):
            boss.sees(words)
        boss.shows("同一件的一生：从来电到结案，每一步都有记录")
        boss.page.get_by_text("灯亮了，谢谢").first.scroll_into_view_if_needed()
        boss.shows("办理记录前后相扣，改动一行就会被查出")


def test_what_was_handled_by_keyboard_alone_comes_back_if_not_good_enough_and_the_leader_is_told(  # type: ignore[no-untyped-def]
    house_browser, house: House
) -> None:
    with filmed(house_browser, house.url, "comes-back") as film:
        centre = Centre(film, house)
        number = registers_by_keyboard(centre["agent"])
        dispatches_by_keyboard(centre["dispatcher"], number, centre.unit)
        answers_by_keyboard(centre["unit"], number)
        calls_back(centre["follow_up"], number, satisfied=False)
        leader = centre["unit_leader"]
        leader.page.get_by_role("link", name=re.compile("消息")).click()
        leader.sees(number)
        clerk = centre["unit"]
        clerk.goes_to("单位收件箱")
        clerk.page.get_by_role("link", name=re.compile("^重办")).click()
        clerk.sees(number)
