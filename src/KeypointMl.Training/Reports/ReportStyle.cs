namespace KeypointMl.Training.Reports;

/// <summary>The report's style sheet: light and dark by the reader's setting.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
          --page: #f6f7f9; --card: #ffffff; --ink: #1b1f27; --soft: #5d6675; --line: #e2e5ea; --accent: #2f6fdd; --bar: #b9c3d3;
          --s0: #2f6fdd; --s1: #d9631e; --s2: #16896a; --s3: #8b54cf; --s4: #b03a62;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #101318; --card: #181c23; --ink: #e4e7ed; --soft: #97a0af; --line: #2a303a; --accent: #72a2ff; --bar: #434c5b;
            --s0: #72a2ff; --s1: #f29a5c; --s2: #4fc9a4; --s3: #bb94f2; --s4: #ee86a8;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
        .brand { margin: 0; color: var(--accent); font-size: 13px; font-weight: 600; letter-spacing: .04em; }
        h1 { margin: 2px 0 4px; font-size: 34px; line-height: 1.15; letter-spacing: -.02em; }
        h2 { margin: 40px 0 10px; font-size: 19px; letter-spacing: -.01em; }
        h3 { margin: 0 0 8px; font-size: 13px; font-weight: 600; color: var(--soft); }
        .summary { margin: 0; max-width: 70ch; color: var(--soft); font-size: 16px; }
        .note { margin: 0 0 10px; max-width: 90ch; color: var(--soft); font-size: 13px; }
        .figures { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 24px; }
        .figure, .card, figure, .results, dl, pre { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        .figure { flex: 1 1 160px; padding: 14px 18px; }
        .figure b { display: block; font-size: 28px; line-height: 1.2; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
        .figure:first-child b { color: var(--accent); }
        .figure span { color: var(--soft); font-size: 13px; }
        table { width: 100%; border-collapse: collapse; }
        .results { border-collapse: separate; border-spacing: 0; padding: 6px 16px; }
        .results td, .results th { padding: 8px 10px 8px 0; border-top: 1px solid var(--line); text-align: left; font-weight: 400; vertical-align: middle; }
        .results thead th { border-top: 0; color: var(--soft); font-size: 12px; }
        .results small { display: block; color: var(--soft); font-size: 12px; }
        .results .run th, .results .run td { font-weight: 650; }
        .results .run small { font-weight: 400; }
        .number, .results .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 16px; }
        .wide { width: 46%; }
        td i { display: block; height: 10px; min-width: 2px; border-radius: 3px; background: var(--bar); }
        .run td i, .bars td i { background: var(--accent); }
        .bars td i { height: 8px; opacity: .85; }
        .bars th { font-weight: 400; text-align: left; padding-right: 12px; white-space: nowrap; }
        .bars td, .bars th { padding-top: 1px; padding-bottom: 1px; font-size: 13px; }
        .breakdowns, .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(310px, 1fr)); gap: 12px; align-items: start; }
        .card { padding: 14px 16px; min-width: 0; }
        .card.full { grid-column: 1 / -1; }
        figure { margin: 0 0 12px; padding: 12px; }
        figure img { display: block; width: 100%; max-width: max-content; margin: 0 auto; border-radius: 6px; }
        figcaption { margin-top: 8px; color: var(--soft); font-size: 13px; text-align: center; }
        details { margin: 8px 0; }
        summary { cursor: pointer; color: var(--accent); }
        details > figure, details > pre { margin-top: 8px; }
        svg { display: block; width: 100%; height: auto; font: 11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow: visible; }
        svg text { fill: var(--soft); }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
        svg .raw { fill: none; stroke-width: 1; opacity: .3; }
        h3 small { float: right; font-weight: 400; }
        svg .reference { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
        svg .last { font-weight: 650; }
        .s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); } .s3 { stroke: var(--s3); } .s4 { stroke: var(--s4); }
        svg text.s0 { fill: var(--s0); stroke: none; } svg text.s1 { fill: var(--s1); stroke: none; } svg text.s2 { fill: var(--s2); stroke: none; }
        svg text.s3 { fill: var(--s3); stroke: none; } svg text.s4 { fill: var(--s4); stroke: none; }
        circle.s0 { fill: var(--s0); } circle.s1 { fill: var(--s1); } circle.s2 { fill: var(--s2); } circle.s3 { fill: var(--s3); } circle.s4 { fill: var(--s4); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0; padding: 14px 18px; font-size: 13px; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        pre { padding: 14px 18px; overflow-x: auto; font: 12px/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
        @media print { body { background: none; } section { break-inside: avoid; } }
        """;
}
