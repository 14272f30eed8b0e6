import { elementKernel } from '../../kernel.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { NONE, WINDOWS, WINDOWS_UNIFORMS } from '../../wgsl/windows.js';

const UNIFORMS = { channels: 'u32', averaged: 'u32', ...WINDOWS_UNIFORMS } as const;

/**
 * x: f32 [batch, rows, columns, channels] → y: f32 [batch, places, channels]: the largest number of each window,
 * or where `averaged` is 1 their mean.
 */
export const pooling = elementKernel({
  name: 'pooling',
  operands: { x: 'f32', y: 'f32' },
  uniforms: UNIFORMS,
  declarations: () => `${NUMBERS}${WINDOWS}`,
  main: ({ x, y }) => `
let channels = uniforms.channels;
var count = 0.0;
var sum = 0.0;
var largest = 0.0;
for (var at = 0u; at < windowPixels(); at++) {
  let pixel = pixelOf(i / channels, at);
  if (pixel == ${NONE}u) { continue; }
  let value = ${x}[pixel * channels + i % channels];
  sum += value;
  if (count == 0.0 || value > largest || isNan(value)) { largest = value; }
  count += 1.0;
  if (isNan(value)) { break; }
}
${y}[i] = select(largest, sum / count, uniforms.averaged != 0u);`,
});

/**
 * x, dy → dx: to the first of the largest numbers of each window, or where `averaged` is 1 to all of it alike, in which
 * case x is not looked at.
 */
export const poolingGradient = elementKernel({
  name: 'poolingGradient',
  operands: { x: 'f32', dy: 'f32', dx: 'f32' },
  uniforms: UNIFORMS,
  declarations: ({ x }) => `${WINDOWS}
// What of a place's cotangent goes to a pixel.
fn shareOf(place: u32, own: u32, channel: u32) -> f32 {
  var count = 0.0;
  var best = ${NONE}u;
  var largest = 0.0;
  for (var at = 0u; at < windowPixels(); at++) {
    let pixel = pixelOf(place, at);
    if (pixel == ${NONE}u) { continue; }
    count += 1.0;
    if (uniforms.averaged != 0u) { continue; }
    let value = ${x}[pixel * uniforms.channels + channel];
    if (best == ${NONE}u || value > largest) {
      best = pixel;
      largest = value;
    }
  }
  if (uniforms.averaged != 0u) { return 1.0 / count; }
  return select(0.0, 1.0, best == own);
}`,
  main: ({ dy, dx }) => `
let channels = uniforms.channels;
let pixel = i / channels;
var sum = 0.0;
for (var at = 0u; at < windowPixels(); at++) {
  let place = placeOf(pixel, at);
  if (place == ${NONE}u) { continue; }
  let share = shareOf(place, pixel, i % channels);
  if (share != 0.0) { sum += ${dy}[place * channels + i % channels] * share; }
}
${dx}[i] = sum;`,
});
