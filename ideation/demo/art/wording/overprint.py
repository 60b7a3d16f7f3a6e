"""Words for shapes over shapes."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "trio": Words(
        "Three large plain figures in {a}, {b} and {c} overlapping round a small {line} dot",
        (
            ("Three's company", "The colours in the middle were not in the tin."),
            ("Trio", "Piano, bass, and someone who came in late."),
            ("Handshake", "Three inks agree on a fourth."),
        ),
        HANS,
        "三重奏",
        "钢琴、贝斯，还有一位迟到的。",
        "{a}、{b}和{c}三个大图形，围着一个{line}色小点交叠",
    ),
    "totem": Words(
        "Plain figures balanced on one another in columns, in {a}, {b} and {c}",
        (
            ("Balance", "It stood for two seconds; I drew fast."),
            ("Shelf life", "Everything on my windowsill, in order of affection."),
            ("House of blocks", "The architect is three and does not take notes."),
        ),
        HANT,
        "疊疊樂",
        "只站了兩秒，我畫得很快。",
        "幾何圖形一個疊一個成柱，以{a}、{b}和{c}印成",
    ),
    "pairs": Words(
        "A sampler of overlapping pairs of plain figures in {a}, {b} and {c}",
        (
            ("Couples", "Some of them met at work."),
            ("Swatch book", "A test sheet that I liked more than the job."),
            ("Phrasebook", "Two shapes make a word; nobody knows the language."),
        ),
        HANS,
        "试色",
        "本来只是试印，结果比正稿好看。",
        "一对对交叠的几何图形，以{a}、{b}和{c}印成",
    ),
    "chain": Words(
        "Rows of overlapping figures, colours mixing where they meet, in {a}, {b} and {c}",
        (
            ("Chain", "Hold on to the one beside you."),
            ("Abacus", "It adds up to something warm."),
            ("Domino", "One nudge and we would all be orange."),
        ),
        HANT,
        "手牽手",
        "拉住旁邊那個就好。",
        "一排排交疊的圖形，相遇處混出新色，以{a}、{b}和{c}印成",
    ),
    "slats": Words(
        "A large {a} disc crossed by {b} bars, with a {c} half disc at the foot",
        (
            ("Blind", "Seven in the morning, through the slats."),
            ("Sun behind bars", "It was let out around noon."),
            ("Boathouse", "The light between the planks, and then the ball."),
        ),
        HANS,
        "百叶",
        "早上七点，太阳一条一条地进来。",
        "{a}色大圆盘上横过{b}色条纹，底边有一个{c}色半圆",
    ),
    "lens": Words(
        "Two great overlapping figures, {a} and {b}, with a small {c} one in the middle",
        (
            ("Common ground", "What is left when two people both insist."),
            ("Venn", "You, me, breakfast."),
            ("Eclipse, rehearsed", "We ran it twice before the real one."),
        ),
        HANT,
        "交集",
        "你，我，早餐。",
        "{a}與{b}兩個大圖形交疊，中間有一個小小的{c}色圖形",
    ),
}
