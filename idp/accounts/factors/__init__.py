"""Second factors: authenticator apps, passkeys, recovery codes, and sign-ins that wait for one."""
