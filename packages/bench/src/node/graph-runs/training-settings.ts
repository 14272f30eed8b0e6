import type { NodeDataset } from '@sketchgrad/datasets';
import type { GraphNetwork } from '@sketchgrad/models';
import type { Selection } from '@sketchgrad/train';
import { counted } from '../../counted.js';
import { networkDefaults, publishedFor } from './defaults.js';
import type { GraphTrainingSettings } from './settings.js';

/** How a run trains, as its result tells it: by the options, and where they do not say, as published. */
export interface TrainingSettings {
  /** Whose published settings fill in for options that are not given; null for the usual ones. */
  readonly published: string | null;
  readonly normalizeRows: boolean;
  readonly penalty: number;
  /** Null for a network that has no such layers. */
  readonly convolutionPenalty: number | null;
  readonly dropout: number;
  readonly learningRate: number;
  readonly epochs: number;
  /** Null for none. */
  readonly patience: number | null;
  readonly selectBy: Selection;
}

/** @param network that the options make for the data */
export function trainingSettings(
  options: GraphTrainingSettings,
  data: NodeDataset,
  { config }: GraphNetwork,
): TrainingSettings {
  const defaults = networkDefaults(data.name, options.model);
  return {
    published: publishedFor(data.name) ?? null,
    normalizeRows: options.normalizeRows ?? defaults.normalizeRows,
    penalty: options.penalty ?? defaults.penalty,
    convolutionPenalty:
      options.model === 'gcn' ? null : (options.convolutionPenalty ?? defaults.convolutionPenalty),
    dropout: config.dropout,
    learningRate: options.learningRate ?? defaults.learningRate,
    epochs: options.epochs ?? defaults.epochs,
    patience: options.patience ?? defaults.patience ?? null,
    selectBy: defaults.selectBy,
  };
}

/** The L2 penalty of a parameter, by its name. */
export const penaltyOf =
  ({ penalty, convolutionPenalty }: Pick<TrainingSettings, 'penalty' | 'convolutionPenalty'>) =>
  (parameter: string): number => {
    if (convolutionPenalty === null) return parameter.startsWith('convs.0.') ? penalty : 0;
    return parameter.startsWith('convs.') ? convolutionPenalty : penalty;
  };

/** For people. */
export function describeSettings(settings: TrainingSettings, data: NodeDataset): string {
  const { published, normalizeRows, penalty, convolutionPenalty, patience } = settings;
  const layers = convolutionPenalty === null ? 'the first layer' : 'linear layers';
  return [
    published === null
      ? `settings: the usual ones, since none are published for '${data.name}'`
      : `settings: those published for ${published}, but for what options say`,
    `features ${normalizeRows ? "divided by their rows' sums" : 'as they are'}`,
    `L2 penalty ${penalty} of ${layers}${convolutionPenalty === null ? '' : ` and ${convolutionPenalty} of convolutions`}`,
    `dropout ${settings.dropout}`,
    `learning rate ${settings.learningRate}`,
    `${counted(settings.epochs, 'epoch')} at most`,
    ...(patience === null ? [] : [`patience ${patience}`]),
    `the epoch of the best ${settings.selectBy} on valid`,
  ].join('; ');
}
