"""Words for squares, turned."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "quarters": Words(
        "Quarter discs in a grid of squares, each turned its own way, in {a}, {b} and a third ink",
        (
            (
                "Quarter turn",
                "One shape, four ways to lay it; I stopped when the floor began to move.",
            ),
            ("Tile shop", "My uncle sold bathroom tiles and never laid two walls alike."),
            ("Small plaza", "The paving outside our library, as I remember it and not as it is."),
        ),
        HANS,
        "转角",
        "同一块砖，转四次，就是一整面墙。",
        "方格里的四分之一圆，各自朝向不同，以{a}、{b}和第三种颜色印成",
    ),
    "leaves": Words(
        "A grid of pointed leaf shapes, corner to corner in their squares, in {a}, {b} and {c}",
        (
            (
                "Leaf by leaf",
                "Cut from one square of paper, then repeated until it felt like shade.",
            ),
            ("Arcade", "The light on the floor of a market hall at four in the afternoon."),
            ("Quilt for Ada", "She asked for flowers, she got geometry, she kept it."),
        ),
        HANT,
        "葉影",
        "下午四點，樹影落在磚地上的樣子。",
        "方格中由角到角的葉形，以{a}、{b}和{c}印成",
    ),
    "rainbows": Words(
        "Nested quarter rings in a grid, some meeting into arches and some not, in several inks",
        (
            ("Detours", "Every road here nearly meets another one."),
            ("Marble run", "For everyone who built one out of cereal boxes."),
            (
                "Interchange",
                "Drawn on the night bus, between two lines that never wait for each other.",
            ),
        ),
        HANS,
        "立交桥",
        "每条路都差一点就相遇。",
        "方格里层层相套的四分之一圆环，有的连成拱，有的断开，用了多种油墨",
    ),
    "truchet": Words(
        "A winding {a} ribbon pattern that never ends, with dots in some of its loops",
        (
            ("No way out", "Follow any line with your finger; you will be here a while."),
            ("Noodles", "Lunch, honestly."),
            ("Slow river", "A tile turned at random makes a river; I only chose the colours."),
        ),
        HANT,
        "迷路",
        "隨便選一條線走，走到下班也走不出去。",
        "蜿蜒不斷的{a}色帶狀圖案，部分彎道裡有圓點",
    ),
    "hills": Words(
        "Rows of half discs stacked like roof tiles, in {a}, {b}, {c} and {line}",
        (
            ("Rooftops", "What you see from the sixth floor, if you squint."),
            ("Choir", "Everyone a little behind the one in front."),
            ("A thousand hills", "For my mother, who counts them from the train."),
        ),
        HANS,
        "屋瓦",
        "从六楼望下去，全是弯弯的瓦。",
        "一排排半圆像屋瓦般叠起，以{a}、{b}、{c}和{line}印成",
    ),
    "patchwork": Words(
        "A patchwork of squares of two sizes, with discs, quarters, bars and leaves in them",
        (
            ("Toy box", "All the wooden blocks we had, put away neatly for once."),
            ("Neighbours", "Nobody matches and the street still works."),
            ("Small cities", "A town in squares, no cars."),
        ),
        HANT,
        "鄰居",
        "誰也不像誰，住在一起剛剛好。",
        "大小兩種方格拼成的圖案，格中有圓、四分之一圓、條紋和葉形",
    ),
}
