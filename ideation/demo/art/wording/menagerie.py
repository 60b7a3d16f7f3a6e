"""Words for animals in few cuts."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "shoal": Words(
        "Fish in rows, all swimming one way but one",
        (
            ("The other way", "He has his reasons."),
            ("Shoal", "Everyone in stripes, somebody in dots."),
            ("Fish market", "Sorted by how they looked at me."),
        ),
        HANS,
        "逆流",
        "它自有它的道理。",
        "一排排鱼，都朝同一边游，只有一条相反",
    ),
    "big_fish": Words(
        "One grand {a} fish with scales, above {b} ripples",
        (
            ("This big", "Witnesses were present."),
            ("Old carp", "He has lived in the park longer than the benches."),
            ("Friday", "In our house the day had a taste."),
        ),
        HANT,
        "年年有餘",
        "公園裡最老的那條，比長椅還老。",
        "一條帶鱗片的{a}色大魚，下面是{b}色水波",
    ),
    "wires": Words(
        "Birds sitting on sagging wires before a {c} disc",
        (
            ("Sheet music", "Somebody should play it."),
            ("Morning meeting", "No agenda, great turnout."),
            ("Long distance", "They listen in."),
        ),
        HANS,
        "五线谱",
        "谁来弹一下。",
        "{c}色圆盘前，电线上停着小鸟",
    ),
    "cat": Words(
        "A cat sitting upright before a {c} moon",
        (
            ("Night watch", "Nothing happened, thoroughly."),
            ("Rent is due", "She owns the building."),
            ("Moon cat", "They have an arrangement."),
        ),
        HANT,
        "守夜",
        "什麼事也沒有，非常徹底。",
        "一隻貓端坐在{c}色月亮前",
    ),
    "pair": Words(
        "Birds facing each other across a flowering plant, in the manner of folk art",
        (
            ("Two of us", "After the painted chest in my grandparents' hall."),
            ("Duet", "She leads."),
            ("Spring fair", "For the gingerbread stand, which paid in gingerbread."),
        ),
        HANS,
        "成双",
        "照着外婆家那口彩绘木箱画的。",
        "民间艺术风格的鸟儿隔着一株花相对",
    ),
    "tin": Words(
        "Sardines side by side in an open tin, one of them turned the other way",
        (
            ("Sardines", "The 8:12, second carriage."),
            ("Full house", "Breathe in on three."),
            ("Shared flat", "Great location, close company."),
        ),
        HANT,
        "早班車",
        "八點十二分，第二節車廂。",
        "打開的罐頭裡並排的沙丁魚，有一條反著放",
    ),
}
