"""Addresses of the pages about people; in the namespace of engage."""

from django.urls import path

from engage.people import account, changes, deputies, joining, listing, terms

urlpatterns = [
    path("staff/people/", listing.people, name="people"),
    path("staff/people/invite/", listing.invite, name="invite"),
    path("staff/people/<int:pk>/", listing.person, name="person"),
    path(
        "staff/people/<int:pk>/invite-again/", changes.invite_again, name="invite_again"
    ),
    path("staff/people/<int:pk>/give-role/", changes.give_role, name="give_role"),
    path(
        "staff/people/<int:pk>/end-role/<slug:kind>/", changes.end_role, name="end_role"
    ),
    path("staff/people/<int:pk>/services/", changes.services, name="services"),
    path("staff/people/<int:pk>/switch-off/", changes.switch_off, name="switch_off"),
    path("staff/people/<int:pk>/switch-on/", changes.switch_on, name="switch_on"),
    path("staff/people/<int:pk>/hand-over/", changes.hand_over, name="hand_over"),
    path("staff/people/<int:pk>/terms/add/", terms.start_term, name="start_term"),
    path(
        "staff/people/<int:pk>/terms/<int:term>/end/", terms.end_term, name="end_term"
    ),
    path("staff/people/<int:pk>/deputy/", deputies.deputy, name="deputy"),
    path(
        "staff/people/<int:pk>/deputy/<int:named>/end/",
        deputies.end_deputy,
        name="end_deputy",
    ),
    path("staff/account/", account.account, name="account"),
    path("staff/history/", account.history, name="history"),
    path("join/<str:token>/", joining.open_invitation, name="join"),
    path("join/", joining.join, name="join_here"),
]
