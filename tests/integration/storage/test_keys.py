"""Master keys: read strictly, never printed, one derived key per purpose."""

import base64
import hashlib
import hmac

import pytest

from domain.errors import ConfigurationError
from storage.keys import MasterKeys, SealBroken, seal, unseal

ONE = bytes(range(32))
TWO = bytes(range(32, 64))


def text_of(**keys: bytes) -> str:
    return ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in keys.items())


def hkdf(key: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block of output and no salt, from the standard library alone."""
    fixed = hmac.digest(bytes(32), key, hashlib.sha256)
    return hmac.digest(fixed, info + b"\x01", hashlib.sha256)


def test_the_first_key_is_the_one_that_seals() -> None:
    keys = MasterKeys.parse(text_of(k2=TWO, k1=ONE))
    assert (keys.first, keys.ids) == ("k2", ("k2", "k1"))


@pytest.mark.parametrize(
    "encoded",
    [
        base64.b64encode(bytes([251] * 32)).decode(),
        base64.urlsafe_b64encode(bytes([251] * 32)).decode(),
        base64.urlsafe_b64encode(bytes([251] * 32)).decode().rstrip("="),
    ],
    ids=["standard", "url-safe", "unpadded"],
)
def test_either_alphabet_of_base64_is_read(encoded: str) -> None:
    derived = MasterKeys.parse(f" k1:{encoded} ").derive("x")
    assert derived == hkdf(bytes([251] * 32), b"storesync purpose x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "key 1 has no id"),
        (base64.b64encode(ONE).decode(), "key 1 has no id"),
        (text_of(k1=ONE) + ",", "key 2 has no id"),
        (f"{text_of(k1=ONE)},{text_of(k1=TWO)}", "two keys are called 'k1'"),
        (text_of(k1=ONE[:31]), "'k1' has 31 bytes, not 32"),
        (text_of(k1=ONE + b"x"), "'k1' has 33 bytes, not 32"),
        ("k1:", "'k1' has 0 bytes, not 32"),
        ("k1:change me, please", "'k1' is not base64"),
        ('k1:"' + base64.b64encode(ONE).decode() + '"', "'k1' is not base64"),
        ("k|1:" + base64.b64encode(ONE).decode(), "key 1 has no id"),
    ],
)
def test_a_wrong_key_is_told_without_repeating_it(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        MasterKeys.parse(text)
    assert said in str(refused.value)
    assert base64.b64encode(ONE).decode()[:12] not in str(refused.value)


def test_keys_are_never_printed() -> None:
    keys = MasterKeys.parse(text_of(k1=ONE))
    assert f"{keys} {keys!r}" == "MasterKeys(k1) MasterKeys(k1)"


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = MasterKeys.parse(text_of(k1=ONE, k2=TWO))
    assert keys.derive("tickets") == hkdf(ONE, b"storesync purpose tickets")
    assert keys.derive("tickets") != keys.derive("states")


def test_a_sealed_value_opens_in_its_own_context_only() -> None:
    sealed = seal(ONE, b"token", "shop|access|1")
    assert unseal(ONE, sealed, "shop|access|1") == b"token"
    for key, value, context in [
        (TWO, sealed, "shop|access|1"),
        (ONE, sealed, "shop|access|2"),
        (ONE, sealed[:-1] + bytes([sealed[-1] ^ 1]), "shop|access|1"),
        (ONE, bytes([sealed[0] ^ 1]) + sealed[1:], "shop|access|1"),
        (ONE, sealed[:20], "shop|access|1"),
        (ONE, b"", "shop|access|1"),
    ]:
        with pytest.raises(SealBroken):
            unseal(key, value, context)


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({seal(ONE, b"token", "c") for _ in range(100)}) == 100
