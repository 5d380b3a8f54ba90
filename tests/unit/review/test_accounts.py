"""Passwords and tokens: what is stored gives nothing away, and hostile stored texts are nobody's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.errors import ActionRefused
from semantix.review import accounts

SALT = bytes(range(accounts.SALT_BYTES))
STORED = accounts.hash_password("quatre mots au hasard", SALT)


def test_a_password_is_verified_and_another_is_not():
    assert accounts.verify("quatre mots au hasard", STORED)
    assert not accounts.verify("quatre mots au hasarD", STORED)
    assert not accounts.verify("", STORED)


def test_the_cost_is_written_and_the_password_is_not():
    assert STORED.startswith("scrypt$n=32768,r=8,p=1$")
    assert "hasard" not in STORED


def test_another_salt_gives_another_text():
    assert accounts.hash_password("quatre mots au hasard", accounts.new_salt()) != STORED


def test_an_accent_typed_as_two_characters_is_the_same_password():
    assert accounts.verify("de\u0301cembre pluvieux", accounts.hash_password("d\u00e9cembre pluvieux", SALT))


def test_nobody_has_the_password_that_stands_for_unknown_names():
    assert not accounts.verify("", accounts.NOBODY)
    assert accounts._WRITTEN.fullmatch(accounts.NOBODY)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "plain",
        "scrypt$n=32768,r=8,p=1$!!$!!",
        "scrypt$n=32767,r=8,p=1$AAAA$AAAA",
        "scrypt$n=1,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$n=1048576,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$n=32768,r=99,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$n=32768,r=8,p=0$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$n=32768,r=8,p=1$AAA$AAAA",
        "scrypt$n=32768,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAA",
    ],
)
def test_a_stored_text_that_is_damaged_or_asks_for_too_much_is_nobodys(stored):
    assert not accounts.verify("quatre mots au hasard", stored)


def test_a_cheaper_cost_of_older_times_is_still_read():
    import hashlib
    from base64 import b64encode

    digest = hashlib.scrypt(b"quatre mots", salt=SALT, n=1024, r=8, p=1, dklen=32)
    stored = f"scrypt$n=1024,r=8,p=1${b64encode(SALT).decode()}${b64encode(digest).decode()}"
    assert accounts.verify("quatre mots", stored)


def test_an_endless_password_is_refused_without_work():
    assert not accounts.verify("x" * (accounts.LONGEST_PASSWORD + 1), STORED)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("onze signes", "short"),
        ("x" * 1_001, "long"),
        ("Marguerite à la mer", "name"),
        ("ababababababab", "plain"),
        ("douze signes", ""),
        ("quatre mots au hasard", ""),
    ],
)
def test_rules_of_passwords(password, fault):
    assert accounts.password_fault(password, "marguerite") == fault


def test_a_bad_password_is_refused_with_the_reason_and_not_repeated():
    with pytest.raises(ActionRefused, match="12 characters at least") as refused:
        accounts.check_password_rules("onze signes")
    assert refused.value.key == "password_short"
    assert "onze" not in str(refused.value)
    accounts.check_password_rules("quatre mots au hasard", "zoe")


def test_a_name_of_two_letters_is_in_many_passwords():
    assert accounts.password_fault("douze signes", "si") == ""


@pytest.mark.parametrize(
    ("name", "fault"),
    [("", "empty"), ("  ", "empty"), ("a" * 81, "long"), ("a\u202eb", "signs"), (" a", "signs"), ("Zoé D’Arc", "")],
)
def test_rules_of_names(name, fault):
    assert accounts.name_fault(name) == fault


def test_tokens_are_long_and_never_the_same():
    tokens = {accounts.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43


def test_an_empty_token_is_never_the_same():
    assert not accounts.same_token("", "")
    assert not accounts.same_token("a", "")
    assert accounts.same_token("a", "a")
    assert not accounts.same_token("é", "e")


@settings(max_examples=50)
@given(st.text())
def test_any_text_has_a_digest_and_is_compared(text):
    assert len(accounts.token_digest(text)) == 64
    assert accounts.same_token(text, text) == bool(text)
