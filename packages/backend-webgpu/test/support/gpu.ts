import { prepareGpu } from '@sketchgrad/testing/gpu';

// Before anything imports npm's webgpu.
await prepareGpu();
