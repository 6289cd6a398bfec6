from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.generic import RedirectView

from accounts.actions.photos import PHOTOS
from accounts.views import passkeys
from accounts.views.admin_doors import admin_login
from accounts.views.first_run import first_run
from accounts.views.opening import opening
from accounts.views.passwords import AskReset, ChangePassword, ResetSent, SetPassword
from accounts.views.picture import picture
from accounts.views.profile import photo_remove, photo_upload, profile
from accounts.views.second_factor import confirm, recovery_codes, remove_second_factor, second_factor, set_up_app
from accounts.views.second_step import second_step
from accounts.views.sessions import end_other_sessions, end_session, sessions
from accounts.views.sign_in import SignIn, SignOut

app_name = "accounts"

# Included before Django admin, whose doors of the same names lead here.
urlpatterns = [
    path("accounts/login/", SignIn.as_view(), name="login"),
    path("accounts/sign-in/second/", second_step, name="second_step"),
    path("accounts/confirm/", confirm, name="confirm"),
    path("accounts/second-factor/", second_factor, name="second_factor"),
    path("accounts/second-factor/app/", set_up_app, name="second_factor_app"),
    path("accounts/second-factor/app/remove/", remove_second_factor, name="second_factor_remove"),
    path("accounts/sign-in/second/passkey/begin/", passkeys.second_begin, name="passkey_second_begin"),
    path("accounts/sign-in/second/passkey/", passkeys.second_complete, name="passkey_second_complete"),
    path("accounts/sign-in/passkey/begin/", passkeys.alone_begin, name="passkey_alone_begin"),
    path("accounts/sign-in/passkey/", passkeys.alone_complete, name="passkey_alone_complete"),
    path("accounts/second-factor/passkeys/begin/", passkeys.add_begin, name="passkey_add_begin"),
    path("accounts/second-factor/passkeys/", passkeys.add_complete, name="passkey_add_complete"),
    path("accounts/second-factor/passkeys/<int:pk>/remove/", passkeys.remove_key, name="passkey_remove"),
    path("accounts/second-factor/codes/", recovery_codes, name="recovery_codes"),
    path("accounts/logout/", SignOut.as_view(), name="logout"),
    path("accounts/password/", ChangePassword.as_view(), name="password"),
    path("accounts/password/reset/", AskReset.as_view(), name="reset"),
    path("accounts/password/reset/sent/", ResetSent.as_view(), name="reset_sent"),
    path("accounts/password/set/<uidb64>/<token>/", SetPassword.as_view(), name="password_set"),
    path("accounts/sessions/", sessions, name="sessions"),
    path("accounts/sessions/end/", end_other_sessions, name="sessions_end"),
    path("accounts/sessions/<int:pk>/end/", end_session, name="session_end"),
    path("accounts/opening/<str:token>/", opening, name="opening"),
    path("accounts/profile/", profile, name="profile"),
    path("accounts/profile/photo/", photo_upload, name="photo_upload"),
    path("accounts/profile/photo/remove/", photo_remove, name="photo_remove"),
    path("accounts/photo/<slug:key>/", picture, {"kept": PHOTOS}, name="photo"),
    path("first-run/<str:token>/", first_run, name="first_run"),
    path("admin/login/", admin_login),
    path("admin/logout/", SignOut.as_view()),
    path("admin/password_change/", login_required(RedirectView.as_view(pattern_name="accounts:password"))),
]
