"""What people with bad intentions write into fields. What runs or takes shape says ``pwned``."""

#: What a template would make of the sums below.
PRODUCT = str(7919 * 7907)

#: Elements, attributes, and ways out of where words may stand.
MARKUP = (
    "<script pwned>window.pwned=1</script>",
    "<img src=x pwned onerror=window.pwned=1>",
    "<svg pwned onload=window.pwned=1><animate pwned onbegin=window.pwned=1>",
    '"><b pwned autofocus onfocus=window.pwned=1 tabindex=1>',
    "' pwned onmouseover='window.pwned=1' x='",
    "` pwned onpointerenter=window.pwned=1",
    "</title></textarea></style></script></option></select></noscript><i pwned>",
    "--><u pwned><!-- pwned",
    "]]><s pwned><![CDATA[",
    '</script><script pwned>window.pwned=1//"};',
    "<iframe pwned srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<math pwned><mtext><style><img src=x pwned onerror=window.pwned=1></style>",
    "<form pwned action=javascript:window.pwned=1><button pwned formaction=javascript:1>",
    '<a pwned href="jAvA\tscript:window.pwned=1">x</a>',
    "<link pwned rel=stylesheet href=//evil.example><base pwned href=//evil.example>",
    "<meta pwned http-equiv=refresh content='0;url=//evil.example'>",
    "[x](javascript:window.pwned=1) ![x](data:text/html,<script>pwned</script>)",
    "<\u200bscript pwned>\u202etpircs<\ufeff/script>\u2028",
    "&lt;q pwned&gt;&#60;q pwned&#62;\\u003cq pwned\\u003e",
)
#: What templates, formats of strings and shells would work out.
SUMS = (
    "{{7919*7907}}",
    "{% print(7919*7907) %}",
    "${7919*7907}",
    "#{7919*7907}",
    "<%= 7919*7907 %>",
    "{{config}}{{''.__class__.__mro__}}",
    "%s %d %(name)s %(n)s %% %",
    "{0} {name} {0.__class__} {",
    "$(id) `id` ; id |",
)
#: The end of a header, and the next one.
LINES = "x\r\nX-Pwned: 1\r\nBcc: pwned@evil.example\nX-PWNED:1\r\n\r\n<p pwned>"
#: Where a link may lead.
ADDRESSES = (
    "javascript:window.pwned=1//https://x.example",
    "data:text/html,<script>window.pwned=1</script>",
    "\x01java\nscript:window.pwned=1",
    "vbscript:pwned",
)
#: What a server must not be talked into asking.
INSIDE = (
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:6379/",
    "http://[::1]:22/",
    "https://evil.example/pixel.png",
    "//evil.example/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "ftp://evil.example/x",
)


def words(number: int, most: int = 0) -> str:
    """All of them in one text, beginning with another one for another number."""
    every = [*MARKUP, *SUMS]
    start = number % len(every)
    whole = " ".join(every[start:] + every[:start])
    return whole[:most] if most else whole
