"""Pages of a consultation's life: public ones, planning, approval, running."""
