"""Tests of accounts/sign_in."""
