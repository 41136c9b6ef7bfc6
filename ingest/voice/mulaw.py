"""µ-law (ITU-T G.711) and back: 8 bits a sample on the line, 16 in a file."""

from __future__ import annotations

from typing import Any

import numpy as np

RATE = 8000  # samples a second
SILENCE = 0xFF
_BIAS, _CLIP = 0x84, 32635


def _expand(code: int) -> int:
    inverted = ~code & 0xFF
    size = ((((inverted & 0x0F) << 3) + _BIAS) << ((inverted & 0x70) >> 4)) - _BIAS
    return -size if inverted & 0x80 else size


TABLE = np.array([_expand(code) for code in range(256)], np.int16)


def to_linear(codes: bytes) -> Any:
    """The samples as int16."""
    return TABLE[np.frombuffer(codes, np.uint8)]


def from_linear(samples: Any) -> bytes:
    """The codes of int16 samples, as the telephone network makes them."""
    wide = np.asarray(samples, np.int32)
    size = np.minimum(np.abs(wide), _CLIP) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    codes = ~((wide < 0) * 0x80 | (exponent << 4) | mantissa) & 0xFF
    return bytes(codes.astype(np.uint8).tobytes())
