"""Tests of accounts/passwords."""
