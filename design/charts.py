"""Charts: placeholder filled in this same commit series."""


class Figure:
    pass
