"""Pictures: each is decoded as a whole, so that what staff open can be opened."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image

from .verdicts import Refused, Verdict

MOST_PIXELS = 64 * 1024 * 1024  # 64 megapixels: 192 MiB in colour

Image.MAX_IMAGE_PIXELS = None  # Pillow would warn first, and refuse twice as many; we count below


def check_picture(kind: str) -> Callable[[bytes], None]:
    """A check that raises Refused for more pixels than we look at; Pillow raises for the rest."""

    def check(data: bytes) -> None:
        for look in (Image.Image.verify, Image.Image.load):  # checksums, then every pixel
            with Image.open(BytesIO(data), formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refused(Verdict.TOO_COMPLEX)
                look(picture)

    return check
