"""Ways in: password and second factor, one-time code to a phone, signed link to one offer; and how often they may be tried."""
