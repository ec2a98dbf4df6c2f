/** Of a report's page. Every pair of colours has a contrast of at least 4.5 : 1, in the dark as well; nothing is told by colour alone. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1c2526;--paper:#fff;--line:#d5dbdc;--soft:#566567;--bar:#23776a;--card:#f1f6f5;--alarm:#a3241c}
@media(prefers-color-scheme:dark){:root{--ink:#e8eeee;--paper:#15191a;--line:#3a4446;--soft:#a9b6b8;--bar:#57b3a3;--card:#1e2627;--alarm:#ff9d92}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,"Segoe UI","Noto Sans","Noto Sans Arabic",Tahoma,sans-serif}
header,main{max-width:54rem;margin:auto;padding:0 1.25rem}header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.3;margin:0 0 .4rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:2px solid var(--bar)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:0;padding:0;list-style:none}a{color:inherit}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.7rem;margin:0}
.cards div{background:var(--card);border-inline-start:4px solid var(--bar);padding:.55rem .8rem;break-inside:avoid}.cards .alarming{border-color:var(--alarm)}
dt{font-size:.85rem;color:var(--soft)}dd{margin:0;font-size:1.35rem;font-weight:600}dd small{font-size:.8rem;font-weight:400;color:var(--soft)}
table{width:100%;border-collapse:collapse;margin:.6rem 0;font-variant-numeric:tabular-nums}
th,td{padding:.28rem .5rem;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}tbody th{font-weight:400}thead th{font-size:.85rem;color:var(--soft)}td,thead th:not(:first-child){text-align:end;white-space:nowrap}
.alarming>th,.alarming>td,.cards .alarming dd{color:var(--alarm);font-weight:600}.look{font-weight:400;font-size:.85rem}
figure{margin:1rem 0;break-inside:avoid}figcaption{font-weight:600;margin-bottom:.3rem}svg{display:block;width:100%;height:auto}
svg text{fill:var(--ink);font:11px system-ui,"Noto Sans Arabic",sans-serif}svg .bar{fill:var(--bar)}svg .high,svg .imminent{fill:var(--alarm)}svg .ground{stroke:var(--soft)}
svg .number,svg .label{text-anchor:middle}svg .label{fill:var(--soft)}svg .number{font-size:10px}svg .name,svg .amount{font-size:13px}svg .name{text-anchor:end}
summary{cursor:pointer;color:var(--soft);font-size:.9rem}.note{color:var(--soft);font-size:.9rem;margin:.4rem 0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:34rem){table{font-size:.88rem}th,td{padding:.25rem .3rem}.cards{grid-template-columns:1fr 1fr}td{white-space:normal}}
@page{margin:16mm}
@media print{:root{--ink:#000;--paper:#fff;--line:#bbb;--soft:#444;--bar:#23776a;--card:#fff;--alarm:#8c1b14}header,main{max-width:none;padding:0}nav,details{display:none}h2{break-after:avoid}tr,section>p{break-inside:avoid}thead{display:table-header-group}.cards div{border:1px solid #bbb;border-inline-start:4px solid var(--bar)}}
`;
