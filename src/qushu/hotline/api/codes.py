"""Code tables and the lifecycle, as the district has them now."""

from ninja import Router

from qushu.cases.models import Category, Channel, Reason
from qushu.kernel.lifecycle import lifecycle
from qushu.people.models import Unit
from qushu.places.models import Area

from .callers import ApiCall, needs
from .schemas import AreaRow, CategoryRow, Lifecycle, MoveRow, Named, ProblemOut, ReasonRow, StateRow, UnitRow

router = Router(tags=["codes"])
DENIED = dict.fromkeys((401, 403, 429), ProblemOut)
READ = needs("code.read")


@router.get("/channels", auth=READ, response={200: list[Named], **DENIED})
def channels(request: ApiCall) -> list[Named]:
    """渠道: where a case may come from."""
    return [Named(code=one.code, name=one.name) for one in Channel.objects.filter(active=True)]


@router.get("/categories", auth=READ, response={200: list[CategoryRow], **DENIED})
def categories(request: ApiCall) -> list[CategoryRow]:
    """类别: the tree of three levels, each with its parent's code."""
    rows = Category.objects.filter(active=True).select_related("parent")
    return [
        CategoryRow(code=one.code, name=one.name, level=one.level, parent=one.parent.code if one.parent else None)
        for one in rows
    ]


@router.get("/areas", auth=READ, response={200: list[AreaRow], **DENIED})
def areas(request: ApiCall) -> list[AreaRow]:
    """区域: district, streets, communities, grids."""
    return [
        AreaRow(code=one.code, name=one.name, level=one.level, parent=one.parent.code if one.parent else None)
        for one in Area.objects.filter(valid_to__isnull=True).select_related("parent").order_by("code")
    ]


@router.get("/units", auth=READ, response={200: list[UnitRow], **DENIED})
def units(request: ApiCall) -> list[UnitRow]:
    """承办单位 with their written duties."""
    return [
        UnitRow(
            code=one.code, name=one.name, kind=one.kind, duties=one.duties, area=one.area.code if one.area else None
        )
        for one in Unit.objects.filter(active=True).select_related("area").order_by("code")
    ]


@router.get("/reasons", auth=READ, response={200: list[ReasonRow], **DENIED})
def reasons(request: ApiCall) -> list[ReasonRow]:
    """理由: grounds to return, extend, decline, shelve, void, reopen, exclude; `request` says for which."""
    return [
        ReasonRow(code=one.code, name=one.name, request=one.move, basis=one.basis)
        for one in Reason.objects.filter(active=True)
    ]


@router.get("/lifecycle", auth=READ, response={200: Lifecycle, **DENIED})
def states_and_moves(request: ApiCall) -> Lifecycle:
    """The hotline's states, and the moves between them."""
    table = lifecycle("hotline")
    return Lifecycle(
        states=[StateRow(code=one.code, name=one.name, open=one.open) for one in table.states.values()],
        moves=[
            MoveRow(code=one.code, name=one.name, froms=sorted(one.froms), to=one.to) for one in table.moves.values()
        ],
    )
