import { elementKernel } from '../../kernel.js';
import { NONE, WINDOWS, WINDOWS_UNIFORMS } from '../../wgsl/windows.js';

/**
 * x: f32 [batch, rows, columns, channels], w: f32 [outputs, window · channels] → y: f32 [batch, places, outputs], +
 * bias [outputs] where `biased` is 1. One thread an element.
 */
export const convolution = elementKernel({
  name: 'convolution',
  operands: { x: 'f32', w: 'f32', bias: 'f32', y: 'f32' },
  uniforms: { channels: 'u32', outputs: 'u32', biased: 'u32', ...WINDOWS_UNIFORMS },
  declarations: () => WINDOWS,
  main: ({ x, w, bias, y }) => `
let channels = uniforms.channels;
let output = i % uniforms.outputs;
var atW = output * windowPixels() * channels;
var sum = 0.0;
for (var at = 0u; at < windowPixels(); at++) {
  let pixel = pixelOf(i / uniforms.outputs, at);
  if (pixel != ${NONE}u) {
    for (var c = 0u; c < channels; c++) { sum += ${x}[pixel * channels + c] * ${w}[atW + c]; }
  }
  atW += channels;
}
if (uniforms.biased != 0u) { sum += ${bias}[output]; }
${y}[i] = sum;`,
});

/** dy: f32 [batch, places, outputs], w → dx: f32 [batch, rows, columns, channels]. One thread an element. */
export const convolutionInputGradient = elementKernel({
  name: 'convolutionInputGradient',
  operands: { dy: 'f32', w: 'f32', dx: 'f32' },
  uniforms: { channels: 'u32', outputs: 'u32', ...WINDOWS_UNIFORMS },
  declarations: () => WINDOWS,
  main: ({ dy, w, dx }) => `
let channel = i % uniforms.channels;
let outputs = uniforms.outputs;
let taken = windowPixels() * uniforms.channels;
var sum = 0.0;
for (var at = 0u; at < windowPixels(); at++) {
  let place = placeOf(i / uniforms.channels, at);
  if (place == ${NONE}u) { continue; }
  var atW = at * uniforms.channels + channel;
  for (var o = 0u; o < outputs; o++) {
    sum += ${dy}[place * outputs + o] * ${w}[atW];
    atW += taken;
  }
}
${dx}[i] = sum;`,
});

/**
 * x, dy → dw: f32 [parts, outputs, window · channels], a part for each `chunk` of the places. One thread an element
 * of each part.
 */
export const convolutionWeightGradient = elementKernel({
  name: 'convolutionWeightGradient',
  operands: { x: 'f32', dy: 'f32', dw: 'f32' },
  uniforms: {
    ...{ channels: 'u32', outputs: 'u32', chunk: 'u32', places: 'u32' },
    ...WINDOWS_UNIFORMS,
  },
  declarations: () => WINDOWS,
  main: ({ x, dy, dw }) => `
let channels = uniforms.channels;
let channel = i % channels;
let at = (i / channels) % windowPixels();
let output = (i / (channels * windowPixels())) % uniforms.outputs;
let part = i / (channels * windowPixels() * uniforms.outputs);
let end = min((part + 1u) * uniforms.chunk, uniforms.places);
var sum = 0.0;
for (var place = part * uniforms.chunk; place < end; place++) {
  let pixel = pixelOf(place, at);
  if (pixel != ${NONE}u) { sum += ${dy}[place * uniforms.outputs + output] * ${x}[pixel * channels + channel]; }
}
${dw}[i] = sum;`,
});

/** dy → found: f32 [batch · rows · columns, outputs], of each pixel the place whose window has it as its `at`-th. */
export const placesAtPixels = elementKernel({
  name: 'placesAtPixels',
  operands: { dy: 'f32', found: 'f32' },
  uniforms: { outputs: 'u32', at: 'u32', ...WINDOWS_UNIFORMS },
  declarations: () => WINDOWS,
  main: ({ dy, found }) => `
let place = placeOf(i / uniforms.outputs, uniforms.at);
var value = 0.0;
if (place != ${NONE}u) { value = ${dy}[place * uniforms.outputs + i % uniforms.outputs]; }
${found}[i] = value;`,
});
