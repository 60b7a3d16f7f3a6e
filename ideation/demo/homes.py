"""Where the cast lives, by time zone: an address that parcels reach, a currency, a bank.

Streets are real towns' commonest names; nobody of the cast lives there, or anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Home:
    """A place to send a parcel to, and the money that is spent there."""

    country: str
    currency: str
    street: str
    city: str
    postal_code: str
    area: str = ""
    #: District, where addresses have one.
    city_area: str = ""
    #: A specimen account of the country, as banks print it on their sample forms.
    account: str = ""

    def address(self, name: str) -> dict[str, str]:
        """The address by the fields of the checkout's form."""
        return {
            "country_code": self.country,
            "name": name,
            "street_address": self.street,
            "city_area": self.city_area,
            "city": self.city,
            "country_area": self.area,
            "postal_code": self.postal_code,
        }


HOMES: Mapping[str, Home] = {
    "Europe/Lisbon": Home(
        "PT",
        "EUR",
        "Rua da Graça 18",
        "Lisboa",
        "1170-169",
        account="PT50 0002 0123 1234 5678 9015 4",
    ),
    "Europe/Berlin": Home(
        "DE",
        "EUR",
        "Karl-Liebknecht-Straße 40",
        "Leipzig",
        "04107",
        account="DE89 3704 0044 0532 0130 00",
    ),
    "Europe/Vienna": Home(
        "AT", "EUR", "Neubaugasse 12", "Wien", "1070", account="AT61 1904 3002 3457 3201"
    ),
    "Europe/Dublin": Home(
        "IE",
        "EUR",
        "9 Meath Street",
        "Dublin 8",
        "D08 YY05",
        area="Co. Dublin",
        account="IE29 AIBK 9311 5212 3456 78",
    ),
    "Europe/Amsterdam": Home(
        "NL", "EUR", "Javastraat 61", "Amsterdam", "1094 HC", account="NL91 ABNA 0417 1643 00"
    ),
    "Europe/Madrid": Home(
        "ES",
        "EUR",
        "Calle del Pez 7",
        "Madrid",
        "28004",
        area="Madrid",
        account="ES91 2100 0418 4502 0005 1332",
    ),
    "Europe/Paris": Home(
        "FR",
        "EUR",
        "14 rue de la Roquette",
        "Paris",
        "75011",
        account="FR14 2004 1010 0505 0001 3M02 606",
    ),
    "Europe/Rome": Home(
        "IT",
        "EUR",
        "Via del Pratello 22",
        "Bologna",
        "40122",
        area="Bologna",
        account="IT60 X054 2811 1010 0000 0123 456",
    ),
    "Europe/London": Home(
        "GB",
        "EUR",
        "27 Walworth Road",
        "London",
        "SE17 1RW",
        account="GB29 NWBK 6016 1331 9268 19",
    ),
    "Asia/Shanghai": Home(
        "CN", "CNY", "玉林西路155号2单元", "成都市", "610041", area="四川省", city_area="武侯区"
    ),
    "Asia/Taipei": Home("TW", "TWD", "民生路一段132號", "中西區", "700", area="台南市"),
    "Asia/Tokyo": Home("JP", "JPY", "谷中3-10-5", "台東区", "110-0001", area="東京都"),
    "America/Los_Angeles": Home("US", "USD", "2210 Sunset Blvd", "Los Angeles", "90026", area="CA"),
    "America/Toronto": Home("CA", "USD", "88 Ossington Ave", "Toronto", "M6J 2Z1", area="ON"),
}

#: Who buys without an account: a name, a language and a home.
GUESTS = (
    ("Rosalind Achterberg", "en", "Europe/Amsterdam"),
    ("陈思远", "zh-Hans", "Asia/Shanghai"),
    ("Marcus Bellweather", "en", "America/Los_Angeles"),
    ("林家豪", "zh-Hant", "Asia/Taipei"),
    ("Ottilie Brandt", "en", "Europe/Berlin"),
    ("Hana Kurosawa", "en", "Asia/Tokyo"),
    ("Étienne Moreau", "en", "Europe/Paris"),
    ("Declan Rafferty", "en", "Europe/Dublin"),
)
