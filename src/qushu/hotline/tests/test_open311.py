"""Open311 GeoReport v2: both forms against the fields of the specification, errors, what stays private, a real client."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from georeport import GeoReport
from jsonschema import validate

from qushu.cases.models import Case
from qushu.cases.tests.district import District
from qushu.hotline.tests.test_api import Caller

pytestmark = pytest.mark.django_db
TEXT = {"type": "string"}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"],
    "properties": dict.fromkeys(["service_code", "service_name", "description", "keywords", "group"], TEXT)
    | {"metadata": {"type": "boolean"}, "type": {"enum": ["realtime", "batch", "blackbox"]}},
}
REQUEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["service_request_id", "status", "service_name", "service_code", "requested_datetime"],
    "properties": dict.fromkeys(
        [
            "service_request_id", "status_notes", "service_name", "service_code", "description", "agency_responsible",
            "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id",
            "zipcode", "media_url",
        ],
        TEXT,
    )
    | {
        "status": {"enum": ["open", "closed"]},
        "lat": {"type": ["number", "null"]},
        "long": {"type": ["number", "null"]},
    },
}  # fmt: skip
ERRORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["code", "description"],
        "properties": {"code": {"type": "integer"}, "description": TEXT},
    },
}


def get(path: str, **asked: str):
    return Client().get(f"/open311/v2/{path}", asked)


def assert_error(answer, status: int) -> str:
    assert answer.status_code == status, answer.content.decode()
    said = answer.json()
    validate(said, ERRORS)
    assert said[0]["code"] == status
    return said[0]["description"]


@pytest.fixture
def key(district: District) -> str:
    return Caller(district, "agent").secret


def send(district: District, key: str, **more: str):
    said = {
        "api_key": key,
        "service_code": district.category.code,
        "description": "路灯不亮，我的电话 13800138000",
        "address_string": "钟家村1号302室",
        "address_id": district.community.code,
        "lat": "30.551234",
        "long": "114.271234",
        "first_name": "小明",
        "last_name": "王",
        "phone": "13900139000",
        "email": "wang@example.org",
    }
    return Client().post("/open311/v2/requests.json", said | more)


def number_of(answer) -> str:
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()[0]["service_request_id"]


def test_services_and_their_definition_in_both_forms(district: District):
    told = get("services.json").json()
    validate(told, {"type": "array", "minItems": 100, "items": SERVICE})
    assert district.category.code in {one["service_code"] for one in told}
    tree = ElementTree.fromstring(get("services.xml").content)
    assert tree.tag == "services"
    assert len(tree.findall("service")) == len(told)
    assert [one.tag for one in tree[0]] == list(told[0])
    assert tree[0].findtext("metadata") == "true"
    definition = get(f"services/{district.category.code}.json").json()
    assert definition["attributes"][0]["code"] == "kind"
    tree = ElementTree.fromstring(get(f"services/{district.category.code}.xml").content)
    assert tree.tag == "service_definition"
    keys = [one.text for one in tree.findall("attributes/attribute/values/value/key")]
    assert keys == list(Case.Kind.values)


def test_a_request_becomes_a_case_with_its_caller_sealed(district: District, key: str):
    case = Case.objects.get(number=number_of(send(district, key, **{"attribute[kind]": "complaint"})))
    assert (case.channel_id, case.state, case.kind) == ("open311", "accepted", "complaint")
    assert (case.category_id, case.area_id) == (district.category.pk, district.community.pk)
    assert case.caller_index is not None
    assert b"13900139000" not in bytes(case.statement.sealed)


def test_what_everybody_sees_holds_no_personal_data(district: District, key: str):
    number = number_of(send(district, key))
    told = get("requests.json").json()
    validate(told, {"type": "array", "items": REQUEST})
    one = told[0]
    assert (one["service_request_id"], one["status"]) == (number, "open")
    assert "138****8000" in one["description"]
    assert (one["lat"], one["long"]) == (30.55, 114.27)
    assert "302" not in one["address"] and district.community.name in one["address"]
    with_key = get(f"requests/{number}.json", api_key=key).json()[0]
    assert with_key["address"] == "钟家村1号302室"
    assert with_key["lat"] == 30.551234


def test_only_what_came_by_open311_is_public_and_no_sealed_matter(district: District, key: str):
    other = Caller(district, "agent").post("/cases", {"channel": "12345", "text": "水管爆裂"}).json()["number"]
    number = number_of(send(district, key))
    assert [one["service_request_id"] for one in get("requests.json").json()] == [number]
    assert_error(get(f"requests/{other}.json"), 404)
    assert get(f"requests/{other}.json", api_key=key).status_code == 200
    Case.objects.filter(number=number).update(marks=["sensitive"])
    assert get("requests.json").json() == []


def test_requests_are_chosen_by_number_service_status_and_time(district: District, key: str):
    first, second = number_of(send(district, key)), number_of(send(district, key))
    Case.objects.filter(number=first).update(state="closed", closed_at=timezone.now())

    def numbers(**asked: str) -> set[str]:
        return {one["service_request_id"] for one in get("requests.json", **asked).json()}

    assert numbers(status="open") == {second}
    assert numbers(status="closed") == {first}
    assert numbers(status="open,closed") == {first, second}
    assert numbers(service_request_id=f"{first},{second}", status="open") == {first, second}
    assert numbers(service_code="nothing") == set()
    now = timezone.now()
    assert numbers(start_date=(now - timedelta(days=1)).isoformat()) == {first, second}
    assert numbers(end_date=(now - timedelta(days=1)).isoformat()) == set()


def test_errors_are_those_of_the_specification(district: District, key: str):
    assert_error(send(district, ""), 403)
    assert_error(send(district, "qushu_wrong"), 403)
    assert_error(send(district, Caller(district, "agent", "case.read").secret), 403)
    assert_error(send(district, key, service_code=""), 400)
    assert_error(send(district, key, service_code="nix"), 404)
    assert "lat and long" in assert_error(send(district, key, lat="", address_string="", address_id=""), 400)
    assert_error(send(district, key, lat="north"), 400)
    assert_error(send(district, key, description="长" * 4001), 400)
    assert_error(send(district, key, **{"attribute[kind]": "rant"}), 400)
    assert_error(get("requests.json", start_date="yesterday"), 400)
    assert_error(get("requests.json", start_date="2024-01-01T00:00:00Z", end_date="2024-06-01T00:00:00Z"), 400)
    assert_error(get("requests.json", status="lost"), 400)
    assert_error(get("services/nix.json"), 404)
    assert_error(get("tokens/nix.json"), 404)
    assert_error(Client().delete("/open311/v2/services.json"), 405)
    tree = ElementTree.fromstring(get("services/nix.xml").content)
    assert (tree.tag, tree.findtext("error/code")) == ("errors", "404")
    assert Case.objects.count() == 0


def test_a_token_gives_the_number(district: District, key: str):
    number = number_of(send(district, key))
    assert get(f"tokens/{number}.json").json() == [{"service_request_id": number, "token": number}]


def test_text_that_xml_cannot_hold_does_not_break_the_document(district: District, key: str):
    number = number_of(send(district, key, description="坏字符\x0b<b>&路灯"))
    tree = ElementTree.fromstring(get(f"requests/{number}.xml").content)
    assert tree.tag == "service_requests"
    assert "<b>&路灯" in tree.findtext("request/description")


def test_discovery_says_where_to_ask(district: District):
    told = Client().get("/open311/discovery.json").json()
    assert told["endpoints"][0]["url"].endswith("/open311/v2")
    tree = ElementTree.fromstring(Client().get("/open311/discovery.xml").content)
    assert tree.findtext("endpoints/endpoint/formats/format") == "application/json"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_existing_client_reads_everything(district: District, key: str, live_server, form: str):
    number = number_of(send(district, key))
    client = GeoReport(f"{live_server.url}/open311/v2", output_format=form)
    assert district.category.code in {one["service_code"] for one in client.get_service_list()}
    assert client.get_service_definition(district.category.code)["service_code"] == district.category.code
    assert client.get_service_request(number)["service_request_id"] == number
    found = client.get_service_requests(status="open")
    assert (found[0] if isinstance(found, list) else found)["service_request_id"] == number
