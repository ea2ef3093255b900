"""The forms of planning and running a consultation, and of finding one."""
