"""Formulas over other indicators: `hotline.accepted / 10000`, `(a.x + a.y) / 2`. Pure; exact decimals."""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from functools import cache

LONGEST = 300
LARGEST = Decimal(10) ** 16
"""What a reading has room for."""
_ACTS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class BadFormula(ValueError):
    """Not a formula; the message is Chinese, for the person who typed it."""


@cache
def operands(text: str) -> frozenset[str]:
    """The codes that a formula names. Raises BadFormula for anything but numbers, codes, + - * / and brackets."""
    found: set[str] = set()
    _walk(_tree(text), text, found)
    if not found:
        raise BadFormula("公式里没有任何指标，请写上指标的编码，如 hotline.accepted。")
    return frozenset(found)


def value_of(text: str, values: Mapping[str, Decimal | None]) -> Decimal | None:
    """The formula's value to four places; None where an operand has none, something is divided by nought, or it is too large."""
    if any(values.get(code) is None for code in operands(text)):
        return None
    with localcontext() as context:
        context.prec = 40
        try:
            found = _value(_tree(text), text, values).quantize(Decimal("0.0001"))
        except ArithmeticError:  # by nought, or beyond what a value may be
            return None
    return found if abs(found) < LARGEST else None


def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise BadFormula(f"公式最长 {LONGEST} 个字符。")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as bad:
        raise BadFormula("公式读不懂。可以写指标编码、数字、+ - * / 和括号。") from bad


def _walk(node: ast.expr, text: str, found: set[str]) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ACTS:
            _walk(left, text, found)
            _walk(right, text, found)
        case ast.UnaryOp(op=ast.USub(), operand=inside):
            _walk(inside, text, found)
        case ast.Attribute():
            found.add(_code(node))
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            pass
        case _:
            raise BadFormula(f"公式里的“{ast.unparse(node)}”读不懂。可以写指标编码、数字、+ - * / 和括号。")


def _code(node: ast.Attribute) -> str:
    if not isinstance(node.value, ast.Name):
        raise BadFormula(f"“{ast.unparse(node)}”不是指标的编码。")
    return f"{node.value.id}.{node.attr}"


def _value(node: ast.expr, text: str, values: Mapping[str, Decimal | None]) -> Decimal:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _ACTS[type(op)](_value(left, text, values), _value(right, text, values))
        case ast.UnaryOp(operand=inside):
            return -_value(inside, text, values)
        case ast.Attribute():
            return values[_code(node)] or Decimal(0)
    return Decimal(ast.get_source_segment(text.strip(), node) or "0")
