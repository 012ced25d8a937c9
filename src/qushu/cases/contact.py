"""The caller's personal data: sealed with the case's number as context, shown masked, found by blind index."""

import json
from dataclasses import dataclass

from qushu.kernel.crypto import vault
from qushu.kernel.personal import mask_address, mask_email, mask_id, mask_name, mask_phone

_SEALED = json.JSONEncoder(ensure_ascii=False)  # made once: json.dumps makes one for every call with options
_DIGESTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
FIELDS = {"name": "姓名", "phone": "电话", "id_number": "证件号", "address": "住址", "email": "邮箱"}


@dataclass(frozen=True)
class Contact:
    """Who called. Empty strings where it isn't known."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    address: str = ""
    email: str = ""

    @property
    def known(self) -> bool:
        return bool(self.name or self.phone or self.id_number or self.address or self.email)


def seal_contact(number: str, contact: Contact) -> bytes | None:
    """Encrypted for the case `number`; None when nothing is known."""
    if not contact.known:
        return None
    return vault().seal(_SEALED.encode(vars(contact)), number.encode())


def open_contact(number: str, sealed: bytes | memoryview | None) -> Contact:
    """The contact in the clear. For actions that audit; pages show `masked_contact`. Raises crypto.Tampered."""
    if sealed is None:
        return Contact()
    return Contact(**json.loads(vault().open(sealed, number.encode())))


def masked_contact(number: str, sealed: bytes | memoryview | None) -> Contact:
    """The contact with most characters replaced by asterisks."""
    contact = open_contact(number, sealed)
    return Contact(
        name=mask_name(contact.name) if contact.name else "",
        phone=mask_phone(contact.phone) if contact.phone else "",
        id_number=mask_id(contact.id_number) if contact.id_number else "",
        address=mask_address(contact.address) if contact.address else "",
        email=mask_email(contact.email),
    )


def caller_digest(number: str, contact: Contact) -> str:
    """What the history of the case `number` keeps of its caller: a keyed digest in hex; "" when nothing is known."""
    if not contact.known:
        return ""
    said = _DIGESTED.encode(vars(contact))
    return vault().fingerprint(said, number.encode()).hex()


def caller_index(phone: str) -> bytes | None:
    """What all cases of one phone number share, without telling the number; None without a number."""
    return vault().blind_index(phone) if phone.strip() else None
