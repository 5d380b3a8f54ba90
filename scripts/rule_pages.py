"""Write the page of each rule into ``docs/reference/rules/``, from the catalogue; pages of rules that are gone go."""

from __future__ import annotations

from pathlib import Path

from semantix.validation.catalogue import CATALOGUE
from semantix.validation.report.rule_page import index_markdown, rule_markdown

PAGES = Path(__file__).resolve().parent.parent / "docs" / "reference" / "rules"
INDEX = "README.md"


def pages() -> dict[str, str]:
    """Return the text of each page by the name of its file."""
    return {INDEX: index_markdown()} | {f"{code}.md": rule_markdown(rule) for code, rule in CATALOGUE.items()}


def main() -> None:
    """Write what differs."""
    PAGES.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in PAGES.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = PAGES / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
    print(f"{len(wanted) - 1} rules in {PAGES.name}/")


if __name__ == "__main__":
    main()
