"""Mandates: who represents a company or manages for a holder, shown by documents staff review."""
