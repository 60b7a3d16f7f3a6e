"""The demo's posters: repeatable, varied, honest about their quality, and described in words."""

from itertools import combinations
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat

from ideation.demo import art
from ideation.demo.art.families import ALL
from ideation.demo.art.inks import CLASHES, DARK, INKS, LIGHT, STOCKS, TIMID, Palette
from ideation.demo.art.press import Sheet
from ideation.demo.art.shapes import disc, rect
from ideation.demo.art.wording import ALL as WORDS
from ideation.demo.art.wording.entry import HANS, HANT, INK_NAMES, PAPER_NAMES

SMALL = 120
EVERY = [(family, seed) for family in art.FAMILIES for seed in range(6)]


@pytest.fixture(scope="module")
def wall() -> dict[tuple[str, int], Image.Image]:
    return {(family, seed): art.draw(family, seed, 1.0, SMALL) for family, seed in EVERY}


def glance(picture: Image.Image) -> Image.Image:
    """What is left of a poster from across the room."""
    flat = Image.new("RGBA", picture.size, "white")
    flat.alpha_composite(picture.convert("RGBA"))
    return flat.convert("RGB").resize((12, 12), Image.Resampling.BOX)


def has_han(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)


def test_a_family_and_a_seed_always_give_the_same_picture(wall):
    for family in art.FAMILIES:
        again = art.draw(family, 3, 1.0, SMALL)
        assert again.tobytes() == wall[family, 3].tobytes()


def test_every_picture_has_the_asked_width_and_a_poster_s_proportions(wall):
    for picture in wall.values():
        assert picture.width == SMALL
        assert 0.66 <= picture.width / picture.height <= 1.34
        assert picture.mode in ("RGB", "RGBA")


def test_the_same_design_at_another_width_is_the_same_design():
    small, large = art.draw("ridges", 4, 1.0, 150), art.draw("ridges", 4, 1.0, 600)
    assert large.width / large.height == pytest.approx(small.width / small.height, rel=0.02)
    difference = ImageChops.difference(glance(small), glance(large))
    assert max(ImageStat.Stat(difference).mean) < 4


def test_no_two_pictures_on_a_wall_of_72_look_alike(wall):
    glances = {key: glance(picture) for key, picture in wall.items()}
    for one, two in combinations(glances, 2):
        difference = ImageStat.Stat(ImageChops.difference(glances[one], glances[two]))
        assert sum(difference.rms) > 50, (one, two)


def test_no_picture_is_a_blank_sheet(wall):
    for key, picture in wall.items():
        spread = ImageStat.Stat(glance(picture)).stddev
        assert max(spread) > 8, key


def test_quality_changes_what_is_drawn_but_not_what_it_is_called():
    for family in art.FAMILIES:
        strong, weak = (art.design(family, 2, quality, SMALL) for quality in (1.0, 0.1))
        assert strong.image.tobytes() != weak.image.tobytes()
        assert (strong.title, strong.story) == (weak.title, weak.story)


def test_weak_designs_of_every_composition_can_be_drawn():
    for family in ALL:
        for seed in range(len(family.compositions)):
            assert art.draw(family.name, seed, 0.1, 40).width == 40


def test_some_designs_leave_the_ground_transparent(wall):
    clear = [picture for picture in wall.values() if picture.mode == "RGBA"]
    assert 0.04 < len(clear) / len(wall) < 0.25
    for picture in clear:
        low, high = picture.getchannel("A").getextrema()
        assert low == 0
        assert high > 200


def test_an_unknown_family_is_refused_by_name():
    with pytest.raises(ValueError, match="no family 'macrame'"):
        art.draw("macrame", 1)


def test_words_exist_for_every_composition_and_colour():
    for family in ALL:
        drawn = [composition.__name__ for composition in family.compositions]
        assert sorted(WORDS[family.name]) == sorted(drawn)
    used = {ink for palette in (*LIGHT, *DARK, *TIMID, *CLASHES) for ink in palette.inks}
    assert used <= set(INKS) & set(INK_NAMES)
    assert set(STOCKS) == set(PAPER_NAMES)


def test_a_palette_never_holds_one_ink_twice():
    for palette in (*LIGHT, *DARK, *TIMID, *CLASHES):
        assert len(palette.inks) == 4, palette


def test_title_story_and_description_are_in_one_language():
    for family, seed in EVERY:
        said = (art.titles(family, seed), art.story(family, seed), art.alt_text(family, seed))
        chinese = art.language(family, seed) != "en"
        assert all(has_han(text) == chinese for text in said), said
        assert "{" not in "".join(said)


def test_one_title_in_five_is_chinese_in_both_scripts():
    spoken = [art.language(family, seed) for family in art.FAMILIES for seed in range(50)]
    assert spoken.count(HANS) + spoken.count(HANT) == len(spoken) // 5
    assert min(spoken.count(HANS), spoken.count(HANT)) > len(spoken) // 20


def test_a_hundred_designs_have_a_hundred_titles():
    said = [art.titles(family, seed) for family in art.FAMILIES for seed in range(9)]
    assert len(set(said)) == len(said)


def test_a_description_names_the_inks_that_were_used():
    for seed in range(12):
        if art.language("overprint", seed) == "en" and "large" in art.alt_text("overprint", seed):
            weak, strong = art.alt_text("overprint", seed, 0.5), art.alt_text("overprint", seed)
            assert weak != strong
            break
    else:
        pytest.fail("no English trio among twelve seeds")


def printed(palette: Palette) -> Image.Image:
    """Ink a on the left two thirds, ink b on the right two thirds."""
    sheet = Sheet(90, 1.0, palette, Random(1))
    sheet.print(palette.a, [rect(-20, -20, 660, 1020)])
    sheet.print(palette.b, [rect(330, -20, 1020, 1020)])
    return sheet.develop().reduce((30, 90))


def test_inks_multiply_on_light_stock_and_cover_on_dark():
    light = printed(Palette(STOCKS["white"], "yellow", "pink", "red", "black"))
    one, both, two = (light.getpixel((x, 0)) for x in range(3))
    assert all(mixed < min(a, b) + 12 for mixed, a, b in zip(both, one, two, strict=True))
    dark = printed(Palette(STOCKS["night"], "yellow", "pink", "red", "cream"))
    assert sum(dark.getpixel((0, 0))) > sum(dark.getpixel((1, 0))) - 120
    assert max(dark.getpixel((1, 0))) > 180, "an ink on black paper must not be swallowed"


def test_stamping_hides_what_lies_below():
    palette = Palette(STOCKS["white"], "yellow", "blue", "red", "black")
    sheet = Sheet(90, 1.0, palette, Random(1))
    sheet.print("blue", [rect(-20, -20, 1020, 1020)])
    sheet.stamp("yellow", [disc(500, 500, 300)])
    red, _, blue = sheet.develop().getpixel((45, 45))
    assert red > 200
    assert blue < 90
