"""The look of an exported page, within the page itself: it fetches nothing, so that it reads the same in ten years."""

from __future__ import annotations

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --dim: #55606e; --paper: #fff; --card: #f3f5f8; --line: #d5dbe3;
  --link: #0b57b7; --aside: #fff6dd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #a4afbd; --paper: #12171e; --card: #1d2530;
  --line: #36414f; --link: #8fbcff; --aside: #352c12; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 50rem; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a { color: var(--link); }
dl { display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: .2rem 1rem; margin: 0; }
dt, .who, .file { color: var(--dim); }
dd { margin: 0; }
ol { list-style: none; margin: 0; padding: 0; }
li { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; margin: .5rem 0; }
li.operator { background: var(--card); }
li.system { border-style: dashed; }
li.internal { background: var(--aside); }
.who, .text, .file { margin: 0; }
.who { font-size: .875rem; }
.name { font-weight: 600; color: var(--ink); }
.text { white-space: pre-wrap; unicode-bidi: plaintext; }
.mark { font-weight: 600; }
img { display: block; max-width: 100%; max-height: 20rem; margin-top: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: start; vertical-align: top; }
@media (max-width: 36rem) { body { padding: 1rem; } thead { position: absolute; clip-path: inset(50%); }
  tr { display: block; border-bottom: 1px solid var(--line); padding: .3rem 0; } th, td { display: block; border: 0;
  padding: 0; } }
@media print { body { max-width: none; padding: 0; font-size: 10pt; color: #000; background: #fff; }
  li { break-inside: avoid; background: none; } a { color: inherit; } }
"""

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"
