"""Making a picture smaller: averaging blocks first, then Lanczos, in bands. Runs in the child only.

A resize at once holds a copy as wide as the result and as high as the source between its two
passes; bands of it give the same pixels and hold next to nothing.
"""

from PIL import Image

#: Blocks are averaged down to this many times the target. Beside Lanczos all the way, 1.5 keeps a
#: likeness of 50 dB and takes 0.4 of the time.
GAP = 1.5
_BAND = 128
#: Colours are mixed by how much of them is seen, else what is see-through leaves a fringe.
_WEIGHED = {"LA": "La", "RGBA": "RGBa"}

Box = tuple[float, float, float, float]


def shrink(image: Image.Image, size: tuple[int, int], box: Box | None = None) -> Image.Image:
    """The picture, or the part of it in ``box``, at ``size``; itself where it is that already."""
    left, top, right, bottom = box or (0, 0, *image.size)
    if size == image.size == (right - left, bottom - top):
        return image
    mode = image.mode
    image = image.convert(_WEIGHED[mode]) if mode in _WEIGHED else image
    small = Image.new(image.mode, size)
    rows = (bottom - top) / size[1]
    for start in range(0, size[1], _BAND):
        end = min(start + _BAND, size[1])
        band = (left, top + start * rows, right, min(bottom, top + end * rows))
        part = image.resize((size[0], end - start), Image.Resampling.LANCZOS, band, GAP)
        small.paste(part, (0, start))
    return small.convert(mode) if mode in _WEIGHED else small
