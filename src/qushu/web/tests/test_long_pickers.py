"""Long pickers that draw themselves give what Django gives."""

from django import forms
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.options import Options
from qushu.web.form_renderer import draw_control


class Picked(forms.Form):
    one = forms.ChoiceField(label="一个", required=False)


@given(
    pairs=st.dictionaries(st.integers(0, 50), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)),
    chosen=st.integers(0, 50) | st.none() | st.sampled_from(["", '"><script>']),
)
def test_a_long_picker_is_drawn_as_django_draws_it(pairs: dict[int, str], chosen: object) -> None:
    drawn = []
    for choices in (Options(pairs.items()).with_blank("全部 & <都>"), [("", "全部 & <都>"), *pairs.items()]):
        form = Picked({} if chosen is None else {"one": str(chosen)})
        form.fields["one"].choices = choices  # type: ignore[attr-defined]
        drawn.append(draw_control(form["one"], {"aria-invalid": "true"}))
    assert drawn[0] == drawn[1]
