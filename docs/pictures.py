"""Makes the pictures of these pages from the screenshots that the browser tests keep: `make pictures`."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

SCREENSHOTS = Path(__file__).parents[1] / "build/screenshots"
PICTURES = Path(__file__).parent / "pictures"
SHOWN = ("pair-light", "call-light", "bulk-light", "retract-light", "quality-light", "analyst-light")
COLOURS = 64


def main() -> None:
    """Writes each as a PNG with a palette, some 40 KB. FileNotFoundError when a test kept no such screenshot."""
    PICTURES.mkdir(exist_ok=True)
    for name in SHOWN:
        with Image.open(SCREENSHOTS / f"{name}.png") as shot:
            palette = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            palette.save(PICTURES / f"{name.removesuffix('-light')}.png", optimize=True)


if __name__ == "__main__":
    main()
