// Draws a picture and the skeleton over it: left blue, right orange, the middle white, the surer the stronger.

const LEFT = '#56b4e9', RIGHT = '#e69f00', MIDDLE = '#ffffff';

function colours({ keypoints, symmetric }) {
  const colour = keypoints.map(() => MIDDLE);
  for (const [left, right] of symmetric ?? []) {
    colour[left] = LEFT;
    colour[right] = RIGHT;
  }
  return colour;
}

/**
 * @param {HTMLCanvasElement} canvas gets the size that the picture has on the screen
 * @param {CanvasImageSource} picture
 * @param {{width: number, height: number}} size of the picture
 */
export function draw(canvas, picture, size, { skeleton, keypoints = [], box, names }) {
  const shown = canvas.clientWidth || size.width;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(shown * density);
  canvas.height = Math.round(canvas.width * size.height / size.width);
  const scale = canvas.width / size.width, unit = Math.max(2, canvas.width / 260);
  const at = point => [(point.x + 0.5) * scale, (point.y + 0.5) * scale];
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (box) {
    context.setLineDash([3 * unit, 2 * unit]);
    context.lineWidth = unit * 0.7;
    context.strokeStyle = MIDDLE;
    context.strokeRect(box.x * scale, box.y * scale, box.width * scale, box.height * scale);
    context.setLineDash([]);
  }
  if (!keypoints.length) return;

  const colour = colours(skeleton);
  const strength = k => 0.5 + 0.5 * keypoints[k].confidence;
  context.lineCap = 'round';
  for (const [a, b] of skeleton.edges) {
    const line = new Path2D();
    line.moveTo(...at(keypoints[a]));
    line.lineTo(...at(keypoints[b]));
    context.globalAlpha = Math.min(strength(a), strength(b));
    context.lineWidth = 2 * unit;
    context.strokeStyle = '#000000aa';
    context.stroke(line);
    context.lineWidth = unit;
    context.strokeStyle = colour[b] === MIDDLE ? colour[a] : colour[b];
    context.stroke(line);
  }
  keypoints.forEach((point, k) => {
    context.globalAlpha = strength(k);
    context.beginPath();
    context.arc(...at(point), 1.3 * unit, 0, 2 * Math.PI);
    context.fillStyle = colour[k];
    context.fill();
    context.lineWidth = unit * 0.5;
    context.strokeStyle = '#000';
    context.stroke();
  });
  context.globalAlpha = 1;
  if (names) writeNames(context, keypoints, colour, at, unit, density);
}

/** Each name beside its point, away from the middle of all points; one that would lie on another moves down. */
function writeNames(context, keypoints, colour, at, unit, density) {
  const middle = keypoints.reduce((sum, point) => sum + at(point)[0], 0) / keypoints.length;
  const height = 12 * density, taken = [];
  context.font = `${height}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  keypoints.map((point, k) => ({ k, point })).sort((a, b) => a.point.y - b.point.y).forEach(({ k, point }) => {
    const [x, y] = at(point), width = context.measureText(point.name).width;
    const left = Math.min(Math.max(x < middle ? x - 2.5 * unit - width : x + 2.5 * unit, 2), context.canvas.width - width - 2);
    let top = y;
    for (const other of taken) {
      if (left < other.left + other.width && other.left < left + width && Math.abs(top - other.top) < height) top = other.top + height;
    }
    taken.push({ left, width, top });
    context.lineWidth = 3 * density;
    context.strokeStyle = '#000000cc';
    context.strokeText(point.name, left, top);
    context.fillStyle = colour[k];
    context.fillText(point.name, left, top);
  });
}
