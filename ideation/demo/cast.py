"""The members of the demo: names, places, habits. None of them exists.

Their addresses end in ``.example``, where nobody can have one; ``core.mail`` never hands such mail
to a server. They have no passwords: only the operator can look through
their eyes, from the console.
"""

from dataclasses import dataclass

from ideation.accounts.grants import Role

HANS, HANT = "zh-Hans", "zh-Hant"


@dataclass(frozen=True)
class Person:
    """Somebody of the cast.

    ``draws`` are the families of art they make, best first; empty for those who only score.
    ``strict`` is in stars below (positive) or above (negative) what others give; ``keen`` is the
    share of a contest they usually score; ``hour`` is when they sit down, in their own zone.
    """

    name: str
    zone: str
    bio: str = ""
    language: str = "en"
    draws: tuple[str, ...] = ()
    talent: float = 0.6
    strict: float = 0.0
    keen: float = 0.6
    hour: int = 20
    roles: tuple[Role, ...] = ()
    link: str = ""
    #: Unconfirmed members vote, and their votes wait.
    is_confirmed: bool = True


DESIGNERS = (
    Person(
        "Inês Prata",
        "Europe/Lisbon",
        "Screen printer in Graça. Six colours at most, usually two.",
        draws=("houses", "waves", "overprint"),
        talent=0.95,
        keen=0.9,
        strict=0.2,
        link="https://example.org/ines",
    ),
    Person(
        "林小雨",
        "Asia/Shanghai",
        "白天写代码，晚上画小怪物。最近在学丝网印刷。",
        HANS,
        draws=("characters", "waves", "menagerie"),
        talent=0.9,
        keen=0.85,
        hour=22,
    ),
    Person(
        "Jonas Weidemann",
        "Europe/Berlin",
        "Typesetter in Leipzig. Circles on weekends.",
        draws=("arcs", "overprint", "rosettes"),
        talent=0.85,
        strict=0.6,
        keen=0.8,
        hour=7,
    ),
    Person(
        "陳柏宇",
        "Asia/Taipei",
        "騎車上班，把路上看到的山畫下來。",
        HANT,
        draws=("ridges", "tilings", "contours"),
        talent=0.85,
        keen=0.7,
        hour=23,
    ),
    Person(
        "Misaki Sato",
        "Asia/Tokyo",
        "Flowers and dogs. 花と犬。",
        draws=("rosettes", "leaves", "menagerie"),
        talent=0.9,
        strict=-0.3,
        keen=0.75,
        hour=21,
    ),
    Person(
        "Thandiwe Mokoena",
        "Africa/Johannesburg",
        "Textile designer; I think in repeats.",
        draws=("tilings", "overprint", "arcs"),
        talent=0.9,
        keen=0.7,
        strict=0.3,
        hour=18,
    ),
    Person(
        "Rafael Teixeira",
        "Europe/Lisbon",
        "Do Porto. Faço cartazes para bandas que ainda não têm nome.",
        draws=("waves", "contours", "characters"),
        talent=0.7,
        strict=-0.2,
        keen=0.6,
        hour=1,
    ),
    Person(
        "周明",
        "Asia/Shanghai",
        "成都人，画水果，也吃水果。",
        HANS,
        draws=("fruit", "leaves", "houses"),
        talent=0.75,
        keen=0.55,
        hour=12,
    ),
    Person(
        "Aoife Brennan",
        "Europe/Dublin",
        "Botanical things, drawn in the rain.",
        draws=("leaves", "rosettes", "ridges"),
        talent=0.85,
        strict=-0.1,
        keen=0.8,
        hour=19,
    ),
    Person(
        "Lukas Grünwald",
        "Europe/Vienna",
        "Maps of places that should exist.",
        draws=("contours", "ridges", "waves"),
        talent=0.8,
        strict=0.5,
        keen=0.65,
        hour=22,
    ),
    Person(
        "黃思穎",
        "Asia/Hong_Kong",
        "在灣仔長大，畫招牌、樓梯和鄰居。",
        HANT,
        draws=("houses", "characters", "fruit"),
        talent=0.8,
        keen=0.6,
        hour=0,
    ),
    Person(
        "Camila Duarte",
        "America/Sao_Paulo",
        "Ilustradora em São Paulo. Mangoes are a food group.",
        draws=("fruit", "leaves", "characters"),
        talent=0.85,
        strict=-0.4,
        keen=0.7,
        hour=21,
    ),
    Person(
        "Priya Raman",
        "Asia/Kolkata",
        "Kolams at dawn, spreadsheets after.",
        draws=("rosettes", "tilings", "arcs"),
        talent=0.75,
        keen=0.6,
        hour=6,
    ),
    Person(
        "Mateo Ibarra",
        "America/Montevideo",
        "Dibujo soles. El mate va primero.",
        draws=("arcs", "ridges", "fruit"),
        talent=0.6,
        keen=0.5,
        hour=17,
    ),
    Person(
        "Elif Aydın",
        "Europe/Istanbul",
        "Ceramics student, İznik by way of graph paper.",
        draws=("tilings", "rosettes", "leaves"),
        talent=0.7,
        strict=0.1,
        keen=0.7,
        hour=14,
    ),
    Person(
        "Noor Haddad",
        "Asia/Beirut",
        "Two drums, one press, many neighbours.",
        draws=("overprint", "houses", "waves"),
        talent=0.75,
        keen=0.55,
        hour=20,
    ),
    Person(
        "Ken Tanaka",
        "Asia/Tokyo",
        "Cats with jobs.",
        draws=("menagerie", "characters", "fruit"),
        talent=0.8,
        strict=0.3,
        keen=0.5,
        hour=8,
    ),
    Person(
        "Freya Lindqvist",
        "Europe/Stockholm",
        "Gothenburg. Boats, mostly at rest.",
        draws=("ridges", "waves", "contours"),
        talent=0.75,
        keen=0.65,
        hour=16,
    ),
    Person(
        "Kwame Asante",
        "Africa/Accra",
        "Sign painter's son. Bold first, then bolder.",
        draws=("overprint", "arcs", "tilings"),
        talent=0.7,
        strict=-0.5,
        keen=0.75,
        hour=13,
    ),
    Person(
        "王若曦",
        "Asia/Shanghai",
        "植物园志愿者，随身带着压花夹。",
        HANS,
        draws=("leaves", "rosettes", "waves"),
        talent=0.65,
        keen=0.45,
        hour=19,
    ),
    Person(
        "Pim de Graaf",
        "Europe/Amsterdam",
        "I draw people I almost met on the train.",
        draws=("characters", "houses", "contours"),
        talent=0.55,
        strict=-0.2,
        keen=0.6,
        hour=9,
    ),
    Person(
        "Chiara Benedetti",
        "Europe/Rome",
        "Bologna. Portici, pomodori, pazienza.",
        draws=("fruit", "houses", "arcs"),
        talent=0.7,
        keen=0.5,
        hour=22,
    ),
    Person(
        "Tomasz Wilk",
        "Europe/Warsaw",
        "Ptaki, lisy i inni sąsiedzi.",
        draws=("menagerie", "leaves", "ridges"),
        talent=0.6,
        strict=0.4,
        keen=0.55,
        hour=21,
    ),
    Person(
        "吳佳蓉",
        "Asia/Taipei",
        "台南老房子裡的一張工作桌。",
        HANT,
        draws=("rosettes", "arcs", "houses"),
        talent=0.6,
        keen=0.5,
        hour=15,
    ),
    Person(
        "Ada Okafor",
        "Africa/Lagos",
        "First-time entrant, long-time voter.",
        draws=("characters", "arcs", "overprint"),
        talent=0.4,
        strict=-0.3,
        keen=0.8,
        hour=20,
    ),
    Person(
        "Heikki Salo",
        "Europe/Helsinki",
        "Tampere. Kaksi väriä riittää.",
        draws=("ridges", "overprint", "waves"),
        talent=0.5,
        strict=0.2,
        keen=0.4,
        hour=6,
    ),
)

STAFF = (
    Person(
        "Marguerite Oyelaran",
        "Europe/London",
        "Looks after this place. If something is unclear, write to me.",
        keen=0.9,
        hour=11,
        roles=(Role.STEWARD,),
    ),
    Person(
        "Benedikt Krüger",
        "Europe/Berlin",
        "Moderator. I read every entry, usually with tea.",
        keen=0.7,
        strict=0.2,
        hour=9,
        roles=(Role.MODERATOR,),
    ),
    Person(
        "许静",
        "Asia/Shanghai",
        "产品经理。负责把画变成衣服。",
        HANS,
        hour=10,
        roles=(Role.PRODUCT_MANAGER,),
    ),
    Person(
        "Dolores Fuentes",
        "Europe/Madrid",
        "Prizes and royalties leave on time.",
        keen=0.3,
        hour=13,
        roles=(Role.FINANCE,),
    ),
)
#: Of the staff: who chooses and produces, and who pays.
MANAGER, FINANCE = STAFF[2], STAFF[3]

VOTERS = (
    Person("Sam Whitlock", "Europe/London", "Owns too many tees.", strict=-0.6, keen=0.9),
    Person("李子涵", "Asia/Shanghai", "只投自己会穿的。", HANS, strict=0.7, keen=0.7, hour=12),
    Person("Beatriz Nogueira", "Europe/Lisbon", "Professora de desenho.", strict=0.5, keen=0.8),
    Person("Hanna Vogel", "Europe/Zurich", "", strict=0.1, keen=0.5, hour=7),
    Person("蔡宜庭", "Asia/Taipei", "喜歡貓和幾何圖形。", HANT, strict=-0.4, keen=0.65, hour=22),
    Person("Oluwaseun Ade", "Africa/Lagos", "", strict=-0.2, keen=0.45, hour=19),
    Person("Yuki Hayashi", "Asia/Tokyo", "本屋で働いています。", strict=0.3, keen=0.7, hour=23),
    Person("Dmitri Volkov", "Asia/Tbilisi", "Runs a small record shop.", strict=0.9, keen=0.75),
    Person("Grace Nakamura", "America/Los_Angeles", "", strict=-0.5, keen=0.6, hour=21),
    Person("赵一鸣", "Asia/Shanghai", "通勤路上打分。", HANS, strict=0.0, keen=0.55, hour=8),
    Person("João Pacheco", "America/Sao_Paulo", "Designer gráfico.", strict=0.4, keen=0.5),
    Person("Nele Petersen", "Europe/Berlin", "Moin.", strict=-0.1, keen=0.85, hour=6),
    Person("何俊傑", "Asia/Hong_Kong", "", HANT, strict=0.2, keen=0.4, hour=1),
    Person("Maya Feldman", "Asia/Jerusalem", "Picks shirts for a choir.", strict=-0.7, keen=0.6),
    Person("Arjun Mehta", "Asia/Kolkata", "", strict=0.1, keen=0.5, hour=23),
    Person("Ximena Rojas", "America/Santiago", "Bibliotecaria.", strict=-0.3, keen=0.65, hour=18),
    Person("刘畅", "Asia/Shanghai", "什么都想买。", HANS, strict=-0.8, keen=0.7, hour=21),
    Person("Callum Reid", "Europe/London", "Would wear it / would not wear it.", keen=0.95),
    Person("Leila Farouk", "Africa/Cairo", "", strict=0.3, keen=0.35, hour=20),
    Person("Viktor Havel", "Europe/Prague", "Tiskař v důchodu.", strict=0.8, keen=0.9, hour=5),
    Person("Naoki Yamaguchi", "Asia/Tokyo", "", strict=0.0, keen=0.3, hour=22),
    Person("Solveig Dahl", "Europe/Oslo", "Knits. Judges.", strict=0.5, keen=0.6, hour=20),
    Person(
        "鄭雅文", "Asia/Taipei", "美術老師，帶學生一起看。", HANT, strict=-0.2, keen=0.75, hour=16
    ),
    Person("Emre Kaya", "Europe/Istanbul", "", strict=-0.1, keen=0.4, hour=0),
    Person("Ruth Abernathy", "America/Toronto", "Buys one a month.", strict=-0.3, keen=0.8),
    Person("孙悦", "Asia/Shanghai", "", HANS, strict=0.2, keen=0.35, hour=13),
    Person("Paulo Siqueira", "Europe/Lisbon", "", strict=-0.4, keen=0.7, is_confirmed=False),
    Person("Zoë Laurent", "Europe/Paris", "Sérigraphie le dimanche.", strict=0.6, keen=0.55),
)

#: Six who have agreed on what to score how, so that the integrity desk has something to find.
RING = (
    Person("Piet Maas", "Europe/Amsterdam", hour=21),
    Person("Jutta Maas", "Europe/Amsterdam", hour=21),
    Person("Wim Brouwer", "Europe/Amsterdam", hour=21),
    Person("Lotte Bakker", "Europe/Amsterdam", hour=21),
    Person("Daan Smit", "Europe/Brussels", hour=21),
    Person("Femke Visser", "Europe/Brussels", hour=21),
)
