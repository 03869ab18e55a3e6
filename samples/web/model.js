// What a detector's ONNX file says about itself: size, skeleton, provenance. ONNX is Protocol Buffers; a walk over its fields finds
// the few that are needed, without a library and without reading the weights.
// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

const UINT8 = 2, FLOAT = 1;

/** One message's fields: number → its values, in order. A length-delimited value is a view of the bytes. */
function fields(bytes) {
  const found = new Map();
  let at = 0;

  function varint() {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw new Error('the file is cut off');
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new Error('it is not Protocol Buffers');
  }

  function block(length) {
    if (length < 0 || at + length > bytes.length) throw new Error('the file is cut off');
    at += length;
    return bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8), kind = tag % 8;
    const value = kind === 0 ? varint() : kind === 1 ? block(8) : kind === 2 ? block(varint()) : kind === 5 ? block(4) : null;
    if (value === null || number < 1) throw new Error('it is not Protocol Buffers');
    if (!found.has(number)) found.set(number, []);
    found.get(number).push(value);
  }
  return found;
}

const text = bytes => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const one = (message, number) => message.get(number)?.at(-1);

/** ValueInfoProto → its name, element type and dimensions; a dimension without a number is null. */
function tensor(bytes) {
  const info = fields(bytes);
  const type = fields(one(fields(one(info, 2) ?? new Uint8Array()), 1) ?? new Uint8Array());
  const shape = fields(one(type, 2) ?? new Uint8Array());
  return {
    name: text(one(info, 1) ?? new Uint8Array()),
    element: one(type, 1) ?? 0,
    dimensions: (shape.get(1) ?? []).map(dimension => one(fields(dimension), 1) ?? null),
  };
}

/**
 * Reads a detector's file and holds it against the contract: `image` uint8 [N,H,W,3] → `keypoints` float32 [N,K,2] and
 * `confidence` float32 [N,K]. What is wrong is said in the error.
 * @param {Uint8Array} bytes the whole file
 * @returns {{width: number, height: number, skeleton: {name: string, keypoints: string[], edges: number[][],
 *   symmetric: number[][]}, provenance: object}}
 */
export function readModel(bytes) {
  let metadata, inputs, outputs;
  try {
    const model = fields(bytes);
    metadata = new Map((model.get(14) ?? []).map(fields).map(entry => [text(one(entry, 1)), text(one(entry, 2) ?? new Uint8Array())]));
    const graph = fields(one(model, 7) ?? new Uint8Array());
    inputs = (graph.get(11) ?? []).map(tensor);
    outputs = (graph.get(12) ?? []).map(tensor);
  } catch (error) {
    throw new Error(`This is not a usable ONNX file: ${error.message}.`);
  }

  const kind = metadata.get('keypointml.kind');
  if (metadata.get('keypointml.contract') !== '1' || kind !== 'detector') {
    throw new Error(kind
      ? `This is a ${kind} of contract ${metadata.get('keypointml.contract')}; expected a detector of contract 1.`
      : 'This ONNX file was not exported by KeypointMl: it has no "keypointml.kind" in its metadata. Give a detector.onnx.');
  }
  const skeleton = JSON.parse(metadata.get('keypointml.skeleton'));
  const count = skeleton.keypoints.length;
  const image = inputs.find(input => input.name === 'image');
  const [batch, height, width, channels] = image?.dimensions ?? [];
  const points = outputs.find(output => output.name === 'keypoints'), confidence = outputs.find(output => output.name === 'confidence');
  const is = (value, element, ...dimensions) => value?.element === element && value.dimensions.length === dimensions.length + 1
    && value.dimensions[0] === null && dimensions.every((size, i) => value.dimensions[i + 1] === size);
  if (!is(image, UINT8, height, width, 3) || !(height > 0 && width > 0) || batch !== null || channels !== 3)
    throw new Error('The detector\'s input "image" is not uint8 [N,H,W,3] with a free N. Export the model again.');
  if (!is(points, FLOAT, count, 2) || !is(confidence, FLOAT, count))
    throw new Error(`The detector's outputs are not "keypoints" [N,${count},2] and "confidence" [N,${count}]. Export the model again.`);
  return { width, height, skeleton, provenance: JSON.parse(metadata.get('keypointml.provenance') ?? '{}') };
}
