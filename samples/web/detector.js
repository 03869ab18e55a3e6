// A detector by ONNX Runtime, in the browser (onnxruntime-web) or in Node.js (onnxruntime-node): both have the same interface.

import { crop } from './crop.js';
import { readModel } from './model.js';

export class Detector {
  #ort;
  #session;

  constructor(ort, session, model) {
    this.#ort = ort;
    this.#session = session;
    Object.assign(this, model);
  }

  /**
   * @param ort the module `onnxruntime-web` or `onnxruntime-node`
   * @param {Uint8Array} bytes the whole file of a detector
   */
  static async load(ort, bytes) {
    const model = readModel(bytes);
    return new Detector(ort, await ort.InferenceSession.create(bytes), model);
  }

  /**
   * The keypoints of the one subject in a box of a picture, in the picture's pixels: (0,0) is the centre of the first.
   * @param picture RGB or RGBA, see crop.js
   * @param box where the subject is; left out, the whole picture
   * @returns {Promise<{input: Uint8Array, keypoints: {name: string, x: number, y: number, confidence: number}[]}>}
   *   `input` is what the graph saw: [H,W,3] bytes
   */
  async detect(picture, box = { x: 0, y: 0, width: picture.width, height: picture.height }) {
    const { width, height, skeleton } = this;
    const input = crop(picture, box, width, height);
    const image = new this.#ort.Tensor('uint8', input, [1, height, width, 3]);
    const { keypoints, confidence } = await this.#session.run({ image });
    return {
      input,
      keypoints: skeleton.keypoints.map((name, k) => ({
        name,
        x: (keypoints.data[2 * k] + 0.5) * box.width / width - 0.5 + box.x,
        y: (keypoints.data[2 * k + 1] + 0.5) * box.height / height - 0.5 + box.y,
        confidence: confidence.data[k],
      })),
    };
  }

  /** Frees what the graph holds in memory. */
  release() {
    return this.#session.release();
  }
}
