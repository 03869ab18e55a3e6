// Keypoints in Node.js, by onnxruntime-node:
//
//   npm ci && node node.mjs DETECTOR.onnx PICTURE… [--box X,Y,WIDTH,HEIGHT]
//
// prints a line of JSON for each picture: its name, the SHA-256 of the pixels that the graph saw, and the keypoints.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { Detector } from './detector.js';

const { values, positionals: [model, ...pictures] } = parseArgs({ allowPositionals: true, options: { box: { type: 'string' } } });
const numbers = values.box?.split(',').map(Number);
if (!pictures.length || numbers && (numbers.length !== 4 || !numbers.every(Number.isFinite))) {
  console.error('usage: node node.mjs DETECTOR.onnx PICTURE… [--box X,Y,WIDTH,HEIGHT]');
  process.exit(2);
}
const box = numbers && { x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3] };
const detector = await Detector.load(ort, await readFile(model));
for (const path of pictures) {
  const { data, info } = await sharp(path).rotate().flatten().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { input, keypoints } = await detector.detect({ ...info, data }, box);
  console.log(JSON.stringify({ picture: path, input: createHash('sha256').update(input).digest('hex'), keypoints }));
}
