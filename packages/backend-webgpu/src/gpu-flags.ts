// What WebGPU's globals hold, which are not there in Node.

export const STORAGE = 0x0080;
export const UNIFORM = 0x0040;
export const COPY_DESTINATION = 0x0008;
export const COPY_SOURCE = 0x0004;
export const MAP_READ = 0x0001;
export const QUERY_RESOLVE = 0x0200;

/** Visible to compute shaders. */
export const COMPUTE = 0x4;
/** To be mapped for reading. */
export const READ = 0x0001;
