import {
  checkAmount,
  checkCount,
  checkFlag,
  checkFunction,
  checkGivenFlag,
  optional,
} from '../checks/check-members.js';
import { checkOptions, type OptionNames } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { PlanError, UsageError } from '../errors.js';
import type { Node } from '../graph/node.js';
import { byteLength, formatType, type TensorType } from '../graph/types.js';
import { ALIGNMENT, type Space } from './memory-plan.js';
import { formatBytes } from './print-plan.js';

/** What a backend tells the planner of its device and its kernels. */
export interface PlanOptions {
  /** Every tensor begins at a multiple of so many bytes; at one of {@link ALIGNMENT} unless given. */
  readonly alignment?: number;
  /**
   * The most bytes of one buffer, a multiple of `alignment`: what does not fit one lies in several, and
   * no tensor may be larger. Without limit unless given. The host store has none.
   */
  readonly maxBufferBytes?: number;
  /**
   * Whether a node's kernel can write its result over an input that dies, where the op allows it
   * (`overwrites`). All can unless given. Views and updates share memory whatever it says.
   */
  readonly mayOverwrite?: (node: Node) => boolean;
  /** Bytes of scratch memory that the backend's kernel for a node needs while it runs; default 0. */
  readonly scratchBytes?: (node: Node) => number;
  /** Bytes that a tensor takes on the device, 4 for each element unless given. */
  readonly storageBytes?: (type: TensorType) => number;
  /**
   * True for a device that gives each tensor memory of its own while it is alive, where there is no arena:
   * `arenaBytes` is then the most that is alive at once, and places say nothing.
   */
  readonly apart?: boolean;
}

const checkLimit = (name: string, value: unknown): void => {
  if (!(typeof value === 'number' && value > 0))
    throw new UsageError(`${name} must be a number above 0, but it is ${describeValue(value)}`);
};

/** What {@link PlanOptions} are checked by. */
export const PLAN_OPTIONS: OptionNames<PlanOptions> = {
  ...{ alignment: optional(checkCount), maxBufferBytes: optional(checkLimit) },
  ...{ mayOverwrite: checkFunction, scratchBytes: checkFunction, storageBytes: checkFunction },
  apart: checkFlag,
};

/** A device as the planner sees it: {@link PlanOptions} with what was not given, sizes aligned. */
export interface PlannedDevice {
  readonly maxBufferBytes: number;
  /** Whether each tensor has memory of its own. */
  readonly apart: boolean;
  mayOverwrite(node: Node): boolean;
  /**
   * Bytes that a tensor takes.
   * @param what it is, for the error
   * @throws PlanError where no buffer holds it
   */
  bytesOf(type: TensorType, what: () => string, space?: Space): number;
  /** Bytes that a node's kernel works in. @throws PlanError where no buffer holds them */
  scratchOf(node: Node): number;
}

/** @throws UsageError for options that there are not, or that give what is no size */
export function plannedDevice(of: string, options: PlanOptions): PlannedDevice {
  checkOptions(of, options, PLAN_OPTIONS);
  const {
    alignment = ALIGNMENT,
    maxBufferBytes = Number.POSITIVE_INFINITY,
    mayOverwrite = () => true,
    scratchBytes = () => 0,
    storageBytes = byteLength,
    apart = false,
  } = options;
  if (maxBufferBytes !== Number.POSITIVE_INFINITY && maxBufferBytes % alignment !== 0)
    throw new UsageError(
      `${of}'s maxBufferBytes must be a multiple of the alignment, ${alignment}, but it is ${maxBufferBytes}`,
    );
  const fitting = (bytes: number, what: () => string, space: Space = 'device'): number => {
    const aligned = Math.ceil(bytes / alignment) * alignment;
    if (aligned <= maxBufferBytes || space === 'host') return aligned;
    throw new PlanError(
      `${what()} takes ${formatBytes(bytes)}; one buffer of the device takes ${formatBytes(maxBufferBytes)} at most. A smaller batch or sequence would fit`,
      bytes,
      maxBufferBytes,
    );
  };
  return {
    ...{ maxBufferBytes, apart },
    mayOverwrite(node) {
      const may = mayOverwrite(node);
      checkGivenFlag(`what mayOverwrite gives for '${node.op.name}'`, may);
      return may;
    },
    bytesOf(type, what, space) {
      const bytes = storageBytes(type);
      if (storageBytes !== byteLength)
        checkAmount(`what storageBytes gives for ${formatType(type)}`, bytes);
      return fitting(bytes, what, space);
    },
    scratchOf(node) {
      const bytes = scratchBytes(node);
      checkAmount(`what scratchBytes gives for '${node.op.name}'`, bytes);
      return fitting(bytes, () => `what '${node.op.name}' works in${where(node)}`);
    },
  };
}

/** Where a node was traced, for messages. */
export const where = ({ scope }: Node): string => (scope ? ` in ${scope}` : '');
