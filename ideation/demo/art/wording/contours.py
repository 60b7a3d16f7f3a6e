"""Words for maps of nowhere."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "summit": Words(
        "A contour map with tinted high ground in {c} and {b} and a mark on the summit",
        (
            ("Summit, 1 120 m", "I made the mountain up; the blisters were real."),
            ("Contour", "Every line is the same height, like good friends."),
            ("Sheet 14, north", "The map we argued over, kept anyway."),
        ),
        HANS,
        "等高线",
        "山是编的，水泡是真的。",
        "一幅等高线图，高处染成{c}和{b}，山顶有标记",
    ),
    "zebra": Words(
        "Flowing bands of {a}, like agate or wood grain",
        (
            ("Agate", "Cut, polished, and finally printed."),
            ("Wood grain", "The door of my first flat, from memory."),
            ("Fingerprint", "Of a giant, or a small island."),
        ),
        HANT,
        "瑪瑙",
        "切開，打磨，最後印出來。",
        "流動的{a}色帶紋，像瑪瑙或木紋",
    ),
    "islands": Words(
        "An archipelago in a {a} sea with shallows, a dotted ferry line and a compass rose",
        (
            ("Archipelago", "The ferry goes on Tuesdays, if Jon is well."),
            ("Chart of good places", "Depths in spoons."),
            ("Uncharted", "We named the small one after the dog."),
        ),
        HANS,
        "群岛",
        "渡轮星期二开，如果船长身体好。",
        "{a}色海上的群岛，有浅滩、虚线航线和罗盘",
    ),
    "streets": Words(
        "A town plan: blocks in {a}, a {b} river, and a round square in {c}",
        (
            ("Small city", "Twenty minutes across, an hour if you know people."),
            ("Old town", "You are here, more or less."),
            ("Market at the ring", "All the streets go there; that is why they bend."),
        ),
        HANT,
        "小城",
        "走過去二十分鐘，遇到熟人要一小時。",
        "一張城市平面圖：{a}色街區，{b}色河流，{c}色圓形廣場",
    ),
    "isobars": Words(
        "A weather map with {a} pressure lines, a {b} front and a {line} front",
        (
            ("Tomorrow", "Bring a coat, leave the plans."),
            ("Low over the sea", "It spun there all week like a thought."),
            ("Shipping forecast", "Moderate, good, occasionally poor."),
        ),
        HANS,
        "明日天气",
        "带件外套，计划先放放。",
        "一幅天气图：{a}色等压线，{b}与{line}两道锋面",
    ),
    "orienteering": Words(
        "A map of a wood and a lake with a course of marked posts joined by lines",
        (
            ("Control points", "We found five of them, and some mushrooms."),
            ("Shortcut", "It was not."),
            ("Course B", "For beginners and the very stubborn."),
        ),
        HANT,
        "定向越野",
        "找到五個點，還有一些蘑菇。",
        "一張樹林與湖的地圖，標點以直線相連",
    ),
}
