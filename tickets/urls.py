from django.urls import path

from tickets.views import desk, returning, webhooks

app_name = "tickets"

return_urls = [
    path("desk/conversations/<str:ref>/box/", returning.box, name="desk-box"),
    path("return/", returning.words, name="return"),
    path("return/here/<slug:slug>/", returning.here, name="return-here"),
    path("return/code/", returning.code, name="return-code"),
    path("return/conversations/<str:ref>/", returning.room, name="return-room"),
    path("return/conversations/<str:ref>/export/", returning.export, name="return-export"),
    path("return/conversations/<str:ref>/mail/", returning.mail_copy, name="return-mail"),
    path("return/conversations/<str:ref>/delete/", returning.delete, name="return-delete"),
    path("return/files/<slug:key>/", returning.file, name="return-file"),
    path("return/<str:token>/", returning.door, name="return-door"),
]

ONE = "desk/conversations/<str:ref>/"

desk_urls = [
    path("desk/tickets/", desk.tickets_page, name="tickets"),
    path("desk/tickets/promises/", desk.promises, name="promises"),
    path("desk/tickets/news/", desk.news, name="news"),
    path("desk/tickets/news/dismiss/", desk.dismiss, name="news-dismiss"),
    path("desk/mail/", desk.own_mail, name="own-mail"),
    path("desk/mail/server/", desk.own_server, name="own-server"),
    path("desk/mail/server/remove/", desk.remove_own_server, name="own-server-remove"),
    path("desk/held/", desk.held, name="held"),
    path("desk/held/<int:number>/", desk.decide, name="held-decide"),
    path("desk/mails/<int:number>/", desk.original, name="original"),
    path(ONE + "ticket/", desk.side, name="ticket"),
    path(ONE + "ticket/make/", desk.make, name="ticket-make"),
    path(ONE + "ticket/change/", desk.change, name="ticket-change"),
    path(ONE + "ticket/merge/", desk.merge, name="ticket-merge"),
    path(ONE + "ticket/split/", desk.split, name="ticket-split"),
    path(ONE + "promises/", desk.promise, name="promise"),
    path(ONE + "promises/<int:number>/end/", desk.end_promise, name="promise-end"),
    path(ONE + "promises/<int:number>/contact/", desk.reveal_promise, name="promise-contact"),
    path(ONE + "answers/", desk.answers, name="answers"),
    path(ONE + "answers/new/", desk.answer, name="answer"),
    path(ONE + "answers/<int:number>/back/", desk.take_back, name="answer-back"),
    path(ONE + "badges/", desk.badges, name="badges"),
    path(ONE + "mails/<int:number>/again/", desk.resend, name="mail-again"),
    path(ONE + "letters/<int:seq>/", desk.letter_html, name="letter"),
]

urlpatterns = [
    *desk_urls,
    *return_urls,
    path("mail/webhooks/<slug:provider>/", webhooks.inbound, name="webhook"),
]
