"""Others are told, in order, at least once, and what is stuck can be seen."""

from datetime import timedelta

import httpx
import pytest

from qushu.cases import actions as cases
from qushu.cases.exports import LISTS
from qushu.hotline.models import Delivery, Subscriber
from qushu.hotline.ways.actions import add_subscriber, deliver_due, post, relay_outbox, retry_now, stuck_deliveries
from qushu.hotline.ways.rules import next_try, sign, wants
from qushu.kernel.errors import Forbidden, Refused
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in

SECRET = "a-secret-long-enough"
MINUTE = timedelta(minutes=1)


class Receiver:
    """Another system: answers with the statuses it was given, then 200, and keeps what it got."""

    def __init__(self, *statuses):
        self.statuses, self.got = list(statuses), []

    def __call__(self, url, body, headers):
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0:
            raise httpx.ConnectError("no one there")
        if status < 300:
            self.got.append((url, body, headers))
        return status


@pytest.fixture
def subscriber(district):
    call = district.call("administrator")
    return add_subscriber(call.actor, "市平台", "https://city.example/hook", SECRET, ["case.*"], call.now)


def two_moves(district):
    case = cases.accept_case(district.call("agent"), district.intake())
    return cases.register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general"
    )


def test_every_move_is_told_in_order_and_signed(district, subscriber):
    case, now, receiver = two_moves(district), district.call("agent").now, Receiver()
    assert relay_outbox(now) == 2
    assert relay_outbox(now) == 0
    assert deliver_due(now, receiver) == (2, 0)
    assert [body.decode().split('"topic": "')[1].split('"')[0] for _, body, _ in receiver.got] == [
        "case.accept",
        "case.register",
    ]
    url, body, headers = receiver.got[0]
    assert headers["X-Qushu-Signature"] == sign(SECRET, int(now.timestamp()), body)
    assert case.number in body.decode()
    assert "19900270001" not in body.decode()


def test_a_failed_message_holds_back_the_later_ones_of_its_case_only(district, subscriber):
    first, second, now = two_moves(district), two_moves(district), district.call("agent").now
    relay_outbox(now)
    receiver = Receiver(500)
    assert deliver_due(now, receiver) == (2, 1)
    assert [delivery.key for delivery in stuck_deliveries()] == [first.number]
    assert Delivery.objects.filter(key=second.number, delivered_at__isnull=True).count() == 0
    assert deliver_due(now + MINUTE, receiver) == (2, 0)
    told = [body.decode() for _, body, _ in receiver.got if first.number in body.decode()]
    assert ["accept" in told[0], "register" in told[1]] == [True, True]


def test_a_receiver_that_is_away_is_tried_again_later(district, subscriber):
    two_moves(district)
    now = district.call("agent").now
    relay_outbox(now)
    assert deliver_due(now, Receiver(0)) == (0, 1)
    stuck = stuck_deliveries().get()
    assert (stuck.attempts, stuck.next_try_at, "ConnectError" in stuck.last_error) == (1, now + MINUTE, True)
    retry_now(district.people["administrator"], stuck.pk, now)
    assert deliver_due(now, Receiver()) == (2, 0)


def test_waiting_grows_and_ends_at_six_hours(district):
    now = district.call("agent").now
    assert [next_try(attempts, now) - now for attempts in (1, 2, 3, 30)] == [
        MINUTE,
        2 * MINUTE,
        4 * MINUTE,
        timedelta(hours=6),
    ]


def test_topics_choose_what_is_told():
    assert wants([], "case.accept")
    assert wants(["case.*"], "case.accept")
    assert not wants(["case.close"], "case.accept")


def test_only_administrators_add_receivers_and_a_short_secret_is_refused(district):
    call = district.call("dispatcher")
    with pytest.raises(Forbidden):
        add_subscriber(call.actor, "x", "https://x.example/", SECRET, [], call.now)
    with pytest.raises(Refused, match="16"):
        add_subscriber(district.people["administrator"], "x", "https://x.example/", "short", [], call.now)


def test_the_page_shows_what_is_stuck_and_who_may_not_write_sees_no_form(district, subscriber):
    case = two_moves(district)
    now = district.call("agent").now
    relay_outbox(now)
    deliver_due(now, Receiver(503))
    administrator = log_in(Account.objects.get(username="t-administrator"))
    page = administrator.get("/ways/").content.decode()
    assert case.number in page
    assert "对方回应 503" in page
    dispatcher = log_in(Account.objects.get(username="t-dispatcher"))
    assert "添加接收方" not in dispatcher.get("/ways/").content.decode()
    assert dispatcher.post("/ways/", {"name": "x"}).status_code == 403


ROBOT = "https://me:geheim@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b2c3d"


def test_the_key_in_an_address_is_shown_to_nobody(district):
    call = district.call("administrator")
    add_subscriber(call.actor, "值班群", ROBOT, SECRET, [], call.now)
    shown = [
        log_in(Account.objects.get(username=f"t-{role}")).get("/ways/") for role in ("dispatcher", "administrator")
    ]
    told = [page.content.decode() for page in shown] + [str(AuditEntry.objects.latest("pk").data)]
    [row] = LISTS["subscribers"].rows(call.actor, {}, call.now)
    told.append(" ".join(str(column.read(row)) for column in LISTS["subscribers"].columns(False)))
    for text in told:
        assert "https://qyapi.weixin.qq.com/cgi-bin/webhook/send" in text
        assert "0a1b2c3d" not in text and "geheim" not in text


@pytest.mark.parametrize("url", ["http://", "https://[::1", "http://xn--/", "http://例子..cn/"])
def test_an_address_that_is_none_is_refused_and_holds_back_no_other(district, subscriber, url):
    call = district.call("administrator")
    with pytest.raises(Refused, match="地址"):
        add_subscriber(call.actor, "x", url, SECRET, [], call.now)
    Subscriber.objects.create(name="早先的", url=url)
    two_moves(district)
    relay_outbox(call.now)
    receiver = Receiver()

    def send(url: str, *rest: object) -> int:
        return receiver(url, *rest) if url == subscriber.url else post(url, *rest)

    assert deliver_due(call.now, send) == (2, 1)
