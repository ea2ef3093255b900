"""The demonstration: an invented council, its people, places and consultations.

Nothing here is real: council, wards, postcodes, people and answers are made up,
and the pages say so. Its main consultation retells, in our words, a county
council's consultation on a communities strategy in 2014, so that the figures
the council published can be found again in the portal.
"""

from engage.demo.people import SIGN_INS

__all__ = ["SIGN_INS"]
