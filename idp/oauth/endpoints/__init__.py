"""The endpoints, one a file: parse, one service, answer."""
