import { BackendError } from '@sketchgrad/core';
import { findGpu, NO_ADAPTER } from '#node';

/** What a backend may be given of its device. */
interface Given {
  readonly gpu?: GPU;
  readonly adapter?: GPUAdapter;
  readonly device?: GPUDevice;
}

/** Features that are asked for where the adapter has them. */
const FEATURES: readonly GPUFeatureName[] = ['timestamp-query'];

/** Limits of which all that the adapter has is asked for. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'minStorageBufferOffsetAlignment',
  'minUniformBufferOffsetAlignment',
  'maxComputeWorkgroupStorageSize',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Arrays that a kernel may have. */
const LEAST_ARRAYS = 8;

/**
 * A device, with the limits of its adapter, and what the adapter is.
 * @throws BackendError, with what to do, where there is none
 */
export async function requestDevice(
  given: Given,
): Promise<{ readonly device: GPUDevice; readonly info: GPUAdapterInfo }> {
  if (given.device) return { device: given.device, info: given.device.adapterInfo };
  const adapter = given.adapter ?? (await requestAdapter(given.gpu ?? (await findGpu())));
  const device = await adapter
    .requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    })
    .catch((cause: unknown) => {
      throw new BackendError(
        `the adapter ${nameOf(adapter.info)} gives the webgpu backend no device: ${(cause as Error).message}`,
        { cause },
      );
    });
  if (device.limits.maxStorageBuffersPerShaderStage >= LEAST_ARRAYS)
    return { device, info: adapter.info };
  throw new BackendError(
    `the adapter ${nameOf(adapter.info)} binds ${device.limits.maxStorageBuffersPerShaderStage} buffers; the webgpu backend needs ${LEAST_ARRAYS}`,
  );
}

async function requestAdapter(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new BackendError(`there is WebGPU, and no adapter for the webgpu backend: ${NO_ADAPTER}`);
}

/** What an adapter is called. */
export const nameOf = ({ vendor, architecture, description }: GPUAdapterInfo): string =>
  [vendor, architecture, description].filter((part) => part !== '').join(' ') || 'unnamed';
