"""Words for odd little people."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "solo": Words(
        "One odd creature in {a} with two legs and a definite mood",
        (
            ("Monday", "He is not late, he is gathering himself."),
            ("Good neighbour", "Waters your plants and tells them things."),
            ("First day", "New shoes, no idea where the canteen is."),
        ),
        HANS,
        "星期一",
        "他没有迟到，只是在酝酿情绪。",
        "一只{a}色的小怪物，两条腿，情绪明显",
    ),
    "parade": Words(
        "A few odd creatures walking side by side on long legs, in {a}, {b} and {c}",
        (
            ("Out for lunch", "They could not agree on a place and have been walking since."),
            ("Band practice", "Nobody plays an instrument; the walk is the best part."),
            ("After the film", "Each of them saw a different one."),
        ),
        HANT,
        "出去吃飯",
        "意見不合，所以還在走。",
        "幾個小怪物並排走著，以{a}、{b}和{c}印成",
    ),
    "crowd": Words(
        "A grid of odd faces, each with its own eyes, mouth and hat",
        (
            ("Class photo", "The one in the middle moved."),
            ("Group chat", "Everyone I know, with their read receipts on."),
            ("Lost property", "Please collect yours before Friday."),
        ),
        HANS,
        "班级合影",
        "中间那位动了。",
        "格子里一张张古怪的脸，眼睛、嘴巴和帽子各不相同",
    ),
    "tower": Words(
        "Odd creatures standing on each other's heads",
        (
            ("Better view", "Worth it for the one on top, says the one on top."),
            ("Team building", "Consultants were involved."),
            ("Second floor, please", "The lift was broken, so we improvised."),
        ),
        HANT,
        "疊羅漢",
        "最上面那位說，風景很好，值得。",
        "小怪物一個站在另一個頭上，疊成一座塔",
    ),
    "stilts": Words(
        "Small creatures on legs far too long for them, standing in a row",
        (
            ("High tide", "They have seen worse."),
            ("Tall order", "Small body, large plans."),
            ("Waiting for the bus", "Line 14, it always comes, it is never the 14."),
        ),
        HANS,
        "等车",
        "十四路总会来的，只是来的从来不是十四路。",
        "几个小身子踩着过长的腿站成一排",
    ),
    "peeking": Words(
        "An enormous {a} creature rising from the lower edge, with someone very small on its head",
        (
            ("Big friend", "He carries me home when it rains."),
            ("Have you seen my cat", "They have been looking at each other since Tuesday."),
            ("Good morning, mountain", "Some hills say it back."),
        ),
        HANT,
        "大朋友",
        "下雨的時候，他背我回家。",
        "一隻巨大的{a}色怪物從下緣探出，頭上站著小小一位",
    ),
}
