"""The shape of an entry, and the names of colours, papers and windows in three scripts."""

from dataclasses import dataclass

HANS, HANT = "zh-Hans", "zh-Hant"


@dataclass(frozen=True)
class Words:
    """English and one Chinese script; `said` holds titles with the sentence that goes with each."""

    shows: str
    said: tuple[tuple[str, str], ...]
    script: str
    title: str
    story: str
    shows_zh: str


INK_NAMES: dict[str, dict[str, str]] = {
    ink: {"en": en, HANS: hans, HANT: hant}
    for ink, en, hans, hant in (
        ("black", "black", "黑", "黑"),
        ("red", "red", "红", "紅"),
        ("blue", "blue", "蓝", "藍"),
        ("green", "green", "绿", "綠"),
        ("yellow", "yellow", "黄", "黃"),
        ("pink", "pink", "粉红", "粉紅"),
        ("orange", "orange", "橙", "橙"),
        ("teal", "teal", "蓝绿", "藍綠"),
        ("sky", "sky-blue", "天蓝", "天藍"),
        ("burgundy", "burgundy", "酒红", "酒紅"),
        ("mint", "mint", "薄荷绿", "薄荷綠"),
        ("brown", "brown", "棕", "棕"),
        ("lilac", "lilac", "淡紫", "淡紫"),
        ("navy", "navy", "藏青", "藏青"),
        ("cream", "cream", "米白", "米白"),
        ("olive", "olive", "橄榄绿", "橄欖綠"),
        ("peach", "peach", "蜜桃粉", "蜜桃粉"),
        ("lime", "lime-green", "酸橙绿", "萊姆綠"),
        ("magenta", "magenta", "洋红", "洋紅"),
        ("cyan", "cyan", "青", "青"),
        ("violet", "violet", "紫", "紫"),
        ("mud", "putty", "灰褐", "灰褐"),
    )
}

PAPER_NAMES: dict[str, dict[str, str]] = {
    stock: {"en": en, HANS: hans, HANT: hant}
    for stock, en, hans, hant in (
        ("natural", "cream paper", "米白纸", "米白紙"),
        ("sand", "sand-coloured paper", "沙色纸", "沙色紙"),
        ("cool", "pale blue paper", "浅蓝纸", "淺藍紙"),
        ("white", "white paper", "白纸", "白紙"),
        ("blush", "pale pink paper", "浅粉纸", "淺粉紙"),
        ("butter", "pale yellow paper", "浅黄纸", "淺黃紙"),
        ("celadon", "pale green paper", "浅绿纸", "淺綠紙"),
        ("mustard", "mustard paper", "芥末黄纸", "芥末黃紙"),
        ("rose", "rose paper", "玫瑰色纸", "玫瑰色紙"),
        ("night", "black paper", "黑纸", "黑紙"),
        ("midnight", "navy paper", "藏青纸", "藏青紙"),
        ("pine", "dark green paper", "墨绿纸", "墨綠紙"),
        ("cobalt", "bright blue paper", "宝蓝纸", "寶藍紙"),
        ("tomato", "red paper", "红纸", "紅紙"),
        ("plum", "plum paper", "深紫红纸", "深紫紅紙"),
    )
}

CLEAR = {"en": "transparent ground", HANS: "透明底", HANT: "透明底"}

WINDOW_NAMES: dict[str, dict[str, str]] = {
    "": {"en": "", HANS: "", HANT: ""},
    "mat": {"en": ", inside a wide border", HANS: "，四周留宽边", HANT: "，四周留寬邊"},
    "soft": {"en": ", with rounded corners", HANS: "，圆角画框", HANT: "，圓角畫框"},
    "arch": {"en": ", in an arched window", HANS: "，拱形窗框", HANT: "，拱形窗框"},
    "disc": {"en": ", in a round window", HANS: "，圆形窗框", HANT: "，圓形窗框"},
}

SENTENCES = {
    "en": "{shows}{window}; {ground}.",
    HANS: "{shows}{window}；{ground}。",
    HANT: "{shows}{window}；{ground}。",
}
