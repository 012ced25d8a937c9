"""Files of a folder and contents of an address are fetched, read once, with receipts beside."""

import csv
import json
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.utils import timezone

from qushu.cases.models import Case
from qushu.hotline.feeds import fetching
from qushu.hotline.feeds.pulling import pull, pull_due
from qushu.hotline.feeds.rules import is_public, is_readable
from qushu.hotline.feeds.sources import SourceFacts, add_source, change_source
from qushu.hotline.models import FeedBatch, FeedSource
from qushu.kernel.errors import Forbidden, Refused
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

HEAD = "orderNo,acceptTime,content\n"
GOOD = HEAD + "A-1,2024-03-01T09:30:00,路灯不亮\nA-2,2024-13-01T09:30:00,时间不对\n"


@pytest.fixture
def folder(district, tmp_path, settings):
    """A source with a folder."""
    settings.QUSHU_FEED_FOLDERS = [tmp_path]
    made = tmp_path / "in"
    made.mkdir()
    add_source(
        district.people["administrator"], "box", SourceFacts("市平台", "city_platform", str(made)), timezone.now()
    )
    return made


def receipt(folder, name):
    with (folder / "receipts" / f"{name}.receipt.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_is_read_once_it_looks_the_same_twice_and_never_again(folder, district):
    (folder / "a.csv").write_text(GOOD, encoding="utf-8")
    (folder / "b.csv.part").write_text(GOOD, encoding="utf-8")
    assert pull_due(timezone.now()) == 0
    assert pull_due(timezone.now()) == 1
    assert pull_due(timezone.now()) == 0
    batch = FeedBatch.objects.get()
    assert (batch.way, batch.name, batch.accepted, batch.refused) == ("pull", "a.csv", 1, 1)
    rows = receipt(folder, "a.csv")
    case = Case.objects.get()
    assert [(row["行"], row["编号"], row["结果"], row["受理编号"]) for row in rows] == [
        ("2", "A-1", "已受理", case.number),
        ("3", "A-2", "拒收", ""),
    ]
    assert not list((folder / "receipts").glob("*.part"))


def test_a_file_that_still_grows_is_left_alone(folder):
    path = folder / "a.csv"
    path.write_text(HEAD, encoding="utf-8")
    pull_due(timezone.now())
    path.write_text(GOOD, encoding="utf-8")
    assert pull_due(timezone.now()) == 0
    assert pull_due(timezone.now()) == 1
    assert Case.objects.count() == 1


def test_the_same_content_under_another_name_is_not_read_again(folder, district):
    (folder / "a.csv").write_text(GOOD, encoding="utf-8")
    (folder / "copy.csv").write_text(GOOD, encoding="utf-8")
    done = pull(district.people["administrator"], "box", timezone.now(), at_once=True)
    assert len(done.batches) == FeedBatch.objects.count() == 1


def test_a_broken_file_is_kept_and_said_and_stops_no_other(folder, district):
    (folder / "a.json").write_text('[{"orderNo": ', encoding="utf-8")
    (folder / "b.csv").write_text(GOOD, encoding="utf-8")
    pull(district.people["administrator"], "box", timezone.now(), at_once=True)
    broken, good = FeedBatch.objects.order_by("name")
    assert "JSON" in broken.error
    assert (good.accepted, good.error) == (1, "")
    assert "JSON" in FeedSource.objects.get().last_error
    assert "JSON" in receipt(folder, "a.json")[0]["原因"]
    assert pull_due(timezone.now()) == 0


def test_a_folder_that_is_gone_is_said_and_others_are_read(folder, district, tmp_path):
    administrator = district.people["administrator"]
    change_source(administrator, "box", SourceFacts("市平台", "city_platform", str(tmp_path / "gone")), timezone.now())
    assert pull_due(timezone.now()) == 0
    assert "gone" in FeedSource.objects.get().last_error
    page = log_in(Account.objects.get(username="t-administrator")).get("/ways/").content.decode()
    assert "没有文件夹" in page
    with pytest.raises(Refused, match="gone"):
        pull(administrator, "box", timezone.now())
    with pytest.raises(Forbidden):
        pull(district.people["dispatcher"], "box", timezone.now())


class Web:
    """The other side, as httpx sees it: answers by address, and keeps what it was asked. `names` are looked up once each;
    asked again, a name leads inside."""

    def __init__(self, monkeypatch, **answers):
        self.asked, self.answers = [], answers
        self.names = {"city.example": ["203.0.113.7", "127.0.0.1"], "cdn.example": ["8.8.8.8", "127.0.0.1"]}
        monkeypatch.setattr(fetching, "look_up", self._look_up)
        client = httpx.Client
        monkeypatch.setattr(
            fetching.httpx, "Client", lambda **more: client(transport=httpx.MockTransport(self._answer), **more)
        )

    def _look_up(self, host, port):
        return [self.names[host].pop(0) if host in self.names else host.strip("[]")]

    def _answer(self, request):
        self.asked.append(request)
        status, headers, body = self.answers[request.url.path.strip("/").replace(".", "_")]
        if headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]:
            return httpx.Response(304)
        return httpx.Response(status, headers=headers, content=body)


@pytest.fixture
def address(district):
    """A source with an address."""
    facts = SourceFacts("市平台", "city_platform", "https://city.example/list.json")
    return add_source(district.people["administrator"], "web", facts, timezone.now())[0]


def test_an_address_is_asked_again_only_for_what_is_new(address, monkeypatch):
    rows = [{"orderNo": "W-1", "acceptTime": "2024-03-01T09:30:00", "content": "路灯不亮"}]
    web = Web(monkeypatch, list_json=(200, {"ETag": '"one"'}, json.dumps(rows).encode()))
    assert pull_due(timezone.now()) == 1
    assert pull_due(timezone.now() + timedelta(minutes=1)) == 0
    assert web.asked[1].headers["If-None-Match"] == '"one"'
    assert Case.objects.get().source_ref == "W-1"
    kept = settings.HOME / "feeds" / "web"
    assert (kept / "receipts" / "list.json.receipt.csv").exists()
    assert not (kept / "list.json").exists()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((500, {}, b""), "500"),
        ((302, {"Location": "http://127.0.0.1/secret"}, b""), "内部地址"),
        ((302, {"Location": "http://[::1]/secret"}, b""), "内部地址"),
        ((302, {"Location": "http://169.254.169.254/"}, b""), "内部地址"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "不能读取"),
        ((302, {"Location": "/list.json"}, b""), "转向超过"),
        ((200, {}, b"x" * 200), "超过"),
    ],
)
def test_an_address_that_answers_badly_is_said_and_not_followed_inside(address, monkeypatch, answer, says):
    monkeypatch.setattr(fetching, "MOST_BYTES", 100)
    Web(monkeypatch, list_json=answer)
    assert pull_due(timezone.now()) == 0
    assert says in FeedSource.objects.get().last_error
    assert Case.objects.count() == 0


def test_what_is_readable_and_what_is_public():
    assert [
        name for name in ("a.csv", "a.CSV.gz", "a.csv.part", ".a.csv", "a.exe", "~$a.xlsx") if is_readable(name)
    ] == [
        "a.csv",
        "a.CSV.gz",
    ]
    assert [one for one in ("8.8.8.8", "10.0.0.1", "fe80::1%eth0", "::ffff:127.0.0.1") if is_public(one)] == ["8.8.8.8"]


def test_a_name_is_looked_up_once_and_what_it_led_to_is_connected_to(address, monkeypatch):
    web = Web(
        monkeypatch,
        list_json=(302, {"Location": "https://cdn.example:8443/more.json"}, b""),
        more_json=(302, {"Location": "https://city.example/last.json"}, b""),
        last_json=(200, {}, b"[]"),
    )
    pull_due(timezone.now())
    assert FeedSource.objects.get().last_error == ""
    assert [one.url.host for one in web.asked] == ["203.0.113.7", "8.8.8.8", "203.0.113.7"]
    assert [one.headers["Host"] for one in web.asked] == ["city.example", "cdn.example:8443", "city.example"]
    assert [one.extensions["sni_hostname"] for one in web.asked] == ["city.example", "cdn.example", "city.example"]
    assert web.names == {"city.example": ["127.0.0.1"], "cdn.example": ["127.0.0.1"]}


def test_a_name_that_leads_inside_is_not_followed_although_it_looks_public(address, monkeypatch):
    web = Web(monkeypatch, list_json=(302, {"Location": "http://cdn.example/more.json"}, b""))
    web.names["cdn.example"] = ["169.254.169.254"]
    pull_due(timezone.now())
    assert "内部地址 cdn.example" in FeedSource.objects.get().last_error
    assert len(web.asked) == 1


def test_a_name_that_nobody_knows_is_said(district):
    with pytest.raises(fetching.NotFetched, match="找不到 nowhere.invalid"):
        fetching.look_up("nowhere.invalid", 443)
    assert "127.0.0.1" in fetching.look_up("localhost", 80) or "::1" in fetching.look_up("localhost", 80)


def test_a_redirect_to_a_name_too_long_to_be_looked_up_is_said(address, monkeypatch):
    look_up = fetching.look_up
    web = Web(monkeypatch, list_json=(302, {"Location": f"https://{'a' * 70}.example/"}, b""))
    monkeypatch.setattr(
        fetching, "look_up", lambda *name: web._look_up(*name) if name[0] in web.names else look_up(*name)
    )
    assert pull_due(timezone.now()) == 0
    assert "找不到" in FeedSource.objects.get().last_error


@pytest.mark.parametrize("where", ["/etc", "{in}/../..", "{link}", "{in}x"])
def test_a_folder_outside_those_of_the_setting_can_not_be_named(district, tmp_path, settings, where):
    inside = tmp_path / "feeds"
    inside.mkdir()
    (inside / "link").symlink_to("/etc")
    settings.QUSHU_FEED_FOLDERS = [inside]
    place = where.replace("{in}", str(inside)).replace("{link}", str(inside / "link"))
    facts = SourceFacts("市平台", "city_platform", place)
    with pytest.raises(Refused, match=f"须在{inside}之内") as refused:
        add_source(district.people["administrator"], "box", facts, timezone.now())
    assert refused.value.field == "location"
    assert not FeedSource.objects.exists()


def test_a_folder_that_is_no_longer_allowed_and_a_link_that_leads_out_are_not_read(
    folder, district, settings, tmp_path
):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD, encoding="utf-8")
    (folder / "a.csv").symlink_to(secret)
    assert pull(district.people["administrator"], "box", timezone.now(), at_once=True).batches == []
    settings.QUSHU_FEED_FOLDERS = [tmp_path / "other"]
    with pytest.raises(Refused, match="不在允许的文件夹"):
        pull(district.people["administrator"], "box", timezone.now(), at_once=True)
    assert not FeedBatch.objects.exists()


def test_the_form_says_which_folders_may_be_named(district, settings, tmp_path):
    settings.QUSHU_FEED_FOLDERS = [tmp_path, tmp_path / "two"]
    page = log_in(Account.objects.get(username="t-administrator")).get("/feeds/").content.decode()
    assert f"填 {tmp_path} 或 {tmp_path / 'two'} 之内的文件夹" in page
