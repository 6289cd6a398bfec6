"""K1 by compliance, who open no desk."""

from __future__ import annotations

from tests.accounts.people import signed_in
from tests.factories import make_compliance
from tests.mail.cases.test_k_oversight import WHY, relayed
from tests.mail.people import V
from tests.mail.world import World


def test_k1_compliance_reads_it_without_the_lists_of_a_desk_they_do_not_open(world: World) -> None:
    mail, cora = relayed(world), signed_in(make_compliance())
    asked = cora.get(f"/desk/mails/{mail.pk}/").content.decode()
    shown = cora.post(f"/desk/mails/{mail.pk}/", {"reason": WHY}).content.decode()
    assert "What do you need it for?" in asked
    assert V.address in shown
    assert "/desk/tickets/" not in asked + shown
    assert "/desk/tickets/" in signed_in(world.supervisor).get(f"/desk/mails/{mail.pk}/").content.decode()
