"""Words for land under a disc."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "peaks": Words(
        "A {a} disc above sharp mountains in {b} and {line}",
        (
            ("Ridge line", "For the town that wakes up above the fog."),
            ("First cable car", "Six in the morning, nobody else in the cabin."),
            ("Sawtooth", "The view from my grandfather's bench, simplified until he nodded."),
        ),
        HANS,
        "山脊线",
        "写给在雾上醒来的小镇。",
        "一轮{a}色圆盘，下面是{b}与{line}的尖峰",
    ),
    "hills": Words(
        "A {c} disc over layers of rolling hills, some furrowed, some dotted",
        (
            ("Folded hills", "Drive slowly here, every bend is a new colour."),
            ("Harvest moon", "The fields behind our school in the last week of September."),
            ("Long way home", "I took the long way home, and then drew it."),
        ),
        HANT,
        "丘陵",
        "每轉一個彎，田就換一種顏色。",
        "{c}色圓盤懸在層層山丘之上，有的帶犁溝，有的帶網點",
    ),
    "mirror": Words(
        "Mountains in {b} and {line} under a {a} disc, mirrored in still water",
        (
            ("Still water", "No wind for exactly ten minutes."),
            ("Twice the view", "The lake did half of the drawing."),
            ("Ferry at six", "You see the mountain twice and miss the ferry once."),
        ),
        HANS,
        "静水",
        "无风的十分钟，山有两座。",
        "{a}色圆盘下是{b}与{line}的群山，倒映在静水中",
    ),
    "lone": Words(
        "One large {b} mountain with a snow cap and bars of cloud, a small {a} disc beside it",
        (
            ("The old one", "Everybody in our town can draw it with eyes closed."),
            ("Cloud belt", "It wears the same cloud every morning until nine."),
            ("Window seat", "Left side of the train, don't say I didn't tell you."),
        ),
        HANT,
        "左側靠窗",
        "坐火車記得選左邊，雲散了就看得到。",
        "一座{b}色大山，山頂覆雪，腰間有雲，旁邊是小小的{a}色圓盤",
    ),
    "pines": Words(
        "Rows of pine trees in {c}, {b} and {line} before a large {a} disc",
        (
            ("Timberline", "Where the path gives up and the trees do not."),
            ("Campfire rules", "Arrive early, leave nothing, look up."),
            ("North side", "The side of the hill that keeps its snow."),
        ),
        HANS,
        "北坡",
        "山的北面，雪留得久，树站得直。",
        "{a}色大圆盘前，一排排{c}、{b}与{line}的松树",
    ),
    "strata": Words(
        "A {a} disc above tilted layers of earth, broken by a fault",
        (
            ("Fault line", "One slip, thirty thousand years ago, still not forgiven."),
            ("Core sample", "Geology homework that got out of hand."),
            ("What lies under", "The street I live on, cut open like a cake."),
        ),
        HANT,
        "斷層",
        "三萬年前滑了一步，到現在還沒對齊。",
        "{a}色圓盤下方是傾斜的地層，被一道斷層錯開",
    ),
}
