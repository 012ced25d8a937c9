"""The vault: what is sealed opens only whole, only in its place, only with its key."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.crypto import Tampered, Vault, vault

DATA, INDEX, OTHER = b"d" * 32, b"i" * 32, b"o" * 32
CIPHERS = pytest.mark.parametrize("cipher", ["aes", "sm4"])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


def safe(cipher: str = "aes", **rest: object) -> Vault:
    return Vault(DATA, INDEX, cipher, **rest)  # type: ignore[arg-type]


@CIPHERS
@given(text=TEXTS, context=st.binary(max_size=40))
def test_what_is_sealed_opens(cipher: str, text: str, context: bytes) -> None:
    sealed = safe(cipher).seal(text, context)
    assert safe(cipher).open(sealed, context) == text
    assert safe(cipher).open(memoryview(sealed), context) == text
    assert len(sealed) == 2 + 12 + len(text.encode()) + 16


@CIPHERS
@given(text=TEXTS, data=st.data())
def test_any_changed_bit_is_noticed(cipher: str, text: str, data: st.DataObject) -> None:
    sealed = bytearray(safe(cipher).seal(text, b"row:1"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        safe(cipher).open(bytes(sealed), b"row:1")


@CIPHERS
def test_a_value_copied_to_another_row_stays_shut(cipher: str) -> None:
    with pytest.raises(Tampered):
        safe(cipher).open(safe(cipher).seal("13812345678", b"statement:1"), b"statement:2")


@CIPHERS
def test_a_value_cut_short_at_any_place_stays_shut(cipher: str) -> None:
    sealed = safe(cipher).seal("13812345678", b"row:1")
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            safe(cipher).open(sealed[:length], b"row:1")


def test_one_value_sealed_twice_looks_different_and_hides_its_text() -> None:
    one, two = safe().seal("13812345678", b"row:1"), safe().seal("13812345678", b"row:1")
    assert one != two
    assert b"13812345678" not in one


@CIPHERS
def test_old_keys_still_open_and_new_rows_use_the_new_one(cipher: str) -> None:
    old = Vault(OTHER, INDEX, cipher).seal("旧", b"row:1")
    with pytest.raises(Tampered):
        safe(cipher).open(old, b"row:1")
    rotated = safe(cipher, old_keys=(OTHER,))
    assert rotated.open(old, b"row:1") == "旧"
    assert not rotated.is_current(old)
    assert rotated.is_current(rotated.seal("新", b"row:1"))
    assert safe(cipher).open(rotated.seal("新", b"row:1"), b"row:1") == "新"


def test_keys_that_share_an_id_are_both_tried() -> None:
    first = Vault(DATA, INDEX)
    mark = first.seal("", b"")[1]
    twin = next(key for n in range(100_000) if Vault(key := n.to_bytes(32), INDEX).seal("", b"")[1] == mark)
    sealed = Vault(twin, INDEX).seal("孪生", b"row:1")
    assert safe(old_keys=(twin,)).open(sealed, b"row:1") == "孪生"
    with pytest.raises(Tampered):
        first.open(sealed, b"row:1")


def test_a_vault_opens_what_the_other_cipher_sealed() -> None:
    assert safe("sm4").open(safe("aes").seal("换算法", b"row:1"), b"row:1") == "换算法"
    assert not safe("sm4").is_current(safe("aes").seal("换算法", b"row:1"))


@pytest.mark.parametrize(
    ("data_key", "index_key", "cipher"), [(b"short", INDEX, "aes"), (DATA, b"", "aes"), (DATA, INDEX, "des")]
)
def test_wrong_keys_and_ciphers_are_refused(data_key: bytes, index_key: bytes, cipher: str) -> None:
    with pytest.raises(ValueError, match=r"bytes|cipher"):
        Vault(data_key, index_key, cipher)


@CIPHERS
def test_one_number_has_one_index_however_it_is_written(cipher: str) -> None:
    forms = [
        "13812345678",
        "+86 138 1234 5678",
        "0086-138-1234-5678",
        "８６１３８１２３４５６７８",
        "013812345678",
        " 138 1234-5678 ",
    ]
    indexes = {safe(cipher).blind_index(form) for form in forms}
    assert len(indexes) == 1
    assert len(indexes.pop()) == 16


def test_other_values_keys_and_hashes_have_other_indexes() -> None:
    first = safe().blind_index("13812345678")
    assert first != safe().blind_index("13812345679")
    assert first != Vault(DATA, OTHER).blind_index("13812345678")
    assert first != safe("sm4").blind_index("13812345678")
    assert safe().blind_index("42010519900101123x") == safe().blind_index(" 420105 19900101 123X")


@pytest.mark.parametrize("blank", ["", "  ", "\u3000"])
def test_blank_values_have_no_index(blank: str) -> None:
    with pytest.raises(ValueError, match="blank"):
        safe().blind_index(blank)


def test_the_vault_of_the_installation_reads_the_settings() -> None:
    vault.cache_clear()
    with override_settings(QUSHU_DATA_KEY=DATA, QUSHU_INDEX_KEY=INDEX, QUSHU_CIPHER="sm4", QUSHU_OLD_KEYS=[OTHER]):
        here = vault()
        assert vault() is here
        assert here.open(safe("sm4").seal("甲", b"x"), b"x") == "甲"
        assert here.open(Vault(OTHER, INDEX).seal("乙", b"x"), b"x") == "乙"
    vault.cache_clear()
