"""A week on a form: a line for each day, as people write it."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.clocks import Weekday
from routing.models import Hours, Interval
from routing.times import Span, read_spans, write_spans

DAYS = tuple(f"day_{day.value}" for day in Weekday)


class DayField(forms.CharField):
    """The intervals of a day: a list of (start, end)."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(required=False, max_length=120, **facts)

    def prepare_value(self, value: Any) -> Any:
        return write_spans(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return read_spans(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """What could be read is right."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != read_spans(data or "")
        except forms.ValidationError:
            return True


class HoursForm(forms.ModelForm):  # type: ignore[type-arg]
    day_0 = DayField(label=Weekday.MONDAY.label)
    day_1 = DayField(label=Weekday.TUESDAY.label)
    day_2 = DayField(label=Weekday.WEDNESDAY.label)
    day_3 = DayField(label=Weekday.THURSDAY.label)
    day_4 = DayField(label=Weekday.FRIDAY.label)
    day_5 = DayField(label=Weekday.SATURDAY.label)
    day_6 = DayField(label=Weekday.SUNDAY.label)

    class Meta:
        model = Hours
        fields = ("name", "zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weekly = self.instance.weekly() if self.instance.pk else {}
        for day, name in enumerate(DAYS):
            self.initial.setdefault(name, list(weekly.get(day, ())))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned[name] for name in DAYS):
            raise forms.ValidationError(_("These hours never open: write when, for one day at least."))
        return cleaned

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        changed = [day for day, name in enumerate(DAYS) if name in self.changed_data]
        self.instance.intervals.filter(weekday__in=changed).delete()
        Interval.objects.bulk_create(
            Interval(hours=self.instance, weekday=day, start=start, end=end)
            for day in changed
            for start, end in self._spans(day)
        )

    def _spans(self, day: int) -> list[tuple[time, time]]:
        spans: list[Span] = self.cleaned_data[DAYS[day]]
        return spans
