# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The error codes that the code raises, read from its source.

A code is an argument of one of the error classes in `_errors.py`, or what such a class is born with. Where it is a parameter of a function, or what a
function returns, the codes are those that its callers give, or its `return` statements have. An error's own code that is passed on is none of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FIRST_OF_FAMILY = "AutotaskError"
CODE = "code"


@dataclass(frozen=True)
class Source:
    """A file that was read: its nodes, each with the function that it stands in."""

    tree: ast.Module
    inside: Mapping[ast.AST, Function]

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Each call, with the name of what is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, _last_name(node.func)

    def functions(self, name: str) -> list[Function]:
        """The functions and methods of a name."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function) and node.name == name]


class Reader:
    """Finds the codes in the files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.sources = [_source(path) for path in sorted(folder.rglob("*.py"))]
        self.positions = {FIRST_OF_FAMILY: 1}
        self.born_with: dict[str, str] = {}
        for node in self._classes():
            parents = [_last_name(base) for base in node.bases]
            known = next((self.positions[parent] for parent in parents if parent in self.positions), None)
            if node.name == FIRST_OF_FAMILY or known is not None:
                self.positions[node.name] = _position_of_code(node) or known or 1
                self.born_with.update((node.name, code) for code in _attribute(node))

    def codes(self) -> set[str]:
        """Every code."""
        found = set(self.born_with.values())
        for source in self.sources:
            for call, name in source.calls():
                found |= self._given(source, call, name)
            found |= {text for value in _of_results(source.tree) for text in self._texts(value, source, value)}
        return found - {""}

    def raised(self) -> Iterator[tuple[str, ast.expr | None]]:
        """Each code with the message that it is raised with, wherever it is. The message stands before the code."""
        for source in self.sources:
            for call, name in source.calls():
                if name in self.positions:
                    for code in self._given(source, call, name) or {self.born_with.get(name, "")}:
                        yield code, _argument(call, self.positions[name] - 1, "message")

    def _given(self, source: Source, call: ast.Call, name: str) -> set[str]:
        """The codes that a call gives to the error that it makes."""
        return self._texts(_argument(call, self.positions[name]), source, call) if name in self.positions else set()

    def _classes(self) -> Iterator[ast.ClassDef]:
        """The classes of all files, those of `_errors.py` in the order in which they stand there."""
        for source in self.sources:
            yield from (node for node in source.tree.body if isinstance(node, ast.ClassDef))

    def _texts(self, value: ast.expr | None, source: Source, at: ast.AST) -> set[str]:
        """What an expression can be: the texts that stand in it, or those that callers and functions give."""
        match value:
            case ast.Constant(value=str() as text):
                return {text}
            case ast.IfExp():
                return self._texts(value.body, source, at) | self._texts(value.orelse, source, at)
            case ast.JoinedStr():
                return self._joined(value, source, at)
            case ast.Name(id=name) if at in source.inside:
                return self._of_parameter(source.inside[at], name, source)
            case ast.Call() if not isinstance(value.func, ast.Attribute):
                returns = [(node, one) for one in source.functions(_last_name(value.func)) for node in ast.walk(one)]
                return {text for node, _one in returns if isinstance(node, ast.Return) for text in self._texts(node.value, source, node)}
        return set()

    def _joined(self, value: ast.JoinedStr, source: Source, at: ast.AST) -> set[str]:
        """What a text with a part that is filled in can be."""
        found = {""}
        for part in value.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = {f"{before}{text}" for before in found for text in self._texts(inner, source, at)}
        return found

    def _of_parameter(self, function: Function, name: str, source: Source) -> set[str]:
        """What a parameter of a function is given, wherever it is called, and what it is when nobody gives it."""
        arguments = function.args.args
        names = [argument.arg for argument in arguments]
        if name not in names:
            return set()
        place = names.index(name)
        at_end = len(arguments) - place
        defaults = function.args.defaults
        found = self._texts(defaults[-at_end], source, function) if at_end <= len(defaults) else set()
        skipped = 1 if names[0] in ("self", "cls") else 0
        for other in self.sources:
            for call, called in other.calls():
                if called == function.name and other.inside.get(call) is not function:
                    found |= self._texts(_argument(call, place - skipped, name), other, call)
        return found


def _source(path: Path) -> Source:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside: dict[ast.AST, Function] = {}
    for function in (node for node in ast.walk(tree) if isinstance(node, Function)):
        inside |= dict.fromkeys(ast.walk(function), function)
    return Source(tree, inside)


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _position_of_code(node: ast.ClassDef) -> int | None:
    """Where the code stands among the arguments of an error class; None where that is as in the class before it."""
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            return [argument.arg for argument in part.args.args].index(CODE) - 1
    return None


def _attribute(node: ast.ClassDef) -> list[str]:
    """What `code` is in the body of a class."""
    values = [part.value for part in node.body if isinstance(part, ast.Assign) and _last_name(part.targets[0]) == CODE]
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def _argument(call: ast.Call, place: int, name: str = CODE) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return named or (call.args[place] if place < len(call.args) else None)


def _of_results(tree: ast.Module) -> Iterator[ast.expr]:
    """What stands for `code` in a failed result that no error has made: a mapping that has a `msg`, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            entries = {key.value: value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)}
            if {CODE, "msg"} <= set(entries):
                yield entries[CODE]
