"""Words for circles inside circles."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "horizon": Words(
        "Half a target of {a} and {b} rings resting on the horizon",
        (
            ("Half past sun", "It stops here for a minute, if you ask."),
            ("Sundown radio", "The only station we got at the lake."),
            ("Landing", "Evening, seat 21A."),
        ),
        HANS,
        "日落电台",
        "湖边只收得到这一个台。",
        "{a}与{b}相间的半个同心圆停在地平线上",
    ),
    "nested": Words(
        "Arches within arches, upright or upside down, in bold stripes",
        (
            ("Doorways", "Knock on the smallest one."),
            ("Rainbow, indoors", "For a hallway without a window."),
            ("Echo", "Say something nice into it."),
        ),
        HANT,
        "門中門",
        "請敲最小的那一扇。",
        "拱門套著拱門，或正或倒，粗條紋",
    ),
    "ripples": Words(
        "Rings spreading from a few points and crossing each other, in {a}, {b} and sometimes {c}",
        (
            ("Stones", "We threw at the same time and never agreed who was first."),
            ("Small talk", "It spreads."),
            ("Rain on the pool", "The first drops, before everyone ran."),
        ),
        HANS,
        "几颗石子",
        "同时扔的，至今没争出谁先。",
        "几个点荡开的圆环彼此交错，以{a}、{b}为主，有时有{c}",
    ),
    "eccentric": Words(
        "Discs inside discs that all touch at one side of the rim",
        (
            ("Down the well", "Somebody at the bottom is singing."),
            ("Tunnel", "The good end."),
            ("Gramophone", "Side B, the slow one."),
        ),
        HANT,
        "井底",
        "底下有人在唱歌。",
        "圓盤套著圓盤，全都貼在同一側邊緣",
    ),
    "rays": Words(
        "A {a} sun with straight {b} rays to the edges of the sheet",
        (
            ("Fruit crate", "From the label of a box I still keep records in."),
            ("Good morning", "Printed for the kitchen, where it is needed."),
            ("Holiday, day one", "You know this light."),
        ),
        HANS,
        "早安",
        "印给厨房的，那里最需要。",
        "一轮{a}色太阳，{b}色光芒直射到纸边",
    ),
    "serpent": Words(
        "Striped half rings joined into winding bands, one above the other",
        (
            ("Slow snakes", "They are queueing, very politely."),
            ("Mountain road", "Eleven bends, two sick children, one view."),
            ("Bass line", "Follow one stripe and you can hum it."),
        ),
        HANT,
        "山路十一彎",
        "十一個彎，兩個暈車的孩子，一片好風景。",
        "帶條紋的半環連成蜿蜒的帶子，一條疊著一條",
    ),
}
