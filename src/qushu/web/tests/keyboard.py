"""The keyboard of somebody who has no mouse."""

from qushu.web.tests.browsing import Person

FARTHEST = 80
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return "";
  return (one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText || "").trim();
}"""


class Keys:
    """Presses keys and asks what has the focus; nothing else."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    @property
    def focused(self) -> str:
        """What has the focus, as its label or its words; "" when nothing has it."""
        return str(self.page.evaluate(FOCUSED))

    def focus_comes_to(self, wanted: str) -> None:
        """A window that closes gives the focus back a moment after it can't be seen any more."""
        self.page.wait_for_function(f"wanted => ({FOCUSED})().startsWith(wanted)", arg=wanted)

    def tab_to(self, wanted: str, back: bool = False) -> int:
        """Tab by Tab until what has the focus is called so: how many it took."""
        passed: list[str] = []
        for _ in range(FARTHEST):
            self.press("Shift+Tab" if back else "Tab")
            passed.append(self.focused)
            if passed[-1].startswith(wanted):
                return len(passed)
        raise AssertionError(f"{wanted} can't be reached by Tab; passed {passed}")

    def goes_to(self, place: str) -> None:
        """By the side navigation."""
        self.tab_to(place)
        self.press("Enter")
        self.page.wait_for_function(
            "words => document.querySelector('[aria-current=page]')?.innerText === words", arg=place
        )

    def opens_dialog(self) -> None:
        """Enter on what opens one."""
        self.press("Enter")
        self.page.get_by_role("dialog").wait_for()
