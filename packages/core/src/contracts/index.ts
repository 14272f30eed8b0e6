export {
  KEY_INPUT,
  priorityInput,
  rankedLayers,
  rowNormOutput,
  SETTINGS_INPUT,
} from './step-inputs.js';
