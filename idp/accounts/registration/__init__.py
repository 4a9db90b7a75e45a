"""Registration: a form that the market's profile lists field by field, and its activation by mail.

The parts, from the bottom up: `proving` (what shows that somebody is the holder), `services`
(keeping the form and writing to whom it concerns), `activation` (the click that opens the account),
`views` (the pages).
"""
