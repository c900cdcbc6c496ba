"""QR codes: quiet zone kept, correction high enough for a poster that hangs in the rain."""

import io

import segno


def qr_svg(text: str, *, scale: int = 8) -> str:
    out = io.BytesIO()
    _made(text).save(out, kind="svg", scale=scale, border=4, light="#fff", xmldecl=False)
    return out.getvalue().decode()


def qr_png(text: str, *, scale: int = 8) -> bytes:
    out = io.BytesIO()
    _made(text).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def _made(text: str) -> segno.QRCode:
    # Scanners guess the encoding of anything but ASCII unless it is declared.
    return segno.make_qr(text, error="q", encoding="utf-8", eci=not text.isascii())
