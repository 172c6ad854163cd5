/** The factors that there are. Whatever opens a keyslot asks here, by the name that the keyslot has. */
import { StoreError } from '../errors.ts';
import type { KdfCost } from '../protection.ts';
import { mostOf, noCost } from '../protection.ts';
import type { Factor, FactorChoice } from './factor.ts';
import { mnemonicFactor } from './mnemonic.ts';
import { pinFactor } from './pin.ts';

const factors: ReadonlyMap<string, Factor> = new Map(
  [pinFactor, mnemonicFactor].map((factor) => [factor.name, factor]),
);

/** @throws StoreError `version` when this release has none of that name */
export function factorOf(choice: FactorChoice): Factor {
  const factor = factors.get(choice.factor);
  if (factor !== undefined) return factor;
  throw new StoreError(
    'version',
    `a keyslot needs the factor ${choice.factor}, which this release does not know; upgrade it`,
  );
}

/** What a guess at all of them costs. @throws StoreError as {@link Factor.costOf} */
export function costOfAll(choices: readonly FactorChoice[]): KdfCost {
  return choices.map((choice) => factorOf(choice).costOf(choice)).reduce(mostOf, noCost);
}
