// Cuts a box out of a picture and resizes it, to the byte as KeypointMl.Imaging's ImageCropper does: what a detector was trained on.
// Pixel areas correspond (half-pixel convention); bilinear when enlarging, an antialiasing triangle filter when shrinking; outside
// the picture its edge is repeated. Sums are of 32-bit floats, as there.

const f32 = Math.fround;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** For each output pixel of one axis: where its source pixels start, and their weights. */
function axisFilter(start, length, outputs, sourceSize) {
  const scale = length / outputs, support = Math.max(1, scale);
  return Array.from({ length: outputs }, (_, u) => {
    const centre = (u + 0.5) * scale - 0.5 + start;
    const low = Math.floor(centre - support) + 1, high = Math.ceil(centre + support) - 1;
    const first = clamp(low, 0, sourceSize - 1), last = clamp(high, 0, sourceSize - 1);
    let sum = 0;
    for (let i = low; i <= high; i++) sum += 1 - Math.abs(i - centre) / support;
    const weights = new Float32Array(last - first + 1);
    for (let i = low; i <= high; i++) weights[clamp(i, first, last) - first] += f32((1 - Math.abs(i - centre) / support) / sum);
    return { first, weights };
  });
}

/**
 * @param {{width: number, height: number, data: Uint8Array | Uint8ClampedArray, channels: 3 | 4}} picture RGB or RGBA, row-major
 * @param {{x: number, y: number, width: number, height: number}} box (x,y) is the centre of its first pixel
 * @returns {Uint8Array} [height,width,3]
 */
export function crop(picture, box, width, height) {
  const columns = axisFilter(f32(box.x), f32(box.width), width, picture.width);
  const rows = axisFilter(f32(box.y), f32(box.height), height, picture.height);
  const from = Math.min(...columns.map(column => column.first));
  const to = Math.max(...columns.map(column => column.first + column.weights.length));
  const sums = new Float32Array((to - from) * 3), result = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    rows[y].weights.forEach((weight, t) => {
      let pixel = ((rows[y].first + t) * picture.width + from) * picture.channels;
      for (let i = 0; i < sums.length; i += 3, pixel += picture.channels) {
        sums[i] += f32(weight * picture.data[pixel]);
        sums[i + 1] += f32(weight * picture.data[pixel + 1]);
        sums[i + 2] += f32(weight * picture.data[pixel + 2]);
      }
    });
    for (let x = 0; x < width; x++) {
      const { first, weights } = columns[x];
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let t = 0; t < weights.length; t++) sum = f32(sum + f32(weights[t] * sums[(first - from + t) * 3 + channel]));
        result[(y * width + x) * 3 + channel] = clamp(f32(sum + 0.5), 0, 255);
      }
    }
  }
  return result;
}
