"""Addresses that answer with areas for pickers. Administration of areas is in the room people, which knows who may."""

from django.urls import path

from .pages import communities_of

urlpatterns = [path("areas/<str:street_code>/communities/", communities_of, name="area-communities")]
