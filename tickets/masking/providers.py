"""Domains that so many people share that they tell nothing of anybody."""

from __future__ import annotations

PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.co.uk hotmail.de hotmail.fr "  # noqa: SIM905
    "live.com live.co.uk live.de live.fr live.nl msn.com yahoo.com yahoo.co.uk yahoo.co.jp yahoo.de yahoo.fr yahoo.es "
    "yahoo.it yahoo.com.br ymail.com rocketmail.com icloud.com me.com mac.com aol.com aim.com gmx.com gmx.de gmx.net "
    "gmx.at gmx.ch web.de t-online.de freenet.de arcor.de posteo.de posteo.net mailbox.org proton.me protonmail.com "
    "protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com fastmail.com fastmail.fm hey.com zoho.com zoho.eu "
    "mail.com email.com mail.ru bk.ru inbox.ru list.ru yandex.ru yandex.com ya.ru rambler.ru qq.com 163.com 126.com "
    "sina.com foxmail.com naver.com daum.net hanmail.net docomo.ne.jp ezweb.ne.jp softbank.jp orange.fr wanadoo.fr "
    "free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it telefonica.net terra.com.br uol.com.br "
    "bol.com.br wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz bluewin.ch hispeed.ch aon.at chello.at ziggo.nl "
    "kpnmail.nl xs4all.nl planet.nl telenet.be skynet.be comcast.net verizon.net att.net sbcglobal.net cox.net "
    "charter.net bellsouth.net earthlink.net shaw.ca rogers.com sympatico.ca bigpond.com optusnet.com.au "
    "btinternet.com virginmedia.com sky.com talktalk.net ntlworld.com rediffmail.com".split()
)
