"""Proof that somebody is logged in elsewhere: a JWT (RFC 7519), or a user id with its HMAC, becomes a verified account.

One algorithm is pinned for each key, so that a token never says how it is to be checked (RFC 8725 §3.1).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from vitograph.ingest.issuers import KeySource, PublicKey, header_of, public_keys
from vitograph.ingest.observations import LONGEST_ID
from vitograph.resolver.errors import Fault, Forbidden, InvalidInput, Unauthenticated
from vitograph.resolver.terms import OWN, Identity
from vitograph.resolver.values.normalize import identifier

LEEWAY = 30
"""Seconds by which the clocks of issuer and ViTo may differ."""

LONGEST_TOKEN = 8_192

Carried = list[dict[str, str]]


@dataclass(slots=True)
class Identities:
    """Checks proofs. `secret_of` gives the secret that ViTo made for a key, by the key's id."""

    secret_of: Callable[[str], str]
    _issuers: dict[str, KeySource] = field(default_factory=dict)

    async def identifiers(self, proof: object, key_id: str, terms: Identity | None) -> Carried:
        """What the proof proves, as identifiers of an observation body: a verified user id, perhaps an e-mail address.

        Unauthenticated when it proves nothing, Forbidden when this key takes no proofs, IssuerUnavailable when nobody
        can say.
        """
        if terms is None:
            raise Forbidden("this key takes no proof of identity; make one with `identity`")
        match proof:
            case {"token": str() as token, **rest} if not rest:
                claims = await self._claims(token, key_id, terms)
                return _of_claims(claims)
            case {"user_id": str() as user_id, "user_hash": str() as given, **rest} if not rest:
                expected = self.user_hash(key_id, user_id).encode()
                if terms.algorithm != OWN or not hmac.compare_digest(
                    expected, given.lower().encode("utf-8", "replace")
                ):
                    raise Unauthenticated("the user_hash is not that of this user_id")
                return [_verified("user_id", user_id)]
        raise InvalidInput([Fault("/identity", "it is {token}, or {user_id, user_hash}")])

    def user_hash(self, key_id: str, user_id: str) -> str:
        """HMAC-SHA256 of a user id under the key's identity secret, in hex: what a site's backend computes."""
        return hmac.new(self.secret_of(key_id).encode(), user_id.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    async def _claims(self, token: str, key_id: str, terms: Identity) -> Mapping[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("the token is too long")
        try:
            key = await self._key(token, key_id, terms)
            decoded = jwt.decode(token, key, algorithms=[terms.algorithm])
            jwt.JWTClaimsRegistry(leeway=LEEWAY, **_required(terms)).validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise Unauthenticated(f"the token proves nothing: {_reason(error)}") from None
        return decoded.claims

    async def _key(self, token: str, key_id: str, terms: Identity) -> OctKey | PublicKey:
        if terms.algorithm == OWN:
            return OctKey.import_key(self.secret_of(key_id))
        kid = header_of(token).get("kid")
        if terms.jwks_url is not None:
            issuer = self._issuers.setdefault(terms.jwks_url, KeySource(terms.jwks_url))
            found = await issuer.find(kid)
        else:
            found = public_keys(terms.jwks or {"keys": []}).get(kid)
        if found is None:
            raise ValueError("it is not signed by a key of its issuer")
        return found


def _required(terms: Identity) -> dict[str, Any]:
    """The claims that a token must have, and the values of those that are pinned."""
    pinned = {"iss": terms.issuer, "aud": terms.audience}
    required: dict[str, Any] = {name: {"essential": True} for name in ("exp", "sub")}
    return required | {n: {"essential": True, "value": value} for n, value in pinned.items() if value is not None}


def _of_claims(claims: Mapping[str, Any]) -> Carried:
    """`sub`, and `email` as well as the issuer knows it (OpenID Connect Core §5.1). A login needs no mailbox: what is
    no address is left out.
    """
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_ID:
        raise Unauthenticated("the token's sub is no user id")
    found = [_verified("user_id", subject)]
    if isinstance(email := claims.get("email"), str) and _is_address(email):
        assurance = "verified" if claims.get("email_verified") is True else "asserted"
        found.append({"kind": "email", "value": email, "assurance": assurance})
    return found


def _is_address(text: str) -> bool:
    try:
        identifier("email", text)
    except ValueError:
        return False
    return True


def _verified(kind: str, value: str) -> dict[str, str]:
    return {"kind": kind, "value": value, "assurance": "verified"}


def _reason(error: Exception) -> str:
    return str(getattr(error, "description", None) or error or type(error).__name__)
