"""Words for towns after dark."""

from ideation.demo.art.wording.entry import HANS, HANT, Words

WORDS = {
    "street": Words(
        "A street of narrow houses with lit windows, a {c} moon or sun above",
        (
            ("Quiet street", "Count the lit windows: those are my friends."),
            ("Canal side", "Every roof here was somebody's argument."),
            ("Late shift", "I walk home at two and this is all mine."),
        ),
        HANS,
        "晚班",
        "凌晨两点走回家，整条街都是我的。",
        "一条窄房子的街，窗里亮着灯，天上是{c}色的月亮或太阳",
    ),
    "heap": Words(
        "A hill town: houses piled up to a point, in {a}, {b}, {c} and {line}",
        (
            ("Hill town", "The post arrives out of breath."),
            ("Everyone upstairs", "My roof is your terrace, mind the plants."),
            ("Four hundred steps", "And the bakery is at the top, naturally."),
        ),
        HANT,
        "山城",
        "我家屋頂是你家陽台，小心花盆。",
        "一座山城，房子層層堆到頂，以{a}、{b}、{c}和{line}印成",
    ),
    "facade": Words(
        "The front of a {a} block of flats, something going on in many of its windows",
        (
            ("Opposite", "I do not know their names, I know their lamps."),
            ("Block C", "Fourth floor, the cat runs the place."),
            ("Evening programme", "Better than television, and they water the plants too."),
        ),
        HANS,
        "对面楼",
        "叫不出名字，但认得每家的灯。",
        "一面{a}色公寓楼，许多窗户里各有动静",
    ),
    "harbour": Words(
        "Houses along a quay, with lights and small sailing boats on dark or pale water",
        (
            ("Harbour", "The lights arrive on the water before we do."),
            ("Last boat in", "It is always the same one, and always forgiven."),
            ("Quay at ten", "When the restaurants turn their chairs."),
        ),
        HANT,
        "港灣",
        "燈光總比船先靠岸。",
        "碼頭邊的房子，水面上有燈影和小帆船",
    ),
    "towers": Words(
        "City towers in two layers, {b} behind {a}, their windows partly lit",
        (
            ("Lights on", "Somebody is always heating up soup."),
            ("Overtime", "Floor 31, you can go home."),
            ("From the hill", "The city looks polite from here."),
        ),
        HANS,
        "加班",
        "三十一楼，可以回家了。",
        "两层城市高楼，{b}色在后，{a}色在前，窗灯半亮",
    ),
    "hut": Words(
        "One small {a} house on a round hill before a large {b} disc",
        (
            ("Small house, large night", "The rent is low and the ceiling is very high."),
            ("Keeper", "She writes the weather down in a book nobody asks for."),
            ("Off season", "Key under the third stone."),
        ),
        HANT,
        "淡季",
        "鑰匙在第三塊石頭底下。",
        "圓丘上一間{a}色小屋，後面是巨大的{b}色圓盤",
    ),
}
