"""Every room's addresses, under the name of the workplace that uses them."""

from django.urls import include, path

urlpatterns = [
    path("", include("qushu.hotline.urls")),
    path("", include("qushu.people.urls")),
    path("", include("qushu.places.urls")),
    path("", include("qushu.cases.codes.urls")),
    path("", include("qushu.cases.urls")),
    path("understanding/", include("qushu.insight.understanding.urls")),
    path("matters/", include("qushu.insight.matters.urls")),
    path("warnings/", include("qushu.insight.warnings.urls")),
    path("faults/", include("qushu.insight.faults.urls")),
    path("search/", include("qushu.insight.search.urls")),
    path("overview/", include("qushu.insight.overview.urls")),
    path("reports/", include("qushu.reports.urls")),
    path("ledger/", include("qushu.ledger.urls")),
    path("open/", include("qushu.ledger.evaluation.open_urls")),
    path("cockpit/", include("qushu.cockpit.urls")),
    path("", include("qushu.web.page_urls")),
]
