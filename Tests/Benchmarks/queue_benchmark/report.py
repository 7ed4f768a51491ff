"""Rows of figures as they come, and the goals at the end."""

import statistics


class Report:
    def __init__(self):
        self.figures = {}
        self.goals = []

    def head(self, title, columns):
        print(f"\n{title}", flush=True)
        print(f"  {'':30}" + "".join(f"{column:>14}" for column in columns), flush=True)

    def row(self, name, values):
        print(f"  {name:30}" + "".join(f"{_format(value):>14}" for value in values), flush=True)

    def keep(self, name, value):
        self.figures[name] = value
        return value

    def goal(self, text, value, holds):
        self.goals.append((text, value, holds))

    def ratio(self, text, above, below, at_least):
        if above in self.figures and below in self.figures:
            value = self.figures[above] / self.figures[below]
            self.goal(f"{text} ≥ {at_least}", value, value >= at_least)

    def end(self):
        print("\nGoals")
        for text, value, holds in self.goals:
            print(f"  {'met ' if holds else 'MISS'}  {text}: {value:.2f}")


def _format(value):
    if isinstance(value, str):
        return value
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


median = statistics.median
