"""Each country's address: its fields in its order, what it needs, and how it is written."""

from typing import Any

import pytest

from ideation.core import i18n
from ideation.core.errors import Invalid
from ideation.orders import addresses

pytestmark = pytest.mark.one_engine

LISBON = {
    "country_code": "PT",
    "name": "Ada Lind",
    "street_address": "Rua do Ouro 12\n3.º esq.",
    "postal_code": "1100-060",
    "city": "Lisboa",
}
TAIPEI = {
    "country_code": "TW",
    "name": "王小明",
    "street_address": "市府路1號",
    "city": "信義區",
    "country_area": "台北市",
    "postal_code": "110",
}
TOKYO = {
    "country_code": "JP",
    "name": "Yamada",
    "street_address": "1-1 Chiyoda",
    "country_area": "Tokyo",
    "postal_code": "１００-０００１",
}
BOSTON = {
    "country_code": "US",
    "name": "Grace Hall",
    "street_address": "1 Beacon St",
    "city": "Boston",
    "country_area": "MA",
    "postal_code": "02108",
}


def _names(country: str) -> list[str]:
    return [field.name for field in addresses.fields(country)]


def _wrong(**changes: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        addresses.check(BOSTON | changes)
    return {name: str(words) for name, words in refused.value.fields.items()}


def test_fields_come_in_the_countrys_order() -> None:
    assert _names("US")[2:6] == ["street_address", "city", "country_area", "postal_code"]
    assert _names("DE")[2:5] == ["street_address", "postal_code", "city"]
    assert _names("TW")[2:6] == ["postal_code", "country_area", "city", "street_address"]
    assert "city" not in _names("SG") and "postal_code" not in _names("HK")


def test_parts_are_called_what_the_country_calls_them() -> None:
    labels = {
        country: str(next(f.label for f in addresses.fields(country) if f.name == name))
        for country, name in (
            ("US", "postal_code"),
            ("IE", "postal_code"),
            ("JP", "country_area"),
            ("CN", "country_area"),
            ("GB", "city"),
        )
    }
    assert labels == {
        "US": "ZIP code",
        "IE": "Eircode",
        "JP": "Prefecture",
        "CN": "Province",
        "GB": "Town or city",
    }


def test_areas_are_listed_in_the_readers_script() -> None:
    def first(tag: str) -> str:
        with i18n.speaking(tag):
            area = next(one for one in addresses.fields("TW") if one.name == "country_area")
        return dict(area.options)["台北市"]

    assert first("en") == "Taipei City"
    assert first("zh-Hant") == first("zh-Hans") == "台北市"


def test_every_country_has_a_form_whose_names_nobody_sees_as_code() -> None:
    for tag in i18n.LOCALES:
        with i18n.speaking(tag):
            for code, name in addresses.country_options(addresses.countries()):
                assert name and name != code
                names = _names(code)
                assert names[0] == "name" and "street_address" in names
                assert all(str(field.label) for field in addresses.fields(code))
    assert len(addresses.countries()) > 240


@pytest.mark.parametrize(
    "address",
    [LISBON, TAIPEI, TOKYO, BOSTON],
    ids=lambda one: one["city" if "city" in one else "country_code"],
)
def test_a_good_address_is_taken_as_it_is(address: dict[str, str]) -> None:
    checked = addresses.check(address)
    assert set(checked) == set(address)
    assert addresses.check(checked) == checked


def test_what_a_country_needs_is_asked_for_all_at_once() -> None:
    assert set(_wrong(name="", city="", street_address=" ", country_area="")) == {
        "name",
        "city",
        "street_address",
        "country_area",
    }


def test_a_postcode_must_be_one_and_of_the_area_named() -> None:
    shown = next(one.example for one in addresses.fields("US") if one.name == "postal_code")
    assert _wrong(postal_code="123")["postal_code"].endswith(f"reads like {shown}.")
    assert "another area" in _wrong(postal_code="90001")["postal_code"]
    assert addresses.check(TOKYO)["postal_code"] == "100-0001", "wide digits are digits"


def test_unknown_countries_areas_and_numbers_are_refused() -> None:
    assert set(_wrong(country_code="ZZ")) == {"country_code"}
    assert set(_wrong(country_code="../../etc")) == {"country_code"}
    assert set(_wrong(country_area="Bavaria")) == {"country_area"}
    assert set(_wrong(phone="ring me")) == {"phone"}
    assert set(_wrong(street_address="\n".join("abcd"))) == {"street_address"}
    assert set(_wrong(name="x" * 121)) == {"name"}


def test_fields_of_another_country_are_dropped() -> None:
    assert "country_area" not in addresses.check(LISBON | {"country_area": "MA"})


def test_envelopes_read_as_the_country_reads() -> None:
    assert addresses.lines(LISBON) == [
        "Ada Lind",
        "Rua do Ouro 12",
        "3.º esq.",
        "1100-060 Lisboa",
        "Portugal",
    ]
    assert addresses.lines(BOSTON)[-2:] == ["Boston, MA 02108", "United States"]
    assert addresses.lines(TAIPEI) == ["Taiwan", "110", "台北市信義區", "市府路1號", "王小明"]
    assert addresses.lines(addresses.check(TOKYO)) == [
        "Yamada",
        "1-1 Chiyoda, Tokyo",
        "100-0001",
        "Japan",
    ]
    with i18n.speaking("zh-Hans"):
        assert addresses.lines(LISBON)[-1] == "葡萄牙"


def test_chinese_names_of_countries_stand_as_in_a_dictionary() -> None:
    with i18n.speaking("zh-Hans"):
        names = [name for _, name in addresses.country_options(("US", "CN", "JP", "FR", "AU"))]
    assert names == ["澳大利亚", "法国", "美国", "日本", "中国"]
    english = [name for _, name in addresses.country_options(("AX", "AT", "ZW"))]
    assert english == ["Åland Islands", "Austria", "Zimbabwe"]
