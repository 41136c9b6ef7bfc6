"""What may be put as an artifact: copy in several languages, images by their checksum, offers with a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.publishing.campaigns import Artifact, ArtifactKind, check_id, check_meaning, find_strangers
from vitograph.resolver.publishing.layout import RULE, layout_key
from vitograph.resolver.publishing.locales import find_faults
from vitograph.resolver.publishing.offers import why_refused

# An image that can hold a script (SVG) is none here.
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")
LONGEST_URL = 2_000
RULE_KEY = "when"
"""Where an offer's content says for whom it is."""
SHA256 = re.compile(r"[0-9a-f]{64}")


def read_artifact(key: str, raw: Mapping[str, Any]) -> Artifact:
    """An artifact as it was sent. InvalidInput for a layout key, wherever it is: in the content or as the key."""
    check_id(key, "/key")
    if layout_key({key: None}) is not None:
        raise InvalidInput([Fault("/key", f"{key!r} is a layout key; {RULE}")])
    check_meaning(raw)
    faults = find_strangers(raw, ("kind", "content"))
    kind, content = raw.get("kind"), raw.get("content")
    if kind not in list(ArtifactKind):
        faults.append(Fault("/kind", f"must be one of {', '.join(ArtifactKind)}"))
    if not isinstance(content, Mapping):
        faults.append(Fault("/content", "must be an object"))
    if faults or not isinstance(content, Mapping):
        raise InvalidInput(faults)
    artifact = Artifact(key, ArtifactKind(str(kind)), dict(content))
    faults = [*find_faults(content), *_find_kind_faults(artifact)]
    if faults:
        raise InvalidInput(faults)
    return artifact


def needs_bytes(artifact: Artifact) -> str | None:
    """The checksum of what must be stored here already: of an image that is not elsewhere."""
    if artifact.kind is not ArtifactKind.IMAGE or "url" in artifact.content:
        return None
    return str(artifact.content["sha256"])


def media_type(content: bytes) -> str | None:
    """The type of an image by its first bytes, None for what is none of `IMAGE_TYPES`."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return None


def is_sha256(text: str) -> bool:
    """Whether a text is a SHA-256 in lower-case hex."""
    return SHA256.fullmatch(text) is not None


def _find_kind_faults(artifact: Artifact) -> Iterator[Fault]:
    content = artifact.content
    match artifact.kind:
        case ArtifactKind.OFFER:
            if RULE_KEY in content:
                rule = content[RULE_KEY]
                reason = why_refused(rule) if isinstance(rule, str) else "must be a text, a rule in CEL"
                if reason is not None:
                    yield Fault("/content/when", reason)
        case ArtifactKind.IMAGE:
            yield from _find_image_faults(content)


def _find_image_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    checksum = content.get("sha256")
    if not isinstance(checksum, str) or not is_sha256(checksum):
        yield Fault("/content/sha256", "must be the SHA-256 of the image, 64 of 0-9 and a-f")
    if content.get("media_type") not in IMAGE_TYPES:
        yield Fault("/content/media_type", f"must be one of {', '.join(IMAGE_TYPES)}")
    if "url" in content and not _is_https(content["url"]):
        yield Fault("/content/url", "must be an https:// address; leave it out for what was uploaded here")


def _is_https(url: object) -> bool:
    if not isinstance(url, str) or len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # Everybody sees it, so no login may stand in it.
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
