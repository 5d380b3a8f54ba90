"""The style sheet of the HTML report: system fonts, contrast of 4.5:1 at least, dark mode, paper."""

STYLE = """
:root {
  --ink: #1b2733; --soft: #52606d; --line: #d5dde5; --ground: #f4f7fa; --card: #fff; --accent: #0b5394;
  --carried: #0b5394; --implied: #8fbce0; --implied-line: #2f6ea5; --lost: #fbe3cf; --lost-dot: #a8480a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --soft: #a9b6c2; --line: #3a4652; --ground: #12181f; --card: #1b232c; --accent: #7fbcf5;
    --carried: #4a94d8; --implied: #27496b; --implied-line: #86b9e6; --lost: #5a3115; --lost-dot: #ffb27a;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 2.25rem }
h1 { margin: 0; font-size: 2rem; line-height: 1.2 }
h2 { margin: 0 0 .9rem; font-size: 1.3rem }
h3 { margin: 1.6rem 0 .4rem; font-size: 1.05rem }
p { margin: .2rem 0 .8rem; max-width: 52rem }
.target { margin: .3rem 0 1.6rem; color: var(--soft) }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 1.4rem 1.5rem; margin: 0 0 1.25rem;
}
.cards {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .9rem;
  list-style: none; margin: 0 0 1.2rem; padding: 0;
}
.cards li { border: 1px solid var(--line); border-top: 4px solid var(--accent); border-radius: 8px; padding: 1rem }
.cards strong { display: block; font-size: 1.9rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.cards span { display: block; color: var(--soft); font-size: .93rem }
.cards small { display: block; margin-top: .3rem; font-size: .85rem; font-variant-numeric: tabular-nums }
.table { overflow-x: auto; position: relative }
dd, h3 { overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; font-size: .93rem }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
th, td { padding: .42rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
thead th, thead td {
  color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); vertical-align: bottom;
}
tbody th { font-weight: 500 }
tbody tr:last-child > * { border-bottom: 0 }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
thead .number { white-space: normal; max-width: 8.5rem }
tbody .code, tbody .name {
  font-family: ui-monospace, SFMono-Regular, Consolas, "DejaVu Sans Mono", monospace; font-size: .86rem;
}
tbody th .code { color: var(--soft); font-size: .8rem }
tbody .name { min-width: 14rem; overflow-wrap: anywhere }
.legend {
  display: flex; flex-wrap: wrap; gap: .4rem 1.6rem;
  list-style: none; margin: 0 0 .6rem; padding: 0; font-size: .93rem;
}
.legend svg { width: 28px; height: 16px; vertical-align: -2px }
.chart { margin: 0 0 1rem; overflow-x: auto }
.chart svg { width: 100%; min-width: 38rem; height: auto; font-size: 13px }
svg text { fill: var(--ink) }
svg .figure { font-variant-numeric: tabular-nums }
svg .head { fill: var(--soft); font-weight: 600 }
rect.carried { fill: var(--carried) }
rect.implied { fill: url(#implied); stroke: var(--implied-line); stroke-width: .6 }
rect.lost { fill: url(#lost); stroke: var(--lost-dot); stroke-width: .6 }
.implied-ground { fill: var(--implied) }
.implied-line { fill: var(--implied-line) }
.lost-ground { fill: var(--lost) }
.lost-dot { fill: var(--lost-dot) }
dt { font-weight: 600; margin-top: .5rem }
dd { margin: 0 0 .3rem }
footer { padding-bottom: 2.5rem; color: var(--soft); font-size: .88rem }
@media print {
  :root { --ground: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #bbb; --accent: #0b5394;
    --carried: #0b5394; --implied: #8fbce0; --implied-line: #2f6ea5; --lost: #fbe3cf; --lost-dot: #a8480a }
  body { font-size: 10.5pt }
  header, main, footer { max-width: none; padding: 0 }
  section { border: 0; padding: 0; margin: 0 0 1.2rem }
  tr, .chart, .cards li { break-inside: avoid }
  h2, h3 { break-after: avoid }
  svg, .cards li { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .table { overflow: visible }
}
"""
