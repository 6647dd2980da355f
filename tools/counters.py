"""Counts what a Python source text holds: lines, branches, docstrings.

Every counter takes source text or a syntax tree, so the gates of tests/unit/test_architecture.py
and tools/figures.py count alike. Nothing here reads a file or knows which numbers are too many.
"""

from __future__ import annotations

import ast
import functools
import io
import tokenize
from collections.abc import Iterator

DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Methods of Capabilities that return capabilities: calling one is no read.
LEARNING = {"learn", "of"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.lru_cache(maxsize=4)
def syntax(text: str) -> ast.Module:
    """Return the syntax tree of a source text.

    The last few are kept: many gates look at one text, one after another.
    """
    return ast.parse(text)


@functools.lru_cache(maxsize=4)
def code_lines(text: str) -> frozenset[int]:
    """Return the numbers of the lines that hold code.

    Not code are comments, blank lines, docstrings, and the documentation that Ansible reads.
    """
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NOT_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    found -= _documentation_lines(text)
    for node, _content in _docstrings(text):
        found.difference_update(_lines(node))
    return frozenset(found)


def docstring_summaries(text: str) -> list[tuple[int, str]]:
    """Return (number of the line, first line) of every docstring."""
    found = []
    for node, content in _docstrings(text):
        found.append((node.lineno, content.partition("\n")[0]))
    return sorted(found)


def _docstrings(text: str) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(syntax(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS)):
            content = ast.get_docstring(node)
            if content:
                yield node.body[0], content


def _documentation_lines(text: str) -> set[int]:
    found: set[int] = set()
    for node in ast.walk(syntax(text)):
        if _is_documentation(node):
            found.update(_lines(node))
    return found


def _is_documentation(node: ast.AST) -> bool:
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return False
    return node.targets[0].id in DOCUMENTATION


def _lines(node: ast.AST) -> range:
    first = getattr(node, "lineno", 1)
    return range(first, (getattr(node, "end_lineno", None) or first) + 1)


def functions(text: str) -> Iterator[tuple[str, Function, bool]]:
    """Yield (dotted name, node, whether it is a method) of every function.

    Functions inside other functions are included.
    """
    yield from _functions_in(syntax(text), "", False)


def _functions_in(
    node: ast.AST, place: str, in_class: bool
) -> Iterator[tuple[str, Function, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            yield f"{place}{child.name}", child, in_class
            yield from _functions_in(child, f"{place}{child.name}.", False)
        elif isinstance(child, ast.ClassDef):
            yield from _functions_in(child, f"{place}{child.name}.", True)
        else:
            yield from _functions_in(child, place, in_class)


def function_lines(text: str) -> dict[str, int]:
    """Return the number of code lines of each function, its head included."""
    lines = code_lines(text)
    return {name: len(lines.intersection(_lines(node))) for name, node, _method in functions(text)}


def function_branches(text: str) -> dict[str, int]:
    """Return the branches of each function: radon's cyclomatic complexity minus one.

    A function inside another one is counted by itself only.
    """
    return {name: sum(map(branches, node.body)) for name, node, _method in functions(text)}


def branches(node: ast.AST) -> int:
    """Return the branches in a piece of syntax.

    Those of functions and classes in it are left out.
    """
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return 0
    if isinstance(node, ast.Assert):
        return 1  # like radon, which does not look into an assertion
    return _own_branches(node) + sum(map(branches, ast.iter_child_nodes(node)))


def _own_branches(node: ast.AST) -> int:
    match node:
        case ast.If() | ast.IfExp():
            return 1
        case ast.For() | ast.AsyncFor() | ast.While():
            return 1 + bool(node.orelse)
        case ast.Try():
            return len(node.handlers) + bool(node.orelse)
        case ast.BoolOp():
            return len(node.values) - 1
        case ast.comprehension():
            return 1 + len(node.ifs)
        case ast.Match():
            return len([case for case in node.cases if not _matches_all(case)])
    return 0


def _matches_all(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def complexity(text: str) -> int:
    """Return the branches of a whole file.

    Each function counts as one more, as in radon.
    """
    inside = sum(map(_own_branches, ast.walk(syntax(text))))
    return inside + len(list(functions(text)))


def parameters(node: Function, method: bool) -> list[str]:
    """Return the names of a function's parameters.

    ``self`` and ``cls`` of a method are left out.
    """
    args = node.args
    names = [one.arg for one in (*args.posonlyargs, *args.args)]
    if method and names and names[0] in ("self", "cls"):
        names = names[1:]
    names += [one.arg for one in args.kwonlyargs]
    names += [one.arg for one in (args.vararg, args.kwarg) if one]
    return names


def conditional_expressions(text: str) -> list[ast.IfExp]:
    """Return every ``x if condition else y``."""
    return [node for node in ast.walk(syntax(text)) if isinstance(node, ast.IfExp)]


def comprehensions(text: str) -> list[ast.expr]:
    """Return every list, set and dictionary comprehension and generator expression."""
    return [node for node in ast.walk(syntax(text)) if isinstance(node, COMPREHENSIONS)]


def wide_lines(text: str, columns: int) -> list[int]:
    """Return the numbers of the lines that are longer than ``columns``.

    Code, comments and docstrings count. The documentation that Ansible reads does not.
    """
    documentation = _documentation_lines(text)
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > columns and number not in documentation:
            found.append(number)
    return found


def capability_reads(text: str) -> list[int]:
    """Return the numbers of the lines on which a value is taken out of capabilities.

    That is ``capabilities.NAME`` and ``capabilities.get("NAME")``, where the object is called
    ``capabilities``, is an attribute of that name, is annotated as ``Capabilities`` or was
    assigned from one of these. Passing the object on is no read.
    """
    tree = syntax(text)
    names = _capability_names(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr not in LEARNING:
            if _is_capabilities(node.value, names):
                found.append(node.lineno)
    return sorted(set(found))


def _capability_names(tree: ast.AST) -> set[str]:
    names = {"capabilities"}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            if ast.unparse(node.annotation).strip("'\"") == "Capabilities":
                names.add(node.arg)
        elif isinstance(node, ast.Assign) and _is_capabilities(node.value, names):
            names.update(one.id for one in node.targets if isinstance(one, ast.Name))
    return names


def _is_capabilities(node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "capabilities"
    return isinstance(node, ast.Name) and node.id in names
