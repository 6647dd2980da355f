"""Prints figures about the form and the language of the collection.

Usage: figures.py [FOLDER]. FOLDER is a checkout, by default this one. The counters are those of the
gates. Figures about the code stand in two columns: of module_utils, and of all plugins.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import counters

COLUMNS = 100
FUNCTION_BRANCHES = 12
FUNCTION_LINES = 40
WORDS = {"who", "whom", "whoever", "somebody", "nobody", "stated"}
# Documentation that users read: whole files, and the parts of plugins that Ansible shows.
PAGES = ("README.md", "docs/*.md", "roles/*/README.md")
OPTIONS = ("plugins/*/*.py", "roles/*/meta/argument_specs.yml")


def sources(root: Path) -> dict[str, str]:
    """Return path → text of all Python of the collection itself."""
    found = sorted((root / "plugins").rglob("*.py"))
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


def form(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (name, figure) about the code.

    A function counts as one branch, as in radon.
    """
    lines = branches = wide = conditional = comprehensions = 0
    many_branches: list[int] = []
    long: list[int] = []
    for text in texts.values():
        lines += len(counters.code_lines(text))
        branches += counters.complexity(text)
        wide += len(counters.wide_lines(text, COLUMNS))
        conditional += len(counters.conditional_expressions(text))
        comprehensions += len(counters.comprehensions(text))
        found = counters.function_branches(text).values()
        many_branches += [count for count in found if count > FUNCTION_BRANCHES]
        found = counters.function_lines(text).values()
        long += [count for count in found if count > FUNCTION_LINES]
    readers = [path for path, text in texts.items() if counters.capability_reads(text)]
    readers = [path for path in readers if "/_provider/" not in path]
    yield "code lines", str(lines)
    yield "code lines per branch", f"{lines / branches:.2f}"
    yield f"functions over {FUNCTION_BRANCHES} branches", str(len(many_branches))
    yield f"functions over {FUNCTION_LINES} lines", str(len(long))
    yield f"lines over {COLUMNS} columns", str(wide)
    yield "files that read capabilities", str(len(readers))
    yield "conditional expressions per 100 code lines", f"{100 * conditional / lines:.2f}"
    yield "comprehensions per 100 code lines", f"{100 * comprehensions / lines:.2f}"


def documentation(path: Path) -> str:
    """Return what a file says to users.

    That is a plugin's documentation without its examples, or the whole file.
    """
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return text
    parts = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            if ast.unparse(node.targets[0]) in ("DOCUMENTATION", "RETURN"):
                parts.append(str(node.value.value))
    return "\n".join(parts)


def language(root: Path, patterns: tuple[str, ...]) -> str:
    """Return how many words of the list there are per 1,000 words, and both numbers."""
    files = [path for pattern in patterns for path in sorted(root.glob(pattern))]
    words = re.findall(r"[A-Za-z']+", "\n".join(map(documentation, files)).lower())
    unwanted = [word for word in words if word in WORDS]
    share = 1000 * len(unwanted) / max(1, len(words))
    return f"{share:.2f} ({len(unwanted)} of {len(words)})"


def main() -> None:
    """Print one figure a line."""
    root = Path(sys.argv[1] if sys.argv[1:] else Path(__file__).parent.parent).resolve()
    everything = sources(root)
    utils = {path: text for path, text in everything.items() if "/module_utils/" in path}
    for (name, figure), (_name, of_all) in zip(form(utils), form(everything), strict=True):
        print(f"{name:<44}{figure:>8}{of_all:>8}")
    for name, patterns in {"pages": PAGES, "options": OPTIONS, "both": PAGES + OPTIONS}.items():
        print(f"{f'unwanted words per 1,000: {name}':<44}{language(root, patterns):>22}")


if __name__ == "__main__":
    main()
