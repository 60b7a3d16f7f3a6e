"""Words for lines that swell."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "ribbons": Words(
        "Wavy ribbons running across the sheet, drawing together and apart",
        (
            ("Night bus", "Streetlights on a wet window, route 9."),
            ("Laundry day", "Eleven balconies, one wind."),
            ("Lane swimming", "Drawn from the gallery of the old pool before it closed."),
        ),
        HANS,
        "夜车",
        "九路车的湿玻璃上，路灯拉成了线。",
        "一条条波浪形的色带横贯画面，时聚时散",
    ),
    "bands": Words(
        "Broad waves one before the other under a {c} disc",
        (
            ("Swell", "Counting to seven, then swimming for it."),
            ("Low tide", "The beach my father drove five hours for."),
            ("Sea, from memory", "I live inland; this is how I keep it."),
        ),
        HANT,
        "憑記憶畫海",
        "我住在內陸，海是這樣記住的。",
        "{c}色圓盤下，一層層寬闊的波浪",
    ),
    "moire": Words(
        "Two sets of wavy lines, {a} and {b}, printed over each other so that they shimmer",
        (
            ("Interference", "Two calm things that make a restless one."),
            ("Heat", "The road ahead of the van, July."),
            ("Two radios", "Both stations at once, and for a moment they agree."),
        ),
        HANS,
        "干涉",
        "两样平静的东西，叠成一样不安分的。",
        "{a}与{b}两组波浪线相互叠印，微微闪动",
    ),
    "swelling": Words(
        "Level {a} lines that thicken into round forms, with one {b} disc behind them",
        (
            ("Morse for planets", "Long, long, short: that one has a ring."),
            ("Moons", "Made with a ruler and a great deal of patience."),
            ("Venetian", "What the blind leaves of the morning."),
        ),
        HANT,
        "百葉窗",
        "百葉窗替早晨留下的，就這麼多。",
        "水平的{a}色線條在圓形處變粗，後面有一個{b}色圓盤",
    ),
    "detour": Words(
        "Upright stripes that bend round a {c} disc",
        (
            ("Make way", "Everybody moves a little and it works."),
            ("Stone in the stream", "The stone thinks it is doing the work."),
            ("Elephant in the room", "Nobody mentions it."),
        ),
        HANS,
        "让一让",
        "每条线挪一点点，就过去了。",
        "竖条纹绕开一个{c}色圆盘",
    ),
    "scales": Words(
        "Overlapping fans in rows, the old sea-wave pattern",
        (
            ("Old sea", "An old pattern; I only changed the weather."),
            ("Carp", "One scale in ten remembers something."),
            ("Hundred fans", "Summer in a theatre without air conditioning."),
        ),
        HANT,
        "青海波",
        "老紋樣，我只換了天氣。",
        "一排排相疊的扇形，傳統的海浪紋",
    ),
}
