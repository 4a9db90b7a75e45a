"""The check code printed on a protocol: who types it has the paper, or a copy of it.

It comes from the invitation's public id, which is 128 random bits that only the parties and staff
ever meet, and not from a key: a paper is checked for years, through every change of `SECRET_KEY`.
Fifty bits are out of reach of guesses that are limited by address. The code opens nothing but the
facts that the paper itself says, so it may stand in an address.
"""

import hmac

from idp.identifiers import digest

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing looks like another
BITS = 5  # a letter
LENGTH = 10
MAXIMUM_TYPED = 40
MISREAD = str.maketrans("OIL", "011", " -.")


def code_of(public_id: str) -> str:
    """The code of the invitation with this public id: `7QK3M-2XV9T`."""
    number = int.from_bytes(digest(f"protocol:{public_id}"))
    letters = "".join(ALPHABET[number >> BITS * place & 31] for place in range(LENGTH))
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def is_code_of(public_id: str, typed: str) -> bool:
    """Whether `typed` is that code, in any case and however it was grouped."""
    read = typed[:MAXIMUM_TYPED].upper().translate(MISREAD)
    code = code_of(public_id).translate(MISREAD)
    return hmac.compare_digest(read.encode(), code.encode())
