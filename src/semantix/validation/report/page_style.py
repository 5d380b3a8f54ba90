"""The style sheet of the validation page: system fonts, contrast of 4.5:1 at least, dark mode, small screens, paper."""

LIGHT = """
  --ink: #17222d; --soft: #4d5b68; --line: #d5dde5; --ground: #f3f6f9; --card: #fff; --accent: #0b5394; --tint: #eef3f8;
  --good: #17663d; --good-ground: #e7f4ec; --bad: #a61b1b; --bad-ground: #fdecea;
  --partly: #7d4b00; --partly-ground: #fdf3df; --unsure: #4d5b68; --unsure-ground: #eceff3;
  --information: #0b5394; --information-ground: #e8f1fa;
  --valid: #0b5394; --mapped: #b9d6ef; --mapped-line: #2f6ea5; --unchecked: #dde3e9; --unchecked-line: #7b8894;
  --local: #fbd9a8; --local-line: #a85f00; --retired: #dcc7e8; --retired-line: #6b3f86;
  --unknown: #f0b3ad; --unknown-line: #9c1c14;
"""

DARK = """
  --ink: #e6edf3; --soft: #aab7c3; --line: #36424e; --ground: #10161c; --card: #19212a; --accent: #86bff5;
  --tint: #212b36;
  --good: #7fd6a3; --good-ground: #14301f; --bad: #ff9d94; --bad-ground: #3a1614;
  --partly: #f0bd62; --partly-ground: #35270b; --unsure: #b4c0cb; --unsure-ground: #26313c;
  --information: #86bff5; --information-ground: #142a40;
  --valid: #5ba3e6; --mapped: #24435f; --mapped-line: #86b9e6; --unchecked: #2c3843; --unchecked-line: #8797a5;
  --local: #5b3c0d; --local-line: #f4b357; --retired: #432c52; --retired-line: #cba2e2;
  --unknown: #5b1f1b; --unknown-line: #ff9d94;
"""

STYLE = f"""
:root {{{LIGHT}}}
@media (prefers-color-scheme: dark) {{ :root {{{DARK}}} }}
* {{ box-sizing: border-box }}
html {{ scroll-padding-top: 1rem }}
body {{
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: break-word;
}}
a {{ color: var(--accent); text-underline-offset: .15em }}
:focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px }}
.skip {{
  position: absolute; left: 1rem; top: -4rem; padding: .5rem .9rem; background: var(--card); color: var(--accent);
  border-radius: 0 0 6px 6px; z-index: 2;
}}
.skip:focus {{ top: 0 }}
header, nav, main, footer {{ max-width: 70rem; margin: 0 auto; padding: 0 1.25rem }}
header {{ padding-top: 2.25rem }}
h1 {{ margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -.01em }}
h2 {{ margin: 0 0 .8rem; font-size: 1.35rem; line-height: 1.3 }}
h3 {{ margin: 1.5rem 0 .5rem; font-size: 1.06rem; line-height: 1.35 }}
p {{ margin: .2rem 0 .8rem; max-width: 54rem }}
.target {{ margin: .35rem 0 1rem; color: var(--soft) }}
nav ul {{ display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; margin: 0 0 1.2rem; padding: 0 }}
nav a {{ text-decoration: none; font-size: .95rem }}
nav a:hover {{ text-decoration: underline }}
section {{
  background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 1.5rem 1.6rem; margin: 0 0 1.25rem;
}}
.icon {{ width: 1.15em; height: 1.15em; flex: none; vertical-align: -.22em; fill: currentColor }}
.good {{ --tone: var(--good); --tone-ground: var(--good-ground) }}
.error {{ --tone: var(--bad); --tone-ground: var(--bad-ground) }}
.warning {{ --tone: var(--partly); --tone-ground: var(--partly-ground) }}
.unsure {{ --tone: var(--unsure); --tone-ground: var(--unsure-ground) }}
.information {{ --tone: var(--information); --tone-ground: var(--information-ground) }}

#verdict {{ background: none; border: 0; padding: 0 }}
#verdict h2 {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }}
.two {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.1rem }}
.result {{
  background: var(--card); border: 1px solid var(--line); border-top: 6px solid var(--tone); border-radius: 12px;
  padding: 1.2rem 1.4rem 1.3rem; display: flex; flex-direction: column;
}}
.result h3 {{ margin: 0; font-size: 1.06rem }}
.result .note {{ margin: 0 0 .9rem; color: var(--soft); font-size: .92rem }}
.answer {{
  display: flex; align-items: center; gap: .6rem; margin: 0 0 .9rem; padding: .7rem .9rem; border-radius: 8px;
  background: var(--tone-ground); color: var(--tone); font-size: 1.55rem; font-weight: 650; line-height: 1.2;
}}
.result .says {{ margin: 0 0 1rem; padding: 0; list-style: none }}
.result .says li {{ margin: 0 0 .3rem }}
.result .bar {{ margin-top: auto }}
.bar > svg, .bars svg {{ display: block; width: 100%; border-radius: 3px }}
.legend {{
  display: flex; flex-wrap: wrap; gap: .3rem 1.15rem; list-style: none;
  margin: .55rem 0 0; padding: 0; font-size: .9rem;
}}
.swatch {{ width: 22px; height: 14px; vertical-align: -2px; border-radius: 2px; margin-right: .15rem }}
.legend b {{ font-variant-numeric: tabular-nums }}
.figures {{
  display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .9rem;
  list-style: none; margin: 1.1rem 0 0; padding: 0;
}}
.figures li {{
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; color: var(--soft);
}}
.figures strong {{
  display: flex; align-items: center; gap: .45rem; color: var(--tone, var(--ink)); font-size: 1.6rem; line-height: 1.25;
  font-variant-numeric: tabular-nums;
}}
.figures .icon {{ width: .8em; height: .8em }}
.figures .zero {{ --tone: var(--soft) }}

.bars {{ list-style: none; margin: 1rem 0 1.4rem; padding: 0; display: grid; gap: .55rem }}
.bars li {{ display: grid; grid-template-columns: 14rem 1fr 15.5rem; gap: .2rem 1rem; align-items: center }}
.bars .system {{ text-align: right; overflow-wrap: anywhere; line-height: 1.25 }}
.bars .share {{ font-size: .92rem; color: var(--soft); font-variant-numeric: tabular-nums }}
.bars .share b {{ color: var(--ink) }}
rect.valid, rect.state-conformant {{ fill: var(--valid) }}
rect.mapped {{ fill: url(#p-mapped) }}
rect.unchecked {{ fill: url(#p-unchecked) }}
rect.local {{ fill: url(#p-local) }}
rect.retired {{ fill: url(#p-retired) }}
rect.unknown {{ fill: url(#p-unknown) }}
rect.state-not-conformant {{ fill: url(#p-unknown) }}
rect.state-not-checked {{ fill: url(#p-unchecked) }}
rect.state-accepted {{ fill: url(#p-mapped) }}
.pattern-defs {{ position: absolute; width: 0; height: 0 }}
.m-g {{ fill: var(--mapped) }} .m-l {{ fill: var(--mapped-line) }}
.c-g {{ fill: var(--unchecked) }} .c-l {{ fill: var(--unchecked-line) }}
.l-g {{ fill: var(--local) }} .l-l {{ fill: var(--local-line) }}
.r-g {{ fill: var(--retired) }} .r-l {{ fill: var(--retired-line) }}
.u-g {{ fill: var(--unknown) }} .u-l {{ fill: var(--unknown-line) }}

.table {{ overflow-x: auto }}
table {{ border-collapse: collapse; width: 100%; font-size: .93rem }}
caption {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }}
th, td {{ padding: .45rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }}
thead th, thead td {{
  color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); vertical-align: bottom;
}}
tbody th {{ font-weight: 500 }}
tbody tr:last-child > * {{ border-bottom: 0 }}
.number {{ text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }}
.zero-cell {{ color: var(--soft) }}
.total > * {{ font-weight: 650; border-top: 2px solid var(--line) }}
code, .code, .name, .path {{
  font-family: ui-monospace, SFMono-Regular, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em;
}}
.code {{ white-space: nowrap }}
td.code {{ white-space: normal; min-width: 8.5rem; overflow-wrap: anywhere }}
.name {{ overflow-wrap: anywhere; min-width: 13rem }}
th.name {{ width: 34rem }}
.path {{ color: var(--soft); overflow-wrap: anywhere }}
.name small {{ display: block; margin-top: .15rem; color: var(--soft); font: .85rem/1.3 system-ui, sans-serif }}
.check {{ white-space: nowrap }}
.told-verdict {{ color: var(--tone); font-weight: 600; white-space: nowrap }}
.badge {{
  display: inline-flex; align-items: center; gap: .3rem; padding: .1rem .55rem .1rem .4rem; border-radius: 99px;
  background: var(--tone-ground); color: var(--tone); font-size: .85rem; font-weight: 600; white-space: nowrap;
}}
.cause {{
  border: 1px solid var(--line); border-left: 5px solid var(--tone); border-radius: 8px;
  padding: 1.05rem 1.25rem 1.1rem; margin: 1.1rem 0 0; background: var(--card);
}}
.cause h3 {{ margin: 0 0 .25rem; font-size: 1.12rem }}
.cause .meta {{
  display: flex; flex-wrap: wrap; align-items: center; gap: .2rem .9rem;
  margin: 0 0 .8rem; color: var(--soft); font-size: .92rem;
}}
.cause .meta b {{ color: var(--ink) }}
.told {{ display: grid; grid-template-columns: 6.5rem 1fr; gap: .35rem 1rem; margin: 0 0 .9rem; max-width: 60rem }}
.told dt {{ color: var(--soft) }}
.told dd {{ margin: 0 }}
.told .fix {{ font-weight: 600 }}
.case {{ margin: .7rem 0 0; padding: .75rem .95rem; background: var(--tint); border-radius: 8px }}
.case .told {{ margin-bottom: .5rem }}
.case .path {{ color: var(--ink) }}
.times {{ color: var(--soft); white-space: nowrap }}
.places {{ list-style: none; margin: 0; padding: 0; font-size: .92rem }}
.places li {{ padding: .3rem 0; border-top: 1px solid var(--line) }}
.places .path {{ display: block }}
.more {{ margin: .4rem 0 0; color: var(--soft); font-size: .92rem }}
.source {{ margin: .8rem 0 0; color: var(--soft); font-size: .88rem; overflow-wrap: anywhere }}
.plain {{ display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: .35rem 1.2rem; margin: 0 }}
.plain dt {{ color: var(--soft) }}
.plain dd {{ margin: 0; overflow-wrap: anywhere }}
footer {{ padding-bottom: 2.5rem; color: var(--soft); font-size: .88rem }}

@media (max-width: 46rem) {{
  header {{ padding-top: 1.4rem }}
  header, nav, main, footer {{ padding-left: .9rem; padding-right: .9rem }}
  h1 {{ font-size: 1.6rem }}
  section {{ padding: 1.1rem 1rem }}
  .answer {{ font-size: 1.3rem }}
  .check {{ white-space: normal }}
  .bars li {{ grid-template-columns: 1fr auto }}
  .bars .system {{ text-align: left }}
  .bars svg {{ grid-column: 1 / -1; grid-row: 2 }}
  .told, .plain {{ grid-template-columns: 1fr; gap: 0 }}
  .told dd, .plain dd {{ margin-bottom: .5rem }}
  .told dt, .plain dt {{ font-size: .88rem }}
  .cause {{ padding: .9rem }}
  .figures {{ grid-template-columns: 1fr 1fr }}
}}
@media print {{
  @page {{
    size: A4; margin: 15mm 14mm 17mm;
    @bottom-right {{ content: counter(page) " / " counter(pages); font-size: 8pt }}
  }}
  :root {{{LIGHT} --ground: #fff; --ink: #000; --soft: #333; --line: #bbb }}
  html {{ font-size: 12px }}
  body {{ font-size: 1rem }}
  header, main, footer {{ max-width: none; padding: 0 }}
  nav, .skip {{ display: none }}
  section {{ border: 0; padding: 0; margin: 0 0 1.6rem; border-radius: 0 }}
  .two {{ grid-template-columns: 1fr 1fr }}
  .figures {{ grid-template-columns: repeat(4, 1fr) }}
  tr, .bars li, .case, .result, .figures li, .places li, .cause:not(:has(.case)),
  .table:not(:has(tbody tr:nth-child(16))) {{ break-inside: avoid }}
  .told, .meta {{ break-inside: avoid; break-after: avoid }}
  .source, .more {{ break-before: avoid }}
  h2, h3, thead {{ break-after: avoid }}
  tbody tr:nth-child(-n + 2), tbody tr:last-child {{ break-before: avoid }}
  a {{ color: inherit; text-decoration: none }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact }}
  .table {{ overflow: visible }}
}}
"""
