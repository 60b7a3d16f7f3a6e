"""Words for the table."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "market": Words(
        "Fruit in rows, like a market stall or a tea towel, in {a}, {b} and other inks",
        (
            ("Market day", "Buy three, the fourth finds its way into the bag."),
            ("Tea towel", "Too good for the dishes."),
            ("Five a day", "I counted. Twice."),
        ),
        HANS,
        "赶集",
        "买三个，第四个自己会跑进袋子。",
        "水果排成行，像集市摊位或茶巾，用了{a}、{b}等颜色",
    ),
    "single": Words(
        "One large {a} fruit, shaded with dots",
        (
            ("The last one", "Nobody dared."),
            ("Portrait", "It sat still for an hour and then I ate it."),
            ("Ripe", "You have until about four o'clock."),
        ),
        HANT,
        "最後一個",
        "沒有人敢拿。",
        "一個大大的{a}色水果，帶網點陰影",
    ),
    "bowl": Words(
        "A heaped fruit bowl on a {b} cloth",
        (
            ("Fruit bowl", "The lemons are for show."),
            ("Sunday visit", "You may take one, says the bowl, says my aunt."),
            ("Balance sheet", "Assets: pears."),
        ),
        HANS,
        "果盘",
        "姑姑说可以拿一个，就一个。",
        "{b}色桌布上一大碗堆起的水果",
    ),
    "table": Words(
        "A still life on a table: bottle, jug, glass and fruit before a {c} wall",
        (
            ("Long lunch", "We got up at six."),
            ("Table for whoever comes", "There is always one chair more."),
            ("After the guests", "The best part is the talking while clearing up."),
        ),
        HANT,
        "午飯吃到六點",
        "來的人都有位子。",
        "桌上的靜物：瓶、壺、杯和水果，後面是{c}色的牆",
    ),
    "slices": Words(
        "Cut fruit in a grid, seen from above",
        (
            ("Halves", "Share."),
            ("Vitamin C", "For the office wall in February."),
            ("Citrus study", "All wheels, no bicycle."),
        ),
        HANS,
        "对半",
        "一人一半，感情不散。",
        "一格格切开的水果，俯视",
    ),
    "branch": Words(
        "A branch across the sheet with {b} leaves and {a} fruit",
        (
            ("Over the fence", "Legally, this part is ours."),
            ("Orchard", "Planted by someone who knew he would move."),
            ("Low-hanging", "Taken, obviously, before breakfast."),
        ),
        HANT,
        "過牆的枝",
        "伸過來的這半邊，算我們的。",
        "一根枝條橫過畫面，{b}色葉子，{a}色果實",
    ),
}
