"""Contacts of holders, clients of managers, and their collaborators."""
