"""The style of the printed page; its sizes in millimetres are those that `page` reckons with."""

STYLE = """
@page { size: A4; margin: 0 }
:root { --ink: #23231f; --ink-2: #57534a; --ink-3: #6b665b; --accent: #14655a; --accent-soft: #e7f1ee;
  --caution: #9a4510; --line: #e7e2d8; --paper: #faf8f5; color-scheme: light }
* { box-sizing: border-box; margin: 0; padding: 0 }
body { color: var(--ink); background: var(--paper); -webkit-print-color-adjust: exact; print-color-adjust: exact;
  font: 8.4pt/4.05mm "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif;
  font-variant-numeric: tabular-nums }
.sheet { width: 210mm; height: 296.5mm; padding: 12mm 14mm 10mm; margin: 6mm auto; background: #fff; overflow: hidden;
  display: flex; flex-direction: column; border: 1px solid var(--line) }
h1 { font-size: 17pt; line-height: 9mm; font-weight: 600; margin: 1mm 0 3mm; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis }
h2 { font-size: 9.6pt; line-height: 5.4mm; font-weight: 600; margin-bottom: .8mm }
h3 { font-size: 9pt; line-height: 4.05mm; font-weight: 600; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis }
.note { color: var(--ink-3); font-size: 7.4pt; font-weight: 400; margin-left: 2mm }
.line { display: flex; gap: 3mm; color: var(--ink-3); line-height: 5mm } .line b { color: var(--ink); font-weight: 600 }
.line span + span { margin-left: auto }
.top { flex: none; height: 33mm; display: grid; grid-template-columns: 29mm minmax(0, 1fr) auto; gap: 6mm;
  align-items: center }
.ring { width: 29mm; height: 29mm } .trend { width: 60mm; height: 21.5mm; display: block }
figcaption { color: var(--ink-3); font-size: 7.4pt }
.said { font-size: 9.6pt; line-height: 5mm; display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical;
  overflow: hidden }
.advice { margin-top: 1.6mm; padding: 1.2mm 2.4mm; border-radius: 1.2mm; background: var(--accent-soft) }
.advice span { display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden }
.compared { flex: none; margin-top: 2.5mm } .compared ul { list-style: none }
.compared li { padding-left: 3.4mm; position: relative; display: -webkit-box; -webkit-line-clamp: 2;
  -webkit-box-orient: vertical; overflow: hidden }
.compared li::before { content: ""; position: absolute; left: 0; top: 1.4mm; width: 1.4mm; height: 1.4mm;
  border-radius: 50%; background: var(--accent) }
.findings { flex: 1 1 auto; min-height: 0; overflow: hidden; margin-top: 2.5mm }
.findings h2 { display: flex; justify-content: space-between; align-items: baseline }
article { display: grid; grid-template-columns: 5mm minmax(0, 1fr) 29mm 19mm; gap: 2.6mm; padding: 1.8mm 0 1.7mm;
  border-top: .1mm solid var(--line); break-inside: avoid }
.rank { color: var(--ink-3); text-align: right } .why { color: var(--ink-2) }
.why, .step { display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; overflow: hidden }
.step { -webkit-line-clamp: 2 }
.money { text-align: right } .money b { font-size: 9.6pt; font-weight: 600 }
.bar { display: block; width: 100%; height: 2.2mm; margin: .7mm 0 } .money span { font-size: 7.4pt }
.worse { color: var(--caution) } .better { color: var(--accent) } .who { color: var(--ink-2); font-size: 7.8pt }
.short { list-style: none; border-top: .1mm solid var(--line); padding-top: 1.4mm; display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 8mm }
.short li { display: grid; grid-template-columns: 5mm minmax(0, 1fr) auto; gap: 2.6mm; line-height: 5.1mm }
.short .title { white-space: nowrap; overflow: hidden; text-overflow: ellipsis } .short b { font-weight: 600 }
.channels { flex: none; margin-top: 2.5mm } table { width: 100%; border-collapse: collapse }
th { text-align: left; font-weight: 400; color: var(--ink-3); font-size: 7.4pt }
th, td { line-height: 4.6mm; padding-right: 3mm; border-bottom: .1mm solid var(--line); white-space: nowrap;
  overflow: hidden; text-overflow: ellipsis; max-width: 60mm }
th.n, td.n { text-align: right; padding-right: 0; padding-left: 3mm }
footer { flex: none; margin-top: 2mm; color: var(--ink-3); font-size: 7.2pt; line-height: 3.5mm; display: flex;
  gap: 6mm; justify-content: space-between } footer span:first-child { max-height: 7mm; overflow: hidden }
.brand { white-space: nowrap; color: var(--accent); font-weight: 600 }
.tools { max-width: 210mm; margin: 6mm auto 0; display: flex; gap: 3mm; align-items: center; justify-content: flex-end;
  font-size: 14px; line-height: 22px } .tools p { margin-right: auto; color: var(--ink-3) }
.tools a, .tools button { font: inherit; color: var(--accent); background: #fff; border: 1px solid #8f8778;
  border-radius: 6px; padding: 4px 14px; text-decoration: none; cursor: pointer }
.tools button { color: #fff; background: var(--accent); border-color: var(--accent) }
.tools a:focus-visible, .tools button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media print { body { background: #fff } .sheet { margin: 0; border: 0 } .tools { display: none } }
@media screen and (max-width: 840px) {
  body { font-size: 14px; line-height: 22px } .tools { flex-wrap: wrap; padding: 0 16px } .tools p { width: 100% }
  .tools a, .tools button { padding: 11px 14px }
  .sheet { width: auto; height: auto; margin: 12px; padding: 16px }
  h1 { font-size: 20px; line-height: 30px; white-space: normal } h2, h3 { font-size: 15px; line-height: 24px }
  h3, .short .title { white-space: normal } .note, figcaption, th, footer, .who, .money span { font-size: 12px;
    line-height: 18px }
  .line { flex-wrap: wrap; line-height: 22px } .line span + span { margin-left: 0 }
  .top { height: auto; grid-template-columns: 84px minmax(0, 1fr); gap: 16px } .ring { width: 84px; height: 84px }
  figure { grid-column: 1 / -1 } .trend { width: 100%; height: auto; max-width: 340px }
  .said, .why, .step, .advice span, .compared li { display: block; overflow: visible }
  .said { font-size: 15px; line-height: 24px } .compared li { padding-left: 14px }
  .compared li::before { top: 9px; width: 5px; height: 5px }
  article { grid-template-columns: 20px minmax(0, 1fr); gap: 4px 10px; padding: 12px 0 }
  .who, .money { grid-column: 2; text-align: left } .money b { font-size: 15px; margin-right: 8px }
  .money .bar { display: none }
  .short { grid-template-columns: minmax(0, 1fr) } .short li { line-height: 30px }
  .channels { overflow-x: auto } th, td { line-height: 28px } footer { line-height: 18px; flex-wrap: wrap }
}
"""
