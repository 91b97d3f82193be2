/** The style of the page. Its hash stands in the page's policy, so nothing else can style it. */

const LIGHT = `--page:#f7f6f3;--card:#fff;--line:#dcd9d2;--text:#1c1e21;--quiet:#585c63;--link:#1f4f8f;--live:#b01e17;--live-soft:#fbe9e7;--unknown:#7d5200;--unknown-soft:#fbf0da;--unchecked:#8a4510;--unchecked-soft:#f9ecdf;--revoked:#1c6a3a;--revoked-soft:#e4f2e8;--rail:#e3e0d9;color-scheme:light`;
const DARK = `--page:#14161a;--card:#1c1f25;--line:#343841;--text:#e8e9eb;--quiet:#a9aeb7;--link:#8fb8f0;--live:#ff8d84;--live-soft:#3a1f1e;--unknown:#f0bb5c;--unknown-soft:#36290f;--unchecked:#f2a878;--unchecked-soft:#382517;--revoked:#82d39d;--revoked-soft:#173022;--rail:#2c3038;color-scheme:dark`;

export const STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
:root[data-theme=light]{${LIGHT}}
:root[data-theme=dark]{${DARK}}
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text)}
.wrap{max-width:60rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
code,.mono{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
a{color:var(--link)}
h1{font-size:clamp(1.6rem,5vw,2.4rem);line-height:1.2;letter-spacing:-.02em;font-weight:650;margin:2.2rem 0 .5rem;text-wrap:balance}
h2{font-size:1.15rem;font-weight:650;margin:2.6rem 0 .8rem}
h3{font-size:1.05rem;font-weight:650;margin:0}
h4,h3.minor{font-size:.875rem;font-weight:650;margin:1.2rem 0 .3rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
ul,ol{margin:.3rem 0;padding-left:1.3rem}
li{overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.small{font-size:.875rem}
.top{display:flex;gap:1rem;align-items:center;justify-content:space-between;color:var(--quiet);font-size:.875rem}
.top strong{color:var(--text);letter-spacing:.01em}
button,select,input{font:inherit;font-size:.875rem;color:var(--text);background:var(--card);border:1px solid var(--quiet);border-radius:.4rem;padding:.35rem .6rem;min-height:2.25rem;max-width:100%}
::placeholder{color:var(--quiet);opacity:1}
button{cursor:pointer}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.needs-script{display:none}
.scripted .needs-script{display:flex}
.card{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:1.1rem 1.25rem;margin:0 0 1rem}
.gaps{margin-top:1.2rem;border-color:var(--unknown);border-left-width:.35rem;background:var(--unknown-soft)}
.gaps h2{margin:0 0 .3rem;color:var(--unknown)}
.gaps .quiet{color:var(--text)}
.lanes{list-style:none;margin:0;padding:0}
.lane{display:grid;grid-template-columns:13rem 1fr 8rem;gap:.9rem;align-items:center;padding:.25rem 0}
.lane.axis{padding:0}
svg.bar{display:block;width:100%;height:14px;overflow:visible}
svg.scale{display:block;width:100%;height:20px;overflow:visible}
svg.scale line{stroke:var(--quiet)}
svg.scale text{fill:var(--quiet);font-size:11px}
.rail{stroke:var(--rail);stroke-width:2}
.past{stroke:currentColor;stroke-width:2;stroke-dasharray:2 4;stroke-linecap:round}
.span{fill:currentColor}
.in{fill:currentColor;stroke:var(--card);stroke-width:1.5}
.out{fill:var(--card);stroke:currentColor;stroke-width:2}
.live{color:var(--live)}.unknown{color:var(--unknown)}.unchecked{color:var(--unchecked)}.revoked{color:var(--revoked)}
.allowed{color:var(--quiet)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.8rem 0 0;padding:0;list-style:none;font-size:.8125rem;color:var(--quiet)}
.legend svg{width:2.2rem;height:14px;vertical-align:-2px;margin-right:.35rem}
.badge{display:inline-block;font-size:.8125rem;font-weight:600;line-height:1.4;border-radius:1rem;padding:.1rem .6rem;border:1px solid var(--line);white-space:nowrap}
.badge.live{background:var(--live-soft);border-color:currentColor}
.badge.unknown{background:var(--unknown-soft);border-color:currentColor}
.badge.unchecked{background:var(--unchecked-soft);border-color:currentColor}
.badge.revoked{background:var(--revoked-soft);border-color:currentColor}
.head{display:flex;flex-wrap:wrap;gap:.4rem .6rem;align-items:center}
.head h3{margin-right:.3rem}
.filters{flex-wrap:wrap;gap:.7rem 1rem;align-items:end;margin:0 0 1rem}
.filters label{display:grid;gap:.15rem;font-size:.8125rem;color:var(--quiet)}
.filters label.grow{flex:1 1 12rem}
.filters output{flex-basis:100%;font-size:.875rem;color:var(--quiet)}
.token{content-visibility:auto;contain-intrinsic-size:auto 24rem;scroll-margin-top:1rem}
.token[hidden],.lane[hidden]{display:none}
.places{list-style:none;margin:.6rem 0 0;padding:0}
.places>li{padding:.45rem 0;border-top:1px solid var(--line)}
.places .facts{font-size:.875rem;color:var(--quiet)}
.columns{font-size:.9rem;display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:0 1.5rem}
details{margin:.6rem 0 0}
summary{cursor:pointer;color:var(--link);font-size:.9rem;width:fit-content}
.facts-table{border-collapse:collapse;width:100%;font-size:.9rem}
.facts-table th,.facts-table td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.facts-table th{font-weight:500;color:var(--quiet);width:11rem}
footer{margin-top:3rem;color:var(--quiet);font-size:.8125rem}
@media (max-width:40rem){
.wrap{padding:1rem .9rem 3rem}
.card{padding:.9rem}
.lane{grid-template-columns:1fr auto;gap:.1rem .6rem}
.lane>.track{grid-column:1/-1;grid-row:2}
.lane.axis>.gap{display:none}
.filters label{flex:1 1 8rem}
.filters select,.filters input{width:100%}
}
@media print{
:root,:root[data-theme=dark]{${LIGHT};--page:#fff}
html{font-size:12px}
.needs-script,.scripted .needs-script{display:none}
.card{break-inside:avoid-page}
.token{content-visibility:visible;break-inside:auto}
details::details-content{content-visibility:visible;display:block}
a{color:inherit;text-decoration:none}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
