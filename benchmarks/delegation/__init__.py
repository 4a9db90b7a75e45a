"""Measurements over a country: 1,000,000 installations and 200,000 grants."""
