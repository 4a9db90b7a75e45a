"""Ask somebody on their own telephone who calls, or stands at a desk (OpenID Connect
Client-Initiated Backchannel Authentication Core 1.0; poll and ping)."""
