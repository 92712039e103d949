"""Who may read what: one layer through which every query of a page passes."""
