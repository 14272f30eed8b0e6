import type { DeviceState } from '@sketchgrad/core';
import type { RowNorms } from '../priorities/row-norms.js';
import type { LayerProbe } from '../probe/layer-probe.js';
import type { RunSettings } from '../settings/settings.js';
import type { StepSource } from '../source/step-source.js';
import type { ExecutableCache } from '../step/executable-cache.js';
import type { BestWeights } from './best-weights.js';
import type { RunCheckpoints } from './run-checkpoints.js';

/** What a run works with. */
export interface RunParts<Sizes extends object> {
  readonly source: StepSource<Sizes>;
  readonly settings: RunSettings;
  readonly state: DeviceState;
  readonly cache: ExecutableCache<Sizes>;
  readonly checkpoints: RunCheckpoints | undefined;
  readonly rowNorms: RowNorms;
  readonly probe: LayerProbe | undefined;
  /** Undefined where the last step's weights are what is wanted. */
  readonly best: BestWeights | undefined;
}
