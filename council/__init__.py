"""The council itself: name, brand, settings, statutory pages, its clock."""
