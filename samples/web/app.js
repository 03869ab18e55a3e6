// The page: a detector, a picture or video or webcam, and what is found in it.

import * as ort from './node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs';
import { Detector } from './detector.js';
import { draw } from './draw.js';

const SHIPPED = {
  flies: { model: '../../onnx/flies/detector.onnx', example: 'examples/fly.png', credit: 'Video: the SLEAP project, Clear BSD.' },
  puppets: { model: '../../onnx/puppets/detector.onnx', example: 'examples/puppet.png', credit: 'Drawn by KeypointMl.' },
};
const MAX_PIXELS = 64_000_000; // of one picture

const byId = id => document.getElementById(id);
const view = byId('view'), status = byId('status'), names = byId('names');
const pixels = document.createElement('canvas');
const reader = pixels.getContext('2d', { willReadFrequently: true });

let detector;
let source; // { picture: ImageBitmap or video element, width, height, stop() }
let box = null; // of the subject; null: the whole picture
let keypoints = [];
let turn = 0; // counts sources: what belongs to an older one is dropped

function say(message, error = false) {
  status.textContent = message;
  status.classList.toggle('error', error);
}

/** Runs what a click or a drop asks for; what fails is said. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    say(error.message, true);
    console.warn(error);
  }
}

async function useModel(bytes, name) {
  const next = await Detector.load(ort, bytes);
  await detector?.release();
  detector = next;
  keypoints = [];
  const { measured, recipe, data } = detector.provenance;
  byId('measured').textContent = measured
    ? `${name}: recipe ${recipe}, data ${data}. Measured on ${measured.frames} test frames: `
      + `${measured.error_percent_of_image.toFixed(2)} % of the image (${measured.protocol}).`
    : name;
}

async function useShipped(key) {
  const { model } = SHIPPED[key];
  const answer = await fetch(model);
  if (!answer.ok) throw new Error(`${model} is not to be had (${answer.status}). Serve the repository's root, as the README says.`);
  await useModel(new Uint8Array(await answer.arrayBuffer()), `${key}/detector.onnx`);
}

async function useExample(key) {
  const { example, credit } = SHIPPED[key];
  await usePicture(await (await fetch(example)).blob(), credit);
}

function replaceSource(next, credit = '') {
  source?.stop();
  source = next;
  turn++;
  box = null;
  keypoints = [];
  byId('whole').disabled = true;
  byId('credit').textContent = credit;
  byId('camera').setAttribute('aria-pressed', String(next.camera ?? false));
}

async function usePicture(blob, credit) {
  let picture;
  try {
    picture = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  } catch {
    throw new Error(`${blob.name ?? 'This file'} is not a picture that the browser can read.`);
  }
  const { width, height } = picture;
  if (width * height > MAX_PIXELS)
    throw new Error(`The picture has ${width}×${height} pixels; at most ${MAX_PIXELS / 1e6} million are read.`);
  replaceSource({ picture, width, height, stop: () => picture.close() }, credit);
  await detect();
}

async function useVideo(feed, camera) {
  const video = document.createElement('video');
  video.muted = video.loop = video.playsInline = true;
  if (camera) video.srcObject = feed;
  else video.src = feed;
  const stop = () => {
    video.pause();
    if (camera) feed.getTracks().forEach(track => track.stop());
    else URL.revokeObjectURL(feed);
  };
  try {
    await video.play();
  } catch (error) {
    stop();
    throw new Error(`The video cannot be played here: ${error.message}`);
  }
  replaceSource({ picture: video, width: video.videoWidth, height: video.videoHeight, stop, camera, moves: true });
  const own = turn;
  while (own === turn) {
    await detect();
    await new Promise(requestAnimationFrame);
  }
}

async function useFile(file) {
  if (file.name.endsWith('.onnx')) {
    await useModel(new Uint8Array(await file.arrayBuffer()), file.name);
    byId('model').value = 'own';
    if (source) await detect();
  } else if (file.type.startsWith('video/')) {
    await useVideo(URL.createObjectURL(file), false);
  } else {
    await usePicture(file);
  }
}

async function detect() {
  const { width, height, picture } = source, own = turn;
  if (pixels.width !== width || pixels.height !== height) Object.assign(pixels, { width, height });
  reader.drawImage(picture, 0, 0);
  const data = reader.getImageData(0, 0, width, height).data;
  const began = performance.now();
  const found = await detector.detect({ width, height, channels: 4, data }, box ?? undefined);
  if (own !== turn) return;
  keypoints = found.keypoints;
  view.result = found; // what tests read
  redraw();
  fillTable();
  say(`${width}×${height} pixels, seen as ${detector.width}×${detector.height}; ${Math.round(performance.now() - began)} ms.`);
}

function redraw(marked = box) {
  if (!source) return;
  draw(view, source.moves ? pixels : source.picture, source, {
    skeleton: detector.skeleton, keypoints, box: marked, names: names.checked,
  });
}

function fillTable() {
  byId('summary').textContent = `${detector.skeleton.name}: ${keypoints.length} keypoints, pixels of the picture`;
  byId('keypoints').replaceChildren(...keypoints.map(({ name, x, y, confidence }) => {
    const row = document.createElement('tr'), heading = document.createElement('th'), meter = document.createElement('meter');
    heading.scope = 'row';
    heading.textContent = name;
    const [across, down, sure] = [x.toFixed(1), y.toFixed(1), confidence.toFixed(2)].map(value => {
      const cell = document.createElement('td');
      cell.textContent = value;
      return cell;
    });
    Object.assign(meter, { value: confidence, ariaLabel: `confidence of ${name}` });
    sure.append(meter);
    row.append(heading, across, down, sure);
    return row;
  }));
}

byId('model').addEventListener('change', event => attempt(async () => {
  if (event.target.value === 'own') {
    byId('model-file').click();
    return;
  }
  say('Loading…');
  await useShipped(event.target.value);
  await useExample(event.target.value);
}));
byId('example').addEventListener('click', () => attempt(() => useExample(byId('model').value === 'puppets' ? 'puppets' : 'flies')));
byId('open').addEventListener('click', () => byId('picture-file').click());
for (const id of ['picture-file', 'model-file']) {
  byId(id).addEventListener('change', event => attempt(async () => {
    const [file] = event.target.files;
    event.target.value = '';
    if (file) await useFile(file);
  }));
}
byId('camera').addEventListener('click', () => attempt(async () => {
  if (source?.camera) {
    await useExample(byId('model').value === 'puppets' ? 'puppets' : 'flies');
    return;
  }
  if (!navigator.mediaDevices) throw new Error('A webcam needs https, or http://localhost.');
  say('Asking for the webcam…');
  await useVideo(await navigator.mediaDevices.getUserMedia({ video: true }), true);
}));
names.addEventListener('change', () => redraw());
window.addEventListener('resize', () => redraw());

// Marking: a square, from corner to corner.
let corner = null;
const point = event => {
  const scale = source.width / view.clientWidth;
  return { x: event.offsetX * scale, y: event.offsetY * scale };
};
const square = (from, to) => {
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  return { x: to.x < from.x ? from.x - side : from.x, y: to.y < from.y ? from.y - side : from.y, width: side, height: side };
};
function mark(on) {
  byId('subject').setAttribute('aria-pressed', String(on));
  view.classList.toggle('marking', on);
}
byId('subject').addEventListener('click', () => mark(!view.classList.contains('marking')));
view.addEventListener('pointerdown', event => {
  if (!view.classList.contains('marking') || !source) return;
  view.setPointerCapture(event.pointerId);
  corner = point(event);
});
view.addEventListener('pointermove', event => {
  if (corner) redraw(square(corner, point(event)));
});
view.addEventListener('pointerup', event => attempt(async () => {
  if (!corner) return;
  const marked = square(corner, point(event));
  corner = null;
  if (marked.width < 8) return;
  box = marked;
  mark(false);
  byId('whole').disabled = false;
  await detect();
}));
byId('whole').addEventListener('click', () => attempt(async () => {
  box = null;
  byId('whole').disabled = true;
  await detect();
}));

// Dropping: anywhere.
for (const name of ['dragenter', 'dragover']) {
  window.addEventListener(name, event => {
    event.preventDefault();
    document.body.classList.add('dropping');
  });
}
window.addEventListener('dragleave', event => {
  if (!event.relatedTarget) document.body.classList.remove('dropping');
});
window.addEventListener('drop', event => {
  event.preventDefault();
  document.body.classList.remove('dropping');
  const [file] = event.dataTransfer.files;
  if (file) attempt(() => useFile(file));
});

await attempt(async () => {
  await useShipped('flies');
  await useExample('flies');
});
