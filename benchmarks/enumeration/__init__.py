"""Does the time of an answer tell who is known?"""
