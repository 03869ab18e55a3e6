// How fast the studio answers: node benchmarks/studio.mjs ADDRESS PROCESS
// ADDRESS is what 'keypointml studio VIDEO --model MODEL --no-browser' printed, PROCESS its number; VIDEO is not open yet.
import { readFileSync } from "node:fs";

const [address, process_] = process.argv.slice(2);
const { origin, searchParams } = new URL(address);
const headers = { Authorization: `Bearer ${searchParams.get("token")}`, Origin: origin };

async function ask(path, body) {
  const start = performance.now();
  const answer = await fetch(origin + path, { headers, ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }) });
  const content = await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${new TextDecoder().decode(content)}`);
  return { took: performance.now() - start, content };
}
const json = async (path, body) => JSON.parse(new TextDecoder().decode((await ask(path, body)).content));

async function times(count, job) {
  const took = [];
  for (let i = 0; i < count; i++) took.push(await job(i));
  took.sort((a, b) => a - b);
  const [median, late, most] = [took[count >> 1], took[Math.floor(count * 0.95)], took.at(-1)].map((one) => one.toFixed(0));
  return `median ${median} ms, 95th percentile ${late} ms, most ${most} ms`;
}
const memory = (name) =>
  Number(
    /(\d+) kB/.exec(
      readFileSync(`/proc/${process_}/status`, "utf8")
        .split("\n")
        .find((line) => line.startsWith(name)),
    )[1],
  ) / 1024;

// The same places in every run, all over the video.
let seed = 1;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

const opening = await ask("/api/media?file=0");
const { frames, width, height } = JSON.parse(new TextDecoder().decode(opening.content));
const first = await ask("/api/frame?file=0");
console.log(
  `${frames} frames of ${width}×${height}: opened in ${opening.took.toFixed(0)} ms, its first frame in ${first.took.toFixed(0)} ms more`,
);
const places = Array.from({ length: 60 }, () => Math.floor(random() * frames));
// Who seeks looks at what he sees before he seeks again.
const look = () => new Promise((done) => setTimeout(done, 500));
// As the page does: the key frame before a place is shown, then the frame itself.
const keys = [];
const themselves = [];
for (const place of places) {
  await look();
  const start = performance.now();
  await ask(`/api/frame?file=0&frame=${place}&near=1`);
  keys.push(performance.now() - start);
  await ask(`/api/frame?file=0&frame=${place}`);
  themselves.push(performance.now() - start);
}
console.log(`seek, until the key frame before it: ${await times(60, (i) => keys[i])}`);
console.log(`seek, until the frame itself: ${await times(60, (i) => themselves[i])}`);
console.log(`step: ${await times(100, async (i) => (await ask(`/api/frame?file=0&frame=${i + 1000}`)).took)}`);

const appearance = await json("/api/appearance?file=0", {});
const points = appearance.points.map((point) => point.slice(0, 2));
await json("/api/redraw", { appearance: appearance.id, points });
console.log(
  `redraw at ${appearance.width}×${appearance.height}: ${await times(200, async (i) => {
    points[i % points.length][0] += 0.1;
    return (await ask("/api/redraw", { appearance: appearance.id, points })).took;
  })}`,
);

const before = memory("VmRSS");
const start = performance.now();
await Promise.all(
  Array.from({ length: 1000 }, (_, i) =>
    ask(i % 2 ? `/api/frame?file=0&frame=${1000 + (i >> 1)}` : i % 4 ? "/api/session" : `/api/poses?file=0&frame=${1000 + (i >> 1)}`),
  ),
);
console.log(
  `1,000 requests at once: answered in ${((performance.now() - start) / 1000).toFixed(1)} s; ` +
    `resident memory ${before.toFixed(0)} MB before, ${memory("VmHWM").toFixed(0)} MB at its peak`,
);
