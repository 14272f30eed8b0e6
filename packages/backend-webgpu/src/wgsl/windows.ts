import type { Windows } from '@sketchgrad/core';

/** What WINDOWS is told: (size, strides), (dilation, before) and (image, places), rows and columns of each. */
export const WINDOWS_UNIFORMS = { moves: 'vec4u', spread: 'vec4u', extents: 'vec4u' } as const;

/** How kernels are told of a window. */
export const windowsUniforms = ({ size, strides, dilation, before, image, places }: Windows) => ({
  moves: [...size, ...strides],
  spread: [...dilation, ...before],
  extents: [...image, ...places],
});

/** No pixel, or no place. */
export const NONE = 0xffff_ffff;

/**
 * `pixelOf(place, at)`, the pixel that the window has as its `at`-th at a place, and `placeOf(pixel, at)`, the place
 * whose window has a pixel so, both counted over all images: {@link NONE} where there is none.
 */
export const WINDOWS = `
fn windowPixels() -> u32 { return uniforms.moves.x * uniforms.moves.y; }

fn pixelOf(place: u32, at: u32) -> u32 {
  let image = uniforms.extents.xy;
  let places = uniforms.extents.zw;
  let own = vec2u((place / places.y) % places.x, place % places.y);
  let corner = own * uniforms.moves.zw + vec2u(at / uniforms.moves.y, at % uniforms.moves.y) * uniforms.spread.xy;
  // What lies before the image is large then.
  let pixel = corner - uniforms.spread.zw;
  if (any(pixel >= image)) { return ${NONE}u; }
  return (place / (places.x * places.y) * image.x + pixel.x) * image.y + pixel.y;
}

fn placeOf(pixel: u32, at: u32) -> u32 {
  let image = uniforms.extents.xy;
  let places = uniforms.extents.zw;
  let strides = uniforms.moves.zw;
  let to = vec2u((pixel / image.y) % image.x, pixel % image.y) + uniforms.spread.zw;
  let off = vec2u(at / uniforms.moves.y, at % uniforms.moves.y) * uniforms.spread.xy;
  if (any(to < off)) { return ${NONE}u; }
  let own = (to - off) / strides;
  if (any(own * strides != to - off) || any(own >= places)) { return ${NONE}u; }
  return (pixel / (image.x * image.y) * places.x + own.x) * places.y + own.y;
}
`;
