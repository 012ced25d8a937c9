"""A lifecycle as data: states, and moves between them. Rooms register theirs when Django starts."""

from collections.abc import Iterable
from dataclasses import dataclass

from .errors import Refused

BACK = "<back>"
"""A move to BACK returns to the state from which the present one was entered, or to what `Move.instead` says for it."""

SAME = "<same>"
"""A move to SAME leaves the state as it is (a note, a failed call)."""


@dataclass(frozen=True)
class State:
    code: str
    name: str
    open: bool = True


@dataclass(frozen=True)
class Move:
    """A verb. `action` is its line in the permission matrix; `needs` are the fields its history row must hold.

    `stamps` is the column that gets the time. Clocks named in `stops` are stopped and judged, those in `drops` are
    called off without a judgement, those in `starts` start anew. `by_review` moves are made by deciding a request or by
    another case's move, never chosen by themselves; `stamps_once` keeps the first time. `part` ("lead" or "assist") says
    whose part in the case it is: of those who reach only their own unit's cases, nobody else makes it. `instead` pairs
    states that a move to BACK can't take up again with those that it goes to.
    """

    code: str
    name: str
    froms: frozenset[str]
    to: str
    action: str
    needs: tuple[str, ...] = ()
    stamps: str = ""
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    by_review: bool = False
    stamps_once: bool = False
    part: str = ""
    instead: tuple[tuple[str, str], ...] = ()

    def back_to(self, state: str) -> str:
        """Where a move to BACK ends that would return to `state`."""
        return dict(self.instead).get(state, state)


class Lifecycle:
    """States and moves of one kind of case. Raises ValueError when a move names a state that isn't there."""

    def __init__(self, code: str, name: str, states: Iterable[State], moves: Iterable[Move]) -> None:
        self.code, self.name = code, name
        self.states = {state.code: state for state in states}
        self.moves = {move.code: move for move in moves}
        for move in self.moves.values():
            unknown = (set(move.froms) | {move.to}) - set(self.states) - {"", BACK, SAME}
            if unknown:
                raise ValueError(f"{code}: move {move.code} names unknown states {sorted(unknown)}")

    def move(self, code: str, state: str) -> Move:
        """The move `code` from `state`. Raises Refused when it can't be made from there."""
        move = self.moves[code]
        if state not in move.froms:
            here = self.states[state].name if state else "尚未受理"
            raise Refused(
                f"诉求件目前是“{here}”，不能{move.name}。什么也没有改变；请刷新页面看看谁刚处理过它。",
                code="wrong_state",
            )
        return move

    def moves_from(self, state: str) -> list[Move]:
        """Every move that the table allows from this state, in the table's order."""
        return [move for move in self.moves.values() if state in move.froms]

    @property
    def open_states(self) -> frozenset[str]:
        return frozenset(state.code for state in self.states.values() if state.open)


_registered: dict[str, Lifecycle] = {}


def register(lifecycle: Lifecycle) -> None:
    """Make a lifecycle known by its code; registering the same code again replaces it."""
    _registered[lifecycle.code] = lifecycle


def lifecycle(code: str) -> Lifecycle:
    """The registered lifecycle. Raises KeyError when no room registered it."""
    return _registered[code]
