"""What the demo's weekly series asks for: its name and rules, and a brief for each edition."""

from dataclasses import dataclass

from ideation.contests.briefs import Text


@dataclass(frozen=True)
class Theme:
    """A brief in three languages, and the families of art that answer it, best first."""

    texts: dict[str, Text]
    families: tuple[str, ...]


def _in_three(
    families: str, en: tuple[str, str], hans: tuple[str, str], hant: tuple[str, str]
) -> Theme:
    texts = {tag: Text(*words) for tag, words in zip(_TAGS, (en, hans, hant), strict=True)}
    return Theme(texts, tuple(families.split()))


_TAGS = ("en", "zh-Hans", "zh-Hant")

SERIES = {
    "en": Text(
        "The weekly tee",
        "One theme a week, on a T-shirt. Draw it, score what the others drew, wear the best.",
        """- Your own work, or parts that you may use: say where they come from.
- It must print on a T-shirt, 30 × 40 cm at most. Few inks are a virtue.
- Lettering is welcome; brands, logos and people who have not agreed are not.
- Enter as often as you like. Every design is scored by itself.""",
    ),
    "zh-Hans": Text(
        "每周一T",
        "每周一个主题，画在T恤上。画出来，给别人的画打分，把最好的穿在身上。",
        """- 须为原创；用了可以使用的素材，请注明出处。
- 要能印在T恤上，最大 30 × 40 厘米。用色越少越见功夫。
- 欢迎文字设计；请勿使用品牌、商标，或未经同意的人物形象。
- 参赛件数不限，每件单独计分。""",
    ),
    "zh-Hant": Text(
        "每週一T",
        "每週一個主題，畫在T恤上。畫出來，替別人的畫評分，把最好的穿在身上。",
        """- 須為原創；用了可以使用的素材，請註明出處。
- 要能印在T恤上，最大 30 × 40 公分。用色越少越見功夫。
- 歡迎文字設計；請勿使用品牌、商標，或未經同意的人物形象。
- 參賽件數不限，每件單獨計分。""",
    ),
}

#: In the order of the editions. Which of them is being scored, ``plan.PHASES`` says.
THEMES = (
    _in_three(
        "houses tilings contours overprint characters",
        (
            "Small cities",
            (
                "Not Paris. The town with one good bakery and a river you can cross in four steps: "
                "show us why somebody would miss it."
            ),
        ),
        (
            "小城",
            "不画大都市。画那座只有一家好面馆、一条小河几步就能跨过的小城，让人看了会想念它。",
        ),
        (
            "小城",
            "不畫大都市。畫那座只有一家好麵包店、一條小河幾步就能跨過的小城，讓人看了會想念它。",
        ),
    ),
    _in_three(
        "waves ridges arcs contours menagerie",
        (
            "Harbour",
            (
                "Cranes, gulls, ropes, the smell of diesel and oranges. Everything that arrives, "
                "and everybody who waits for it."
            ),
        ),
        ("港口", "吊车、海鸥、缆绳，柴油和橘子的气味。画画靠岸的一切，和等着它靠岸的人。"),
        ("港口", "吊車、海鷗、纜繩，柴油和橘子的氣味。畫畫靠岸的一切，和等著它靠岸的人。"),
    ),
    _in_three(
        "overprint arcs tilings rosettes waves",
        (
            "Two inks",
            "Two colours and the shirt. Let them overlap: the third one is free.",
        ),
        ("两种颜色", "只用两种油墨，加上衣服的底色。让它们叠在一起，第三种颜色是白送的。"),
        ("兩種顏色", "只用兩種油墨，加上衣服的底色。讓它們疊在一起，第三種顏色是免費的。"),
    ),
    _in_three(
        "characters menagerie houses fruit leaves",
        (
            "The neighbours",
            (
                "The one with the drum, the one with the cat, the one you only know by their "
                "shoes. Be kind; they might buy the shirt."
            ),
        ),
        ("邻居", "打鼓的那位，养猫的那位，只认得鞋的那位。下手轻一点，他们说不定会买这件T恤。"),
        ("鄰居", "打鼓的那位，養貓的那位，只認得鞋子的那位。筆下留情，他們說不定會買這件T恤。"),
    ),
    _in_three(
        "waves characters houses arcs overprint contours",
        (
            "Night bus",
            (
                "Half past two, the last seat at the back. What goes by, who gets on, what the "
                "window does to the lights."
            ),
        ),
        ("夜班车", "凌晨两点半，最后一排。窗外掠过什么，谁上了车，玻璃又把灯光变成什么样。"),
        ("夜班公車", "凌晨兩點半，最後一排。窗外掠過什麼，誰上了車，玻璃又把燈光變成什麼樣子。"),
    ),
    _in_three(
        "ridges houses waves contours characters leaves arcs menagerie tilings fruit overprint",
        (
            "The long way home",
            "You could have taken the tram. Draw what you saw because you walked.",
        ),
        ("绕远路回家", "本来可以坐车的。把因为走路才看见的东西画下来。"),
        ("繞遠路回家", "明明可以搭車的。把因為走路才看見的東西畫下來。"),
    ),
    _in_three(
        "leaves fruit rosettes menagerie tilings",
        (
            "What grows here",
            (
                "In the crack of the pavement, on the balcony, in the fridge if need be. Something "
                "alive, from where you are."
            ),
        ),
        ("此地生长", "墙缝里的，阳台上的，实在不行冰箱里的也算。画一样你身边活着的东西。"),
        ("此地生長", "牆縫裡的，陽臺上的，真的沒有，冰箱裡的也算。畫一樣你身邊活著的東西。"),
    ),
    _in_three(
        "waves leaves arcs",
        (
            "A tee for rain",
            "It looks best wet, or it makes you wish for a puddle.",
        ),
        ("下雨天的T恤", "要么淋湿了更好看，要么让人盼着踩个水坑。"),
        ("下雨天的T恤", "要嘛淋濕了更好看，要嘛讓人想去踩水窪。"),
    ),
    _in_three(
        "fruit arcs characters",
        (
            "Breakfast",
            "The first thing on the table, or the reason why there was none.",
        ),
        ("早饭", "桌上的第一样东西，或者没吃成的理由。"),
        ("早餐", "桌上的第一樣東西，或者沒吃成的理由。"),
    ),
    _in_three(
        "characters tilings",
        (
            "Lost and found",
            "One glove, an umbrella, a tuba. Somebody left it; give it a new owner.",
        ),
        ("失物招领", "一只手套，一把伞，一支大号。有人落下了它，替它找个新主人。"),
        ("失物招領", "一隻手套，一把傘，一支低音號。有人忘了帶走，替它找個新主人。"),
    ),
    _in_three(
        "leaves rosettes",
        (
            "Somebody else's garden",
            "Over the hedge, on tiptoe, just for a moment.",
        ),
        ("别人家的院子", "踮起脚，隔着篱笆，就看一眼。"),
        ("別人家的院子", "踮起腳，隔著籬笆，看一眼就好。"),
    ),
    _in_three(
        "contours ridges",
        (
            "The last page of the atlas",
            "Where the map ends and the index begins. What did they leave out?",
        ),
        ("地图册最后一页", "地图到此为止，索引从此开始。他们漏画了什么？"),
        ("地圖集最後一頁", "地圖到此為止，索引從此開始。他們漏畫了什麼？"),
    ),
)

#: Of the contests that came before the series, to find out whether anybody would draw.
PILOTS = (
    _in_three(
        "arcs ridges fruit leaves waves",
        (
            "First light",
            "Half past five, before anybody is up. What has the sun on it already?",
        ),
        ("第一缕光", "清晨五点半，谁都还没起。阳光先照到了什么？"),
        ("第一道光", "清晨五點半，大家都還沒起床。陽光先照到了什麼？"),
    ),
    _in_three(
        "menagerie characters houses contours rosettes",
        (
            "Things on the roof",
            "Aerials, pigeons, a chair that nobody remembers carrying up. Draw what lives there.",
        ),
        ("屋顶上的东西", "天线、鸽子，还有一把没人记得是谁搬上去的椅子。画画住在那里的。"),
        ("屋頂上的東西", "天線、鴿子，還有一張沒人記得是誰搬上去的椅子。畫畫住在那裡的。"),
    ),
)
