"""Sentences of the demo archive in five languages. {order}, {thing}, {name} and {sum} are filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """One language: how a conversation begins, goes on on both sides, and ends."""

    code: str
    names: tuple[str, ...]
    things: tuple[str, ...]
    opening: tuple[str, ...]
    visitor: tuple[str, ...]
    operator: tuple[str, ...]
    ending: tuple[str, ...]


ENGLISH = Phrases(
    "en",
    ("Amelia Hart", "Noah Pike", "Olivia Marsh", "Zoë Smith-Jones", "Liam O'Neill"),
    ("coat", "kettle", "desk lamp", "pair of boots", "tent"),
    ("Where is my order {order}?", "The {thing} arrived torn. What now?", "I want a refund for order {order}."),
    ("It was ordered two weeks ago.", "The invoice says {sum}.", "Can it be sent to my office?", "That is not enough."),
    ("Let me look that up.", "Order {order} left on Tuesday.", "We refund {sum} today.", "Here is the label."),
    ("Thank you, {name}.", "That solved it, thanks.", "I will wait for the parcel."),
)
GERMAN = Phrases(
    "de",
    ("Jürgen Groß", "Käthe Müller", "Anneliese Weiß", "Björn Schäfer", "Şule Yılmaz"),
    ("Jacke", "Lampe", "Kanne", "Schuhe", "Zelt"),
    ("Wo bleibt meine Bestellung {order}?", "Die Ware ({thing}) ist beschädigt.", "Ich möchte {sum} zurück."),
    ("Bestellt habe ich vor zwei Wochen.", "Auf der Rechnung stehen {sum}.", "Das hilft mir leider nicht."),
    ("Ich sehe gleich nach.", "Die Bestellung {order} ist unterwegs.", "Wir erstatten {sum} noch heute."),
    ("Vielen Dank, {name}!", "Damit ist es erledigt.", "Schöne Grüße und danke."),
)
FRENCH = Phrases(
    "fr",
    ("Chloé Lefèvre", "François Dubois", "Zoé Garçon", "Noël Hébert"),
    ("veste", "lampe", "bouilloire", "tente"),
    ("Où est ma commande {order} ?", "Le colis ({thing}) est abîmé.", "Je voudrais être remboursée de {sum}."),
    ("Je l'ai passée il y a deux semaines.", "La facture indique {sum}.", "C'est trop tard pour moi."),
    ("Je regarde tout de suite.", "La commande {order} est partie mardi.", "Nous remboursons {sum} aujourd'hui."),
    ("Merci beaucoup, {name}.", "C'est réglé, merci.", "À bientôt."),
)
SPANISH = Phrases(
    "es",
    ("Begoña Núñez", "Íñigo Peña", "Lucía Ibáñez", "Martín Güemes"),
    ("chaqueta", "lámpara", "tetera", "tienda"),
    ("¿Dónde está mi pedido {order}?", "El paquete ({thing}) llegó roto.", "Quiero la devolución de {sum}."),
    ("Lo pedí hace dos semanas.", "La factura dice {sum}.", "Así no me sirve."),
    ("Ahora mismo lo miro.", "El pedido {order} salió el martes.", "Devolvemos {sum} hoy."),
    ("Muchas gracias, {name}.", "Resuelto, gracias.", "Hasta pronto."),
)
ARABIC = Phrases(
    "ar",
    ("ليلى حداد", "يوسف منصور", "سارة الخطيب"),
    ("معطف", "مصباح", "إبريق"),
    ("أين طلبي رقم {order}؟", "وصل المنتج ({thing}) ممزقًا.", "أريد استرداد {sum}."),
    ("طلبته قبل أسبوعين.", "الفاتورة تقول {sum}.", "هذا لا يكفي."),
    ("سأتحقق من ذلك الآن.", "خرج الطلب {order} يوم الثلاثاء.", "نعيد إليك {sum} اليوم."),
    ("شكرًا جزيلًا يا {name}.", "انتهى الأمر، شكرًا.", "إلى اللقاء."),
)
LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, ARABIC)
WEIGHTS = (6, 5, 3, 3, 1)
NOTES = (
    "Second complaint this month: be generous.",
    "Asked the warehouse, they answer tomorrow.",
    "Refund of {sum} agreed with the team lead.",
    "Address checked against the order.",
)
FILES = (
    ("invoice-{order}.pdf", "application/pdf"),
    ("label {order}.pdf", "application/pdf"),
    ("photo.png", "image/png"),
    ("Größe & Maße.txt", "text/plain"),
    ("صورة.png", "image/png"),
)
