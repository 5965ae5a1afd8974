"""How personal values look to people who need not see them. The SQL twins are macros of the lake."""


def mask_name(name: str) -> str:
    """Keeps the first character: 陈小燕 -> 陈**, Ann Lee -> A**."""
    text = name.strip()
    return f"{text[0]}**" if text else ""


def mask_phone(phone: str) -> str:
    """Keeps three and four digits of the national number: 8613812345678 -> 138****5678."""
    digits = phone.strip()
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "*" * len(digits)


def mask_email(email: str) -> str:
    """Keeps the first character and the domain: a***@example.com."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"
