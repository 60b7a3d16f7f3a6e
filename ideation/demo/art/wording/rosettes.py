"""Words for flowers by compass."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "bloom": Words(
        "One large flower with layered, overlapping petals in {a} and {b}",
        (
            ("Petals", "Two inks, one compass, no ruler."),
            ("Slow firework", "The kind that stays."),
            ("Dahlia", "My neighbour grows them for a prize she never wins."),
        ),
        HANS,
        "大丽花",
        "邻居年年种来参赛，年年没得奖。",
        "一朵大花，花瓣层层交叠，以{a}和{b}印成",
    ),
    "mandala": Words(
        "A round ornament of rings with petals, rays and beads",
        (
            ("Plate no. 7", "From a set of twelve; six survived the move."),
            ("Compass rose", "It points everywhere, kindly."),
            ("Carousel", "Drawn from above, which only pigeons do."),
        ),
        HANT,
        "第七號盤",
        "一套十二個，搬家後剩六個。",
        "圓形紋飾，一圈圈花瓣、光芒和珠點",
    ),
    "meadow": Words(
        "Small flowers in even rows, in {a}, {b} and {c}",
        (
            ("Meadow, alphabetised", "I like nature best when it queues."),
            ("Seed packet", "Sow in March, forget, be surprised."),
            ("Buttons", "From my aunt's tin, the good ones."),
        ),
        HANS,
        "排队的草地",
        "大自然排好队的时候最可爱。",
        "一排排整齐的小花，以{a}、{b}和{c}印成",
    ),
    "rising": Words(
        "Half a great flower rising over the lower edge, petals in {a}, {b} and {c}",
        (
            ("Overture", "The first bar, brass only."),
            ("Sunday, eight o'clock", "The hour when the kitchen is gold."),
            ("Fan dance", "For a theatre that is a car park now."),
        ),
        HANT,
        "序曲",
        "只有銅管的第一小節。",
        "半朵大花從下緣升起，花瓣為{a}、{b}和{c}",
    ),
    "sunflower": Words(
        "A sunflower head from the front, seeds in spirals, petals in {a} and {c}",
        (
            ("Counting seeds", "137.5 degrees, a few hundred times."),
            ("Late August", "They have all turned round to look at us."),
            ("Head of the field", "The tallest one, by a hat."),
        ),
        HANS,
        "数瓜子",
        "每次转一百三十七度半，转几百次。",
        "一朵正面的向日葵，种子成螺旋，花瓣为{a}和{c}",
    ),
    "stems": Words(
        "A few tall flowers on leafy stems, standing in a row",
        (
            ("From the grass", "How flowers look when you are four."),
            ("Station garden", "Platform 2, looked after by nobody in particular."),
            ("Tall friends", "They grew faster than the fence."),
        ),
        HANT,
        "月台花圃",
        "第二月台，沒有誰在管，開得最好。",
        "幾枝高高的花並排站著，莖上有葉",
    ),
}
