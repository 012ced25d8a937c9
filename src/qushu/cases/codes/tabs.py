"""The tabs over the code tables: each room adds its own, so that one entry of the navigation leads to all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """A code table's page by its url name."""

    label: str
    name: str


CODE_TABS: list[Tab] = [Tab("类别", "categories"), Tab("渠道", "channels"), Tab("理由", "reasons")]
"""The code tables; rooms downstream append theirs in AppConfig.ready."""
