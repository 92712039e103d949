"""What people do to the data: publish a plan, answer an offer, state a line, admit a workshop, give consent."""
