"""The audit: what was done, by whom and when, in a chain that shows whether anything was changed afterwards."""
