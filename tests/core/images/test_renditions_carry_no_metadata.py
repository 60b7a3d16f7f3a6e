from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ideation.core.images.making import make_renditions
from tests.core.images.anatomy import is_bare, parts
from tests.core.images.drawing import corners, encoded, exif, see_through, swapped_profile

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET-XMP</x:xmpmeta>"


def loaded_with_everything(format_: str, image: Image.Image) -> bytes:
    """A picture that tells its maker, place, program and more, in every way its format has."""
    common = {"exif": exif(6, with_place=True), "icc_profile": swapped_profile()}
    if format_ == "JPEG":
        return encoded(image, "JPEG", comment=b"SECRET-COMMENT", xmp=XMP, dpi=(301, 301), **common)
    if format_ in {"WEBP", "AVIF"}:
        return encoded(image, format_, xmp=XMP, **common)
    if format_ == "GIF":
        return encoded(image, "GIF", comment=b"SECRET-COMMENT")
    text = PngInfo()
    text.add_text("Author", "SECRET-TEXT")
    text.add_text("Comment", "SECRET-ZTXT", zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return encoded(image, "PNG", pnginfo=text, dpi=(301, 301), **common)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("image", [corners(), see_through()], ids=["opaque", "transparent"])
def test_nothing_but_pixels_is_handed_on(format_: str, image: Image.Image, tmp_path: Path) -> None:
    if format_ == "JPEG":
        image = image.convert("RGB")
    data = loaded_with_everything(format_, image)
    assert b"SECRET" in data, "the control: the original does carry metadata"
    (tmp_path / "original").write_bytes(data)
    rendered = make_renditions(tmp_path / "original", tmp_path)
    for one in rendered.renditions:
        written = (tmp_path / one.filename).read_bytes()
        assert is_bare(written, one.format), parts(written)
        assert b"SECRET" not in written
    assert b"SECRET" not in rendered.placeholder.encode()
