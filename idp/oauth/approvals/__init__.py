"""What a person is asked who is not at the application's screen: by a device that shows a code, or
by a call. The request waits in a row, the person decides on a page of ours, the application asks
for the outcome until there is one (RFC 8628, OpenID Connect CIBA Core)."""
