"""What every instance begins with: one space, three articles, where parcels go.

Safe to run at every start.
"""

from datetime import datetime

from sqlalchemy import select

from ideation.articles.models import Article, ArticlePrice
from ideation.core.db import db, transaction
from ideation.orders.models import ShippingRate, ShippingZone
from ideation.spaces.models import Space

_COLOURS = {
    "white": ("#FAF7F1", "White", "白色", "白色"),
    "black": ("#1B1A17", "Black", "黑色", "黑色"),
    "navy": ("#22305C", "Navy", "藏青", "海軍藍"),
    "red": ("#B5301F", "Brick red", "砖红", "磚紅"),
    "green": ("#1E6F45", "Bottle green", "墨绿", "墨綠"),
    "natural": ("#EADFC8", "Natural", "本色", "原色"),
}
_TEE_SIZES = ["XS", "S", "M", "L", "XL", "XXL"]

#: slug, names (en, zh-Hans, zh-Hant), sizes, colours, print area in mm, prices by currency.
_ARTICLES = (
    (
        "tee",
        ("T-shirt", "T恤", "T恤"),
        _TEE_SIZES,
        ("white", "black", "navy", "red", "green", "natural"),
        (300, 400),
        {"USD": 2400, "EUR": 2400, "CNY": 12900, "TWD": 69000, "JPY": 3200},
    ),
    (
        "print",
        ("Art print", "艺术版画", "藝術版畫"),
        ["A4", "A3", "50×70"],
        ("white", "natural"),
        (500, 700),
        {"USD": 2800, "EUR": 2800, "CNY": 14900, "TWD": 79000, "JPY": 3800},
    ),
    (
        "tote",
        ("Tote bag", "帆布袋", "帆布袋"),
        ["One size"],
        ("natural", "black"),
        (260, 300),
        {"USD": 1800, "EUR": 1800, "CNY": 8900, "TWD": 49000, "JPY": 2400},
    ),
    (
        "sweatshirt",
        ("Sweatshirt", "卫衣", "大學T"),
        _TEE_SIZES,
        ("white", "black", "navy", "green"),
        (300, 400),
        {"USD": 4400, "EUR": 4400, "CNY": 22900, "TWD": 129000, "JPY": 5800},
    ),
)

_EUROPE = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"  # the Union
    " CH GB IS LI NO"
)
#: Names (en, zh-Hans, zh-Hant), countries, and by currency what a parcel costs in minor units:
#: the first unit, each further one.
_ZONES = (
    (
        ("Europe", "欧洲", "歐洲"),
        _EUROPE,
        {
            "USD": (690, 200),
            "EUR": (590, 150),
            "GBP": (490, 150),
            "CNY": (4900, 1500),
            "TWD": (22000, 6000),
            "JPY": (1050, 300),
            "KWD": (2100, 600),
        },
    ),
    (
        ("North America", "北美", "北美"),
        "US CA",
        {
            "USD": (590, 200),
            "EUR": (590, 200),
            "GBP": (490, 150),
            "CNY": (4200, 1500),
            "TWD": (19000, 6000),
            "JPY": (900, 300),
            "KWD": (1800, 600),
        },
    ),
    (
        (
            "Mainland China, Hong Kong, Macao, Taiwan",
            "中国大陆、香港、澳门、台湾",
            "中國大陸、香港、澳門、台灣",
        ),
        "CN TW HK MO",
        {
            "USD": (390, 100),
            "EUR": (390, 100),
            "GBP": (320, 100),
            "CNY": (2000, 600),
            "TWD": (9000, 3000),
            "JPY": (600, 200),
            "KWD": (1200, 300),
        },
    ),
    (
        ("Everywhere else", "其他国家和地区", "其他國家和地區"),
        "*",
        {
            "USD": (1290, 400),
            "EUR": (1190, 350),
            "GBP": (990, 300),
            "CNY": (8900, 2800),
            "TWD": (39000, 12000),
            "JPY": (1900, 600),
            "KWD": (3900, 1200),
        },
    ),
)


def ensure(at: datetime) -> None:
    """Make what is missing, in a transaction of its own; leave what an operator changed."""
    with transaction():
        if db.session.scalar(select(Space.id).limit(1)) is None:
            names = {"en": "Everyone", "zh-Hans": "全体成员", "zh-Hant": "全體會員"}
            db.session.add(Space(slug="everyone", names=names, created_at=at))
        if db.session.scalar(select(Article.id).limit(1)) is None:
            db.session.add_all(_articles())
        if db.session.scalar(select(ShippingZone.id).limit(1)) is None:
            db.session.add_all(_zones())


def _articles() -> list[Article]:
    return [
        Article(
            slug=slug,
            names=_in_three(*names),
            sizes=list(sizes),
            colours=[_colour(key) for key in colours],
            print_area={"width_mm": area[0], "height_mm": area[1]},
            prices=[
                ArticlePrice(currency=code, price_minor=minor) for code, minor in prices.items()
            ],
        )
        for slug, names, sizes, colours, area, prices in _ARTICLES
    ]


def _zones() -> list[ShippingZone]:
    return [
        ShippingZone(
            names=_in_three(*names),
            countries=countries.split(),
            position=position,
            rates=[
                ShippingRate(currency=code, first_minor=first, further_minor=further)
                for code, (first, further) in rates.items()
            ],
        )
        for position, (names, countries, rates) in enumerate(_ZONES, start=1)
    ]


def _colour(key: str) -> dict[str, object]:
    hex_code, *names = _COLOURS[key]
    return {"key": key, "hex": hex_code, "names": _in_three(*names)}


def _in_three(en: str, hans: str, hant: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant}
