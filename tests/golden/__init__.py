"""Twelve tiny clusters with plans worked by hand."""
