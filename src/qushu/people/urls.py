"""Addresses of login, the own account, notices and administration.

Areas belong to the room places, but who may change them is known in this one; so their pages are here under that name.
"""

from django.urls import include, path

from .pages import accounts, areas, audit, captcha, login, notices, own, sheets, tokens, units

people = [
    path("login/", login.login, name="login"),
    path("login/code/", login.login_code, name="login-code"),
    path("logout/", login.logout, name="logout"),
    path("account/", own.profile, name="profile"),
    path("account/password/", own.password, name="password"),
    path("account/totp/", own.totp, name="totp"),
    path("account/totp/qr.svg", own.totp_qr, name="totp-qr"),
    path("account/totp/off/", own.totp_off, name="totp-off"),
    path("account/sessions/end/", own.end_session, name="end-own-session"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read-all"),
    path("notices/<int:notice_id>/", notices.open_notice, name="open-notice"),
    path("captcha/", captcha.fresh, name="fresh-captcha"),
    path("captcha/<str:token>.png", captcha.picture, name="captcha"),
    path("admin/accounts/", accounts.accounts, name="accounts"),
    path("admin/accounts/new/", accounts.new_account, name="new-account"),
    path("admin/accounts/<int:account_id>/", accounts.account, name="account"),
    path("admin/accounts/<int:account_id>/<slug:verb>/", accounts.change, name="change-account"),
    path("admin/units/", units.units, name="units"),
    path("admin/units/new/", units.new_unit, name="new-unit"),
    path("admin/units/<int:unit_id>/", units.unit, name="unit"),
    path("admin/audit/", audit.audit, name="audit"),
    path("admin/tokens/", tokens.tokens, name="tokens"),
    path("admin/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("admin/import/<slug:kind>/", sheets.import_sheet, name="import"),
    path("admin/import/<slug:kind>/apply/", sheets.apply_sheet, name="apply-import"),
    path("admin/export/<slug:kind>.<slug:format>", sheets.export_sheet, name="export"),
]

places = [
    path("admin/areas/", areas.areas, name="areas"),
    path("admin/areas/new/", areas.new_area, name="new-area"),
    path("admin/areas/<int:area_id>/", areas.area, name="area"),
]

urlpatterns = [
    path("", include((people, "people"))),
    path("", include((places, "places"))),
]
