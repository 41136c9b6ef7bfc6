"""Which keys say how something looks (I10): ViTo stores meaning, how it looks belongs to the landing page.

Keys only. Copy may speak of anything, also of CSS. A key is read without case and separators, so that `colorScheme`,
`COLOR-SCHEME` and `color_scheme` are one. What may as well be meaning is let through: `color` is a product's, `class`
a traveller's, `size` a shoe's, `format` a voucher's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from vitograph.resolver.storable import escaped

RULE = "I10: an artifact holds meaning (copy, image assets, offer logic), never layout"

# Refused wherever they are a word of the key: `hero_layout`, `customCSS`, `mail-template`.
LAYOUT_WORDS = frozenset({"layout", "layouts", "css", "scss", "sass", "html", "stylesheet", "template", "templates"})

# Refused as the whole key, separators aside.
_WHOLE = """
    style styles styling stylename inlinestyle theme themes skin palette colorscheme colourscheme colorpalette
    colourpalette backgroundcolor backgroundcolour bgcolor textcolor textcolour fontcolor bordercolor buttoncolor
    primarycolor secondarycolor accentcolor background backgroundimage gradient opacity shadow boxshadow
    font fonts fontfamily fontsize fontweight fontstyle typeface typography lineheight letterspacing textalign
    width height maxwidth maxheight minwidth minheight dimensions aspectratio objectfit
    position positionx positiony display zindex overflow float alignment align alignitems justify justifycontent
    margin margintop marginbottom marginleft marginright padding paddingtop paddingbottom paddingleft paddingright
    border borderradius borderwidth grid gridarea gridcolumn gridrow columns gutter flex flexdirection flexbox
    viewport breakpoint breakpoints responsive mediaquery orientation
    classname classnames cssclass domid selector xpath markup dom component components componentname
    widget widgets placement slot animation animations transition transform hover
    """
LAYOUT_KEYS = frozenset(_WHOLE.split())

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def is_layout_key(key: str) -> bool:
    """Whether a key says how something looks."""
    plain = unicodedata.normalize("NFKC", key)
    if LAYOUT_WORDS.intersection(word.lower() for word in _WORD.findall(plain)):
        return True
    squashed = "".join(char for char in plain.lower() if char.isalnum()).rstrip("0123456789")
    return squashed in LAYOUT_KEYS or squashed.removesuffix("id") in LAYOUT_KEYS | LAYOUT_WORDS


def layout_key(content: object) -> str | None:
    """The JSON pointer of a layout key at any depth, the first in document order; None when there is none."""
    return next((place for place, key, _ in walk(content) if key is not None and is_layout_key(key)), None)


def walk(content: object) -> Iterator[tuple[str, str | None, object]]:
    """Every value of a JSON document, in document order: its pointer, its key (None in an array) and itself."""
    stack: list[tuple[str, str | None, object]] = [("", None, content)]
    while stack:
        place, key, value = stack.pop()
        yield place, key, value
        children: list[tuple[str, str | None, object]] = []
        if isinstance(value, Mapping):
            children = [(f"{place}/{escaped(name)}", str(name), child) for name, child in value.items()]
        elif isinstance(value, list | tuple):
            children = [(f"{place}/{index}", None, child) for index, child in enumerate(value)]
        stack.extend(reversed(children))
