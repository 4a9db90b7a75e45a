"""What nobody types by accident: values for any field or address, bodies for any form."""

LONG = 3000  # characters in an address: servers refuse more by themselves
HOSTILE = {
    "nothing": "",
    "nul": "a\x00b",
    "long": "x" * 200_000,
    "negative": "-1",
    "huge number": "9" * 400,
    "number beyond bigint": str(2**63),
    "not a number": "NaN",
    "other digits": "١٢٣",
    "sql": "' OR 1=1; --",
    "markup": '"><script>alert(1)</script>{{7*7}}${x}',
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n",
    "elsewhere": "//evil.example/\\..%2f..",
    "direction": "\u202e\ufeff\U0001f600\ud7ff",
    "json": '[{"type": "installation_access", "holder": "\\ud800\\u0000", "installations": [[]]}]',
    "nested json": "[" * 5000,
    "date": "99999-99-99",
}
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
BODIES = {
    "percent escapes of nothing": (FORM, "{name}=%ff%fe%zz%&%00=%c0%80"),
    "too much": (FORM, "{name}=" + "x" * 300_000),
    "too many": (FORM, "&".join(["{name}=1"] * 9000)),
    "arrays": (FORM, "{name}=1&{name}=2&{name}[]=3&{name}[a][b]=4"),
    "another character set": (f"{FORM}; charset=utf-16", "{name}=\x00\x01"),
    "json": ("application/json", '{{"{name}": [{{"a": null}}]}}'),
    "half of json": ("application/json", '{{"{name}": '),
    "xml": ("application/xml", "<{name}>&x;</{name}>"),
    "text": ("text/plain", "{name}=1"),
    "no type": ("", "{name}=1"),
    "a strange type": (";;;=\x7f", "{name}=1"),
    "a file": (PARTS, '--x\r\nContent-Disposition: form-data; name="{name}"; filename="/etc/x"'
               "\r\n\r\n\x00\x01\r\n--x--\r\n"),
    "half a part": (PARTS, '--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nabc'),
    "parts without end": ("multipart/form-data", "--x\r\n\r\n"),
    "parts of no name": (PARTS, "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
}  # fmt: skip
