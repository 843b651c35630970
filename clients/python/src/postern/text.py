"""Text from elsewhere, as it may be shown."""

import re

_LONGEST = 500
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


def one_line(text: str) -> str:
    """The text in one line of at most 500 characters, without what a terminal would obey or the eye not see."""
    plain = " ".join(_UNSAFE.sub(" ", text).split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
