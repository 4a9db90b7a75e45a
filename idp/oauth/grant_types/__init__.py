"""The grant types of the token endpoint, one a file, each a thin subclass of Authlib's."""
