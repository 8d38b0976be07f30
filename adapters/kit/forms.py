"""A form with one picture in it, as HTTP sends files."""

from collections.abc import Mapping
from hashlib import sha256

from adapters.kit.calls import Outgoing

_PNG = b"\x89PNG"


def form(url: str, fields: Mapping[str, str], picture: tuple[str, bytes]) -> Outgoing:
    """Return a request that carries texts and a picture; the boundary follows from the picture itself."""
    name, content = picture
    kind = "png" if content.startswith(_PNG) else "jpeg"
    boundary = f"storesync-{sha256(content).hexdigest()}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="picture.{kind}"\r\n'
        f"Content-Type: image/{kind}\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
    return Outgoing("POST", url, {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body)
