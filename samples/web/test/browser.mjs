// Drives the page in a headless browser, as a visitor would:
//
//   node test/browser.mjs CHROMIUM DETECTOR.onnx PICTURE… [--screenshots FOLDER]
//
// prints a line of JSON for each picture, as node.mjs does, and one more with what dropping, marking, the webcam and a file that
// is no picture came to.

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import puppeteer from 'puppeteer-core';
import { serve } from '../serve.mjs';

const { values, positionals: [executablePath, model, ...pictures] } =
  parseArgs({ allowPositionals: true, options: { screenshots: { type: 'string' } } });
const server = await serve();
const browser = await puppeteer.launch({
  executablePath,
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
});
const errors = [];
try {
  const page = await browser.newPage();
  page.on('pageerror', error => errors.push(error.message));
  page.on('response', response => response.ok() || errors.push(`${response.status()} ${response.url()}`));
  await page.goto(server.url);
  await result(page);
  if (values.screenshots) await screenshots(page, values.screenshots);
  await page.setViewport({ width: 1280, height: 1000 });

  await after(page, async () => (await page.$('#model-file')).uploadFile(model));
  for (const picture of pictures) {
    const seen = await after(page, async () => (await page.$('#picture-file')).uploadFile(picture));
    console.log(JSON.stringify({ picture, ...seen }));
  }

  const dropped = await after(page, () => drop(page, pictures[0]));
  await page.click('#subject');
  const view = await (await page.$('#view')).boundingBox();
  const marked = await after(page, async () => {
    await page.mouse.move(view.x + view.width / 4, view.y + view.height / 4);
    await page.mouse.down();
    await page.mouse.move(view.x + view.width / 2, view.y + view.height / 2);
    await page.mouse.up();
  });
  const camera = await after(page, () => page.click('#camera'));
  await page.click('#example');
  await page.waitForFunction(() => document.getElementById('camera').getAttribute('aria-pressed') === 'false');
  await drop(page, new URL(import.meta.url).pathname);
  await page.waitForSelector('#status.error');
  const refusal = await page.$eval('#status', status => status.textContent);
  console.log(JSON.stringify({ dropped, marked, camera: camera.rows, refusal, errors }));
} finally {
  await browser.close();
  server.close();
}

/** What the page shows once an action has come to a result of its own. */
async function after(page, action) {
  await page.evaluate(() => { document.getElementById('view').result = null; });
  await action();
  return result(page);
}

async function result(page) {
  await page.waitForFunction(() => document.getElementById('view').result || document.querySelector('#status.error'));
  return page.evaluate(async () => {
    const failure = document.querySelector('#status.error');
    if (failure) throw new Error(failure.textContent);
    const { input, keypoints } = document.getElementById('view').result;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', input));
    return {
      input: Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join(''),
      keypoints,
      rows: document.querySelectorAll('#keypoints tr').length,
    };
  });
}

async function drop(page, path) {
  const content = (await readFile(path)).toString('base64');
  await page.evaluate((content, name) => {
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, { type: name.endsWith('.png') ? 'image/png' : 'text/plain' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
  }, content, basename(path));
}

async function screenshots(page, folder) {
  for (const [name, width, height, scheme] of [['wide', 1280, 800, 'light'], ['dark', 1280, 800, 'dark'], ['375', 375, 900, 'light']]) {
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
}
