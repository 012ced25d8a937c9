"""Cases that mean the same: learned from the cases themselves, placed by the worker, found within what one may see."""

from itertools import combinations

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.models import Case, Statement
from qushu.cases.tests.district import District
from qushu.insight.search import jobs, placing
from qushu.insight.search.likeness import nearest, vector_of_case, vector_of_text
from qushu.insight.search.meaning import SIZE, Space
from qushu.insight.search.models import Meaning, MeaningSpace
from qushu.insight.search.queries import found_cases
from qushu.insight.search.reindexing import reindex_all
from qushu.kernel.errors import Refused
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

PARTS = (
    ("路灯不亮", "夜里看不见路", "请维修路灯", "灯杆歪了", "整条街没有照明"),
    ("噪音扰民", "半夜施工", "工地太吵睡不着", "音响声音大", "跳舞放音乐"),
    ("自来水停水", "水压太低", "水管爆裂漏水", "家里没有水用", "水质发黄"),
)


def texts(count: int = 240) -> list[str]:
    return [
        f"市民反映第{at % 17}栋{PARTS[at % 3][at // 3 % 5]}，{PARTS[at % 3][at // 15 % 5]}，希望处理"
        for at in range(count)
    ]


@pytest.fixture(scope="module")
def space() -> Space:
    return Space.learn(texts())


def test_words_that_occur_together_mean_the_same():
    """More themes than the space has directions: it has no room for what tells the words of one theme apart."""
    themes = [
        [chr(0x4E00 + 10 * at + 2 * word) + chr(0x4E01 + 10 * at + 2 * word) for word in range(5)] for at in range(80)
    ]
    space = Space.learn([f"{one}，{other}" for words in themes for one, other in combinations(words, 2)])
    here, there, elsewhere = (space.vector("，".join(words)) for words in (themes[7][:2], themes[7][2:], themes[8][:2]))
    assert here @ there > 0.9 and here @ elsewhere < 0.5


def test_a_vector_has_length_one(space: Space):
    assert abs(float(np.linalg.norm(space.vector("路灯不亮，请维修"))) - 1) < 1e-3


def test_a_space_is_kept_whole(space: Space):
    again = Space.from_bytes(space.to_bytes())
    assert np.allclose(again.vector("路灯不亮"), space.vector("路灯不亮"), atol=2e-3)


def test_nothing_said_has_no_vector(space: Space):
    assert space.vector("") is None and space.vector("，。 1") is None


@pytest.fixture
def placed(district: District, space: Space, monkeypatch) -> list[Case]:
    monkeypatch.setattr(placing, "LEAST", SIZE + 20)
    monkeypatch.setattr(Space, "learn", lambda said: space)  # learned once for all tests: it takes a second
    call = district.call("agent")
    made = [actions.accept_case(call, district.intake(text=text)) for text in texts(120)]
    Case.objects.filter(pk__in=[case.pk for case in made[::2]]).update(lead_unit=district.water)
    jobs.place_cases(0)
    return made


@pytest.mark.django_db
def test_the_worker_learns_and_places_old_and_new(district: District, placed):
    assert Meaning.objects.count() == len(placed)
    late = actions.accept_case(district.call("agent"), district.intake(text="路灯不亮，夜里看不见路"))
    jobs.place_cases(0)
    jobs.place_cases(0)
    assert Meaning.objects.filter(case=late).exists() and MeaningSpace.objects.count() == 1


@pytest.mark.django_db
def test_too_few_cases_teach_nothing(district: District):
    jobs.place_cases(0)
    assert not MeaningSpace.objects.exists()
    with pytest.raises(Refused):
        placing.learn_space(timezone.now())
    assert nearest(Case.objects.all(), "[1]") == [] and vector_of_text("路灯") is None


@pytest.mark.django_db
def test_the_likest_come_first_within_what_one_may_see(district: District, placed):
    vector = vector_of_text("路灯不亮 没有照明")
    everything = nearest(found_cases(district.people["supervisor"], {}, timezone.now()), vector)
    assert [one.likeness for one in everything] == sorted((one.likeness for one in everything), reverse=True)
    said = Statement.objects.get(pk=everything[0].case_id).text
    assert any(part in said for part in PARTS[0])
    mine = nearest(found_cases(district.people["unit"], {}, timezone.now()), vector)
    assert mine and {one.case_id for one in mine} <= {case.pk for case in placed[::2]}
    assert nearest(found_cases(district.people["other_unit"], {}, timezone.now()), vector) == []


@pytest.mark.django_db
def test_similar_cases_on_the_page(district: District, placed):
    client = log_in(Account.objects.get(pk=district.people["supervisor"].account_id))
    html = client.get("/search/", {"near": placed[0].number}).content.decode()
    assert "意思最相近的 50 件" in html and f'href="/cases/{placed[0].number}/"' in html
    assert len(client.get("/search/", {"near": placed[0].number, "unit": district.housing.pk}).context["results"]) == 0
    assert len(client.get("/search/", {"q": "路灯坏了看不见", "sort": "meaning"}).context["results"]) == 50
    hidden = log_in(Account.objects.get(pk=district.people["other_unit"].account_id))
    assert len(hidden.get("/search/", {"near": placed[0].number}).context["results"]) == 0
    assert "找相似" in client.get(f"/cases/{placed[0].number}/").content.decode()


@pytest.mark.django_db
def test_a_new_space_places_all_anew(district: District, placed, monkeypatch):
    monkeypatch.setattr(placing, "BULK", 50)
    first, second, seen = placing.space_in_use(), placing.learn_space(timezone.now()), []

    def note(done: int, total: int) -> None:
        seen.append((done, total))
        with connection.cursor() as cursor:  # the test is one transaction: no index is made while references wait
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert placing.place_all(second, note) == len(placed)
    assert seen[-1] == (len(placed), len(placed)) and not Meaning.objects.filter(space=first).exists()
    assert vector_of_case(placed[0]) is not None


@pytest.mark.django_db
def test_reindexing_brings_words_back(district: District, placed):
    Statement.objects.update(words=None)
    assert reindex_all(lambda done, total: None) == len(placed)
    assert not Statement.objects.filter(words=None).exists()
