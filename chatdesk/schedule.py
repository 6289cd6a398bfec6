"""Which task runs how often: one list for Celery's beat and for the embedded desk's own loop."""

SECONDS: dict[str, float] = {
    "chatdesk.tasks.sweep_leases": 5,
    "chatdesk.tasks.sweep_invitations": 2,
    "accounts.tasks.send_password_mails": 5,
    "chatdesk.tasks.tend_waiting": 3,
    "chatdesk.tasks.send_mail_notices": 15,
    "routing.tasks.watch_absences": 30,
    "chatdesk.tasks.sweep_files": 600,
    "accounts.tasks.forget_sign_ins": 3600,
    "accounts.tasks.look_at_directories": 600,
    "transcripts.tasks.keep_and_destroy": 300,
    "transcripts.tasks.send_retention_mails": 15,
    "transcripts.tasks.begin_records": 60,
    "transcripts.tasks.check_records": 3600,
    "tickets.tasks.process_incoming": 5,
    "tickets.tasks.fetch_mailboxes": 30,
    "tickets.tasks.expire_boxes": 600,
    "tickets.tasks.queue_mails": 5,
    "tickets.tasks.send_mails": 5,
    "tickets.tasks.tend_tickets": 10,
    "tickets.tasks.remind": 60,
}
