"""Addresses of 诉求理解."""

from django.urls import URLPattern, URLResolver, path

from . import pages, pages_models, pages_words

urlpatterns: list[URLPattern | URLResolver] = [
    path("accuracy/", pages.accuracy, name="suggestion-accuracy"),
    path("accuracy/rows/", pages.rows, name="suggestion-rows"),
    path("models/", pages_models.models, name="understanding-models"),
    path("models/auto/", pages_models.auto, name="understanding-auto"),
    path("models/retrain/", pages_models.retrain, name="understanding-retrain"),
    path("models/<int:version_id>/use/", pages_models.use, name="understanding-use"),
    path("case/<str:number>/", pages.case_understood, name="case-understood"),
    path("text/", pages.text_understood, name="text-understood"),
    path("words/", pages_words.safety_words, name="safety-words"),
    path("words/new/", pages_words.new_safety_word, name="new-safety-word"),
    path("words/<int:word_id>/", pages_words.safety_word, name="safety-word"),
]
