"""Change a module in one small way after the other, and say which changes its tests let pass.

    python -m scripts.mutate cnn/preprocessing/stroke_reader.py tests/cnn/preprocessing/test_stroke_reader.py --most 100

Each change is made in the memory of a process of its own, which begins with everything imported: no file is touched,
and a change costs as much as the tests that run before one of them fails. Windows cannot begin a process so. Threads do
not come along: tests that ask a LiteRT network wait for them for ever, and are of no use here.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import io
import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from enum import Enum
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pytest

FACTOR: Final = 10  # of the time that the tests take unchanged: what takes longer has been noticed, too
LEAST_S: Final = 30
SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def changes(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """Yield changed copies of a module: the line, what was changed, and the copy."""
    for at, node in enumerate(_nodes(tree)):
        for what in _ways(node):
            other = copy.deepcopy(tree)
            _change(_nodes(other)[at], what)
            yield node.lineno, f"{ast.unparse(node)}  ->  {ast.unparse(_nodes(other)[at])}", other


def _nodes(tree: ast.Module) -> list[Any]:
    """List what may be changed inside of functions; constants of the module have no right value that a test knows."""
    inside = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    told = {id(one.body[0].value) for one in inside if isinstance(one.body[0], ast.Expr)}  # docstrings
    found = {id(node): node for function in inside for part in function.body for node in ast.walk(part)}
    return [node for node in found.values() if id(node) not in told and hasattr(node, "lineno")]


def _ways(node: ast.AST) -> list[str]:
    match node:
        case ast.Compare(ops=[operation]) | ast.BinOp(op=operation) | ast.BoolOp(op=operation):
            return ["swap"] if type(operation) in SWAPPED else []
        case ast.Constant(value=bool()):
            return ["not"]
        case ast.Constant(value=int() | float()):
            return ["more"]
        case ast.If() | ast.IfExp():
            return ["always", "never"]
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            return ["drop"]
    return []


def _change(node: Any, what: str) -> None:
    match what:
        case "swap" if isinstance(node, ast.Compare):
            node.ops = [SWAPPED[type(node.ops[0])]()]
        case "swap":
            node.op = SWAPPED[type(node.op)]()
        case "not":
            node.value = not node.value
        case "more":
            node.value += 1
        case "always" | "never":
            node.test = ast.copy_location(ast.Constant(what == "always"), node.test)
        case "drop":
            node.op = ast.copy_location(ast.UAdd(), node) if isinstance(node.op, ast.USub) else node.op
            if isinstance(node.op, ast.Not):
                node.operand = ast.copy_location(ast.UnaryOp(ast.Not(), node.operand), node)


def survives(module: Any, tree: ast.Module, tests: list[str], seconds: int) -> bool:
    """Say whether all tests pass with the change, in a process of its own."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return status == 0
    signal.alarm(seconds)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    try:
        before = dict(vars(module))
        exec(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec"), vars(module))
        _replace_everywhere(module, before)
        os._exit(int(run(tests) != 0))
    except BaseException:
        os._exit(1)


def _replace_everywhere(module: Any, before: dict[str, Any]) -> None:
    """Give the changed functions to all who imported the unchanged ones by name, and leave classes as they were."""
    now = vars(module)
    anew = {name: old for name, old in before.items() if now[name] is not old}
    for name, old in anew.items():
        if isinstance(old, type):
            for attribute, value in vars(now[name]).items() if not issubclass(old, Enum) else ():
                if callable(value) or isinstance(value, (property, classmethod, staticmethod)):
                    setattr(old, attribute, value)
            now[name] = old
    changed = {id(old): now[name] for name, old in anew.items() if callable(old) and not isinstance(old, type)}
    for other in list(sys.modules.values()):
        for name, value in list(getattr(other, "__dict__", {}).items()):
            if other is not module and id(value) in changed:
                setattr(other, name, changed[id(value)])


def run(tests: list[str]) -> int:
    """Run tests until one fails."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-o", "timeout=0", *tests]))


def main() -> int:
    """Change, run, and list what survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--most", type=int, default=100, help="changes, drawn with seed 0 where there are more")
    options = parser.parse_args()
    module = importlib.import_module(".".join(options.module.with_suffix("").parts))
    if run(options.tests):
        parser.error("The tests fail without any change.")
    started = perf_counter()
    run(options.tests)
    patience = max(LEAST_S, round(FACTOR * (perf_counter() - started)))
    tree = ast.parse(options.module.read_text("utf-8"))
    if not survives(module, tree, options.tests, patience):
        parser.error("The tests fail, or hang, where the module is loaded anew without any change.")
    every = list(changes(tree))
    chosen = every if len(every) <= options.most else random.Random(0).sample(every, options.most)
    alive = 0
    for number, (line, what, changed) in enumerate(chosen, 1):
        if survives(module, changed, options.tests, patience):
            alive += 1
            print(f"{options.module}:{line}: {what}  ({number} tried)", flush=True)
    noticed = len(chosen) - alive
    print(f"{options.module}: {noticed} of {len(chosen)} changes noticed, of {len(every)} that there are")
    return 0


if __name__ == "__main__":
    sys.exit(main())
