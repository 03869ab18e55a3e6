namespace KeypointMl.Scoring.Review;

/// <summary>The page's style sheet, light and dark by the reader's setting, and its script.</summary>
internal static class ReviewStyle
{
    public const string Css = """
        :root {
          --page: #f6f7f9; --card: #ffffff; --ink: #1b1f27; --soft: #5d6675; --line: #e2e5ea; --accent: #2f6fdd; --fill: #cfdcf3;
          --confidence: #8a5a00; --jump: #c2331f; --bone: #8b54cf; --flip: #0b7a5f; --track: #2f6fdd;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #101318; --card: #181c23; --ink: #e4e7ed; --soft: #97a0af; --line: #2a303a; --accent: #72a2ff; --fill: #263754;
            --confidence: #e5b04c; --jump: #ff8a73; --bone: #bb94f2; --flip: #4fc9a4; --track: #72a2ff;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 64px; }
        .brand { margin: 0; color: var(--accent); font-size: 13px; font-weight: 600; letter-spacing: .04em; }
        h1 { margin: 2px 0 4px; font-size: 32px; line-height: 1.15; letter-spacing: -.02em; overflow-wrap: anywhere; }
        h2 { margin: 36px 0 10px; font-size: 19px; letter-spacing: -.01em; }
        h3 { margin: 0; font-size: 15px; }
        .summary, .note { margin: 0 0 6px; max-width: 90ch; color: var(--soft); }
        .note { font-size: 13px; }
        .strip { margin: 0 0 10px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 8px 12px; }
        .strip p { margin: 0 0 2px; font-size: 13px; color: var(--soft); display: flex; justify-content: space-between; gap: 12px; overflow-wrap: anywhere; }
        .strip b { color: var(--ink); }
        .lane { position: relative; height: 46px; }
        .lane svg { display: block; width: 100%; height: 46px; }
        .lane .area { fill: var(--fill); } .lane .mean { fill: none; stroke: var(--accent); stroke-width: 1.4; vector-effect: non-scaling-stroke; }
        .lane .axis { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
        .lane a { position: absolute; top: 0; width: 10px; height: 46px; margin-left: -5px; }
        .lane a::after { content: ""; position: absolute; left: 4px; top: 0; width: 2px; height: 100%; background: var(--mark); opacity: .8; }
        .lane a:hover::after, .lane a:focus-visible::after { left: 2px; width: 6px; opacity: 1; }
        form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; margin: 0 0 14px; padding: 10px 14px;
          background: var(--card); border: 1px solid var(--line); border-radius: 10px; font-size: 13px; }
        fieldset { display: flex; flex-wrap: wrap; gap: 4px 12px; border: 0; margin: 0; padding: 0; min-width: 0; }
        legend { float: left; margin-right: 12px; padding: 0; color: var(--soft); }
        select { max-width: 14em; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 2px 6px; }
        output { margin-left: auto; color: var(--soft); }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 14px; }
        article { display: flex; flex-direction: column; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; scroll-margin-top: 120px; }
        article:target { outline: 2px solid var(--accent); }
        .picture { position: relative; background: #000; }
        .picture img { display: block; width: 100%; height: auto; }
        .picture svg { position: absolute; inset: 0; width: 100%; height: 100%; }
        .picture circle { fill: none; stroke: #fff; stroke-width: 2; paint-order: stroke; }
        .picture circle.under { stroke: #000; stroke-width: 4; }
        .none { display: grid; place-items: center; aspect-ratio: 1; padding: 16px; color: var(--soft); background: var(--page); font-size: 13px; text-align: center; }
        .text { padding: 10px 14px 12px; }
        .text p { margin: 0; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
        .text ul { margin: 6px 0 0; padding: 0; list-style: none; font-size: 13px; }
        .text li { margin-top: 3px; padding-left: 10px; border-left: 3px solid var(--mark); overflow-wrap: anywhere; }
        .score { float: right; margin-left: 8px; font-weight: 650; font-variant-numeric: tabular-nums; }
        .confidence { --mark: var(--confidence); } .jump { --mark: var(--jump); } .bone { --mark: var(--bone); } .flip { --mark: var(--flip); } .track { --mark: var(--track); }
        .dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--mark); }
        label { white-space: nowrap; }
        details { margin-top: 20px; } summary { cursor: pointer; color: var(--accent); }
        li { overflow-wrap: anywhere; }
        @media (max-width: 520px) {
          main { padding: 20px 12px 48px; } h1 { font-size: 25px; } form { position: static; } article { scroll-margin-top: 12px; }
        }
        @media print { form { display: none; } article { break-inside: avoid; } }
        """;

    /// <summary>Shows the cards that the form asks for. Without scripts all are shown, and no form.</summary>
    public const string Script = """
        (() => {
          const form = document.querySelector('form'), cards = [...document.querySelectorAll('article')];
          const marks = [...document.querySelectorAll('.lane a')];
          const apply = () => {
            const data = new FormData(form), reasons = new Set(data.getAll('reason'));
            const keypoint = data.get('keypoint'), track = data.get('track');
            let shown = 0;
            const hidden = new Set();
            for (const card of cards) {
              const fits = card.dataset.reasons.split(' ').some(reason => reasons.has(reason))
                && (!keypoint || card.dataset.keypoints.split(' ').includes(keypoint)) && (!track || card.dataset.track === track);
              card.hidden = !fits;
              if (fits) shown++; else hidden.add('#' + card.id);
            }
            for (const mark of marks) mark.hidden = hidden.has(mark.getAttribute('href'));
            form.querySelector('output').textContent = shown + ' of ' + cards.length + ' shown';
          };
          form.hidden = false;
          form.addEventListener('input', apply);
          form.addEventListener('submit', event => event.preventDefault());
          apply();
        })();
        """;
}
