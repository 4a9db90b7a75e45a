"""Recovery: two of three, tax id, password and e-mail address; and changes of the address."""
