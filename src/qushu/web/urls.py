"""Every room's addresses, under the name of the workplace that uses them."""

from django.urls import include, path

urlpatterns = [
    path("", include("qushu.people.urls")),
    path("", include("qushu.places.urls")),
    path("", include("qushu.cases.codes.urls")),
    path("", include("qushu.cases.urls")),
    path("", include("qushu.hotline.urls")),
    path("", include("qushu.web.page_urls")),
]
