"""What the keys of French identifiers say, on published check values and on invented numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix import systems
from semantix.identifiers import (
    check_adeli,
    check_cip7,
    check_cip13,
    check_cis,
    check_finess,
    check_nir,
    check_ps_idnat,
    check_rpps,
    check_struct_idnat,
    check_ucd7,
    check_ucd13,
    ean_key,
    has_nir_shape,
    ins_of,
    kinds_of,
    luhn,
    nir_key,
    normal_cip13,
    normal_nir,
    normal_ucd13,
)
from semantix.model import Identifier


def with_luhn(digits: str) -> str:
    return next(digits + key for key in "0123456789" if luhn(digits + key))


@pytest.mark.parametrize(
    ("number", "key"), [("2550814168025", 38), ("2951099126111", 93), ("186022A215325", 23), ("186022B215325", 50)]
)
def test_key_of_a_nir(number: str, key: int) -> None:
    assert nir_key(number) == key
    assert check_nir(f"{number}{key:02}").ok


def test_corsican_departments_count_as_19_and_18() -> None:
    assert nir_key("186022A215325") == 97 - 1860219215325 % 97
    assert nir_key("186022B215325") == 97 - 1860218215325 % 97


@pytest.mark.parametrize(
    "written", ["2 55 08 14 168 025 38", "2550814168025 38", " 255081416802538\n", "2.55.08.14-168-025/38"]
)
def test_separators_of_a_nir_do_not_matter(written: str) -> None:
    assert normal_nir(written) == "255081416802538"
    assert check_nir(written).ok


def test_corsican_letter_may_be_small() -> None:
    assert check_nir("1 86 02 2a 215 325 23").ok


@pytest.mark.parametrize("month", ["01", "12", "20", "31", "42", "50", "99"])
def test_months_and_pseudo_months_are_right(month: str) -> None:
    number = f"255{month}14168025"
    assert check_nir(f"{number}{nir_key(number):02}").ok


@pytest.mark.parametrize("month", ["00", "13", "19", "43", "49"])
def test_other_months_are_wrong(month: str) -> None:
    assert check_nir(f"255{month}1416802538") == check_nir(f"255{month}1416802512")
    assert check_nir(f"255{month}1416802538").reason == "no month or pseudo-month"
    assert nir_key(f"255{month}14168025") is None


@pytest.mark.parametrize("first", "123478")
def test_first_digit_may_be_that_of_a_provisional_number(first: str) -> None:
    number = f"{first}550814168025"
    assert check_nir(f"{number}{nir_key(number):02}").ok


@pytest.mark.parametrize("first", "0569")
def test_other_first_digits_are_wrong(first: str) -> None:
    assert not check_nir(f"{first}55081416802538").ok


@pytest.mark.parametrize("key", ["00", "98", "99"])
def test_placeholder_for_a_key_is_named(key: str) -> None:
    assert check_nir(f"2550814168025{key}").reason == "a placeholder for the key"


def test_wrong_key_of_a_nir() -> None:
    assert check_nir("255081416802537").reason == "wrong key"


def test_nir_without_key_is_right_but_says_so() -> None:
    found = check_nir("2550814168025")
    assert (found.ok, found.reason) == (True, "no key")


@pytest.mark.parametrize("number", ["2550800168025", "2550814168000"])
def test_parts_that_no_nir_has(number: str) -> None:
    assert not check_nir(number).ok


def test_nothing_in_a_reason_is_of_the_value() -> None:
    for value in ("255081416802537", "255131416802538", "abcdefgh", "956000000000000"):
        assert value not in check_nir(value).reason


# --- INS --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "oid", ["1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"]
)
def test_qualified_identity_gives_an_ins(oid: str) -> None:
    assert ins_of("255081416802538", oid, "VALI") == Identifier(oid, "255081416802538")
    assert ins_of("2 55 08 14 168 025 38", f"urn:oid:{oid}", "vali") == Identifier(oid, "255081416802538")


@pytest.mark.parametrize("status", ["", "PROV", "RECUP", "VIDE", "QUAL", "INVALI", "UNVALI", "DOUTE", "FICTI"])
def test_identity_that_is_not_qualified_gives_none(status: str) -> None:
    assert ins_of("255081416802538", systems.INS_NIR, status) is None


@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.6", "1.2.250.1.213.1.4.13", ""])
def test_other_systems_never_give_an_ins(oid: str) -> None:
    assert ins_of("255081416802538", oid, "VALI") is None


@pytest.mark.parametrize("value", ["2550814168025", "255081416802537", "255081416802500", "", "n/a"])
def test_ins_needs_its_key(value: str) -> None:
    assert ins_of(value, systems.INS_NIR, "VALI") is None


# --- professionals and structures -------------------------------------------------------------------------------


def test_rpps_has_eleven_digits_and_a_luhn_key() -> None:
    number = with_luhn("1012345678")
    assert check_rpps(number).ok
    assert check_rpps(number[:10] + str((int(number[10]) + 1) % 10)).reason == "wrong key"
    assert check_rpps(number[:10]).reason == "not 11 digits"


def test_adeli_has_nine_characters_and_a_luhn_key() -> None:
    number = with_luhn("75123456")
    assert check_adeli(number).ok
    assert check_adeli(number[:8]).reason == "not 9 digits, the second possibly a letter"


def test_letter_of_an_adeli_department_counts_as_its_rank() -> None:
    assert check_adeli("2A" + with_luhn("21123456")[2:]).ok
    assert check_adeli("9d" + with_luhn("94123456")[2:]).ok
    assert not check_adeli("A" * 9).ok


def test_national_form_of_a_professional() -> None:
    assert check_ps_idnat("8" + with_luhn("1012345678")).ok
    assert check_ps_idnat("0" + with_luhn("75123456")).ok
    assert check_ps_idnat("81234").reason == "not 11 digits"
    assert check_ps_idnat("3" + with_luhn("75123456")).reason.startswith("begins neither")


@pytest.mark.parametrize("number", ["2A0000014", "2B0000012", "2b0000012"])
def test_corsican_finess(number: str) -> None:
    assert check_finess(number).ok


def test_finess_has_a_luhn_key() -> None:
    number = with_luhn("75080344")
    assert check_finess(number).ok
    assert check_finess(number[:8] + str((int(number[8]) + 3) % 10)).reason == "wrong key"
    assert check_finess("2C0000014").reason.startswith("not 9 digits")


def test_national_form_of_a_structure() -> None:
    assert check_struct_idnat("1" + with_luhn("75080344")).ok
    assert check_struct_idnat("12A0000014").ok
    assert check_struct_idnat("2" + with_luhn("12345678")).ok
    assert check_struct_idnat("3" + with_luhn("1234567890123")).ok
    assert check_struct_idnat("2" + "123456789").reason == "wrong key"
    assert check_struct_idnat("312345").reason == "not 14 digits after the first"
    assert not check_struct_idnat("0B1057294").ok
    assert check_struct_idnat("335600000000009").reason == "wrong key"


def test_siret_of_the_post_office_is_right_when_its_digits_add_up_to_a_multiple_of_five() -> None:
    number = next(n for n in (f"356000000{i:05}" for i in range(1, 99)) if sum(map(int, n)) % 5 == 0 and not luhn(n))
    assert check_struct_idnat("3" + number).ok


# --- drugs ------------------------------------------------------------------------------------------------------


def test_published_cip_codes() -> None:
    assert check_cip7("3595583").ok
    assert check_cip13("3400935955838").ok
    assert normal_cip13("3595583") == "3400935955838"
    assert normal_cip13("34009 359 5583 8") == "3400935955838"


def test_wrong_keys_of_cip_codes() -> None:
    assert check_cip7("3595584").reason == "wrong key"
    assert check_cip13("3400935955837").reason == "wrong key"
    assert check_cip13("3400835955838").reason == "not 13 digits that begin with 34009"
    assert normal_cip13("3595584") is None
    assert normal_cip13("") is None


def test_recent_cip7_has_no_check_digit_and_says_so() -> None:
    found = check_cip7("3001234")
    assert (found.ok, found.reason) == (True, "a range without check digit")
    made = normal_cip13("3001234")
    assert made is not None
    assert check_cip13(made).ok


def test_every_package_of_the_public_base_has_right_codes(shared) -> None:
    lines = (shared / "terminologies" / "bdpm" / "CIS_CIP_bdpm.txt").read_text("latin-1").splitlines()
    rows = [line.split("\t") for line in lines]
    assert len(rows) > 10_000
    assert [row[1] for row in rows if normal_cip13(row[1]) != row[6]] == []
    assert [row[0] for row in rows if not check_cis(row[0]).ok] == []


def test_ucd_codes() -> None:
    made = normal_ucd13("9123456")
    assert made is not None
    assert made.startswith("340089123456")
    assert check_ucd13(made).ok
    assert normal_ucd13(made) == made
    assert check_ucd7("9123456").reason == "no check digit"
    assert not check_ucd7("912345").ok
    assert not check_cip13(made).ok


def test_cis_begins_with_6() -> None:
    assert check_cis("61234567").ok
    assert not check_cis("51234567").ok
    assert not check_cis("6123456").ok


def test_key_of_a_published_ean() -> None:
    assert ean_key("340093595583") == "8"


# --- detection --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("2 55 08 14 168 025 38", ("nir",)),
        ("255081416802500", ("nir-unchecked",)),
        ("2550814168025", ("nir-unchecked",)),
        ("186022A215325", ("nir-unchecked",)),
        ("3400935955838", ("cip13",)),
        ("3595583", ("cip7",)),
        ("61234567", ("cis",)),
        ("01 23 45 67 89", ("phone",)),
        ("+33 6 12 34 56 78", ("phone",)),
        ("+33(0)612345678", ("phone",)),
        ("0033612345678", ("phone",)),
        ("75013", ("postcode", "commune")),
        ("2A004", ("commune",)),
        ("00012", ()),
        ("marie.essai@exemple.fr", ("email",)),
        ("deux mots @ un", ()),
        ("", ()),
        ("12", ()),
        ("glycémie à jeun", ()),
        ("12/03/2011", ()),
        ("1,45 g/l", ()),
        ("9" * 500, ()),
    ],
)
def test_kinds_of_a_cell(text: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(text) == kinds


def test_cell_may_be_of_several_kinds() -> None:
    number = with_luhn("75080344")
    assert kinds_of(number) == ("finess", "adeli")
    assert "rpps" in kinds_of(with_luhn("1012345678"))
    assert "ps-idnat" in kinds_of("8" + with_luhn("1012345678"))
    ucd = normal_ucd13("9123456")
    assert ucd is not None
    assert kinds_of(ucd) == ("ucd13",)
    assert "ucd7" in kinds_of("9123456")


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    kinds_of(text)
    for check in (
        check_nir, check_rpps, check_adeli, check_finess, check_ps_idnat, check_struct_idnat,
        check_cip7, check_cip13, check_ucd7, check_ucd13, check_cis,
    ):  # fmt: skip
        found = check(text)
        assert found.ok or found.reason


@given(st.text("0123456789AB²٣ ", min_size=5, max_size=16))
def test_no_mixture_of_digits_raises(text: str) -> None:
    kinds_of(text)
    assert ins_of(text, systems.INS_NIR, "PROV") is None


@given(
    st.from_regex(r"[1-4][0-9]{2}(0[1-9]|1[0-2])([1-8][1-9]|2A|2B)[0-9]{3}00[1-9]", fullmatch=True), st.integers(0, 14)
)
def test_one_wrong_digit_is_always_seen(number: str, place: int) -> None:
    whole = f"{number}{nir_key(number):02}"
    assert check_nir(whole).ok
    if whole[place].isdigit() and place not in (5, 6):
        other = whole[:place] + str((int(whole[place]) + 1) % 10) + whole[place + 1 :]
        assert not check_nir(other).ok


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("257037654012345", True),
        ("2 57 03 76 540 123 99", True),
        ("2570376540123", True),
        ("2579976540123", True),
        ("257", False),
        ("2571376540123", False),
        ("0000000000000", False),
        ("P0042", False),
        ("2" * 200, False),
    ],
)
def test_a_number_that_may_be_a_nir_is_known_by_its_shape_whatever_its_key(number: str, expected: bool) -> None:
    assert has_nir_shape(number) is expected
