"""Words for paper cut with scissors."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "cutouts": Words(
        "Blocks of colour in a grid, a seaweed frond cut out of each",
        (
            ("Scissors", "No pencil was used, which shows, and I like that."),
            ("Herbarium", "Plants that do not exist, pressed flat."),
            ("Rock pool", "Everything in it was waving."),
        ),
        HANS,
        "剪纸",
        "没打草稿，一刀一刀剪的。",
        "格子色块里各有一枝剪纸般的水草",
    ),
    "frond": Words(
        "One large leafy branch in {a} with a {line} stem",
        (
            ("Frond", "It fell on my desk, so I drew it."),
            ("Office plant", "Named Karl, promoted twice."),
            ("Large leaf", "The greenhouse lady let me keep this one."),
        ),
        HANT,
        "大葉子",
        "溫室的阿姨說，這片可以帶走。",
        "一大枝{a}色葉子，{line}色的莖",
    ),
    "vase": Words(
        "A vase of leafy branches on a {b} table",
        (
            ("Still here", "The flowers went, the branches stayed."),
            ("Window, March", "Cut from the hedge on the way home."),
            ("Sunday table", "My grandmother's vase; the crack is on the other side."),
        ),
        HANS,
        "窗台三月",
        "回家路上从篱笆折的。",
        "{b}色桌上一瓶带叶的枝条",
    ),
    "scatter": Words(
        "Cut-out fronds, leaves and pebbles strewn evenly over the sheet",
        (
            ("Studio floor", "I swept nothing and printed it."),
            ("Tide line", "What the sea gave back on Thursday."),
            ("Leftovers", "The holes went into another poster."),
        ),
        HANT,
        "工作室地板",
        "沒有掃，直接印了。",
        "剪出的水草、葉子和石子均勻散落在畫面上",
    ),
    "wreath": Words(
        "A ring of leaves in {a} and {b} round a {c} disc",
        (
            ("Wreath", "For a door that needed cheering up."),
            ("Midsummer", "We danced round something like this."),
            ("Laurel", "For finishing, not for winning."),
        ),
        HANS,
        "花环",
        "送给跑完的人，不是跑赢的人。",
        "一圈{a}与{b}的叶子围着{c}色圆盘",
    ),
    "garden": Words(
        "Tall plants of different kinds side by side, rising from the lower edge",
        (
            ("Allotment 12", "Everything is taller than the label said."),
            ("Hedge", "Polite from the front, wild behind."),
            ("Rain gauge", "It rained for a week and this happened."),
        ),
        HANT,
        "十二號菜園",
        "每一棵都比標籤上寫的高。",
        "幾株不同的高大植物並排從下緣長出",
    ),
}
