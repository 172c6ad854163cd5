/** What a key of `strongroom.toml` is. */

interface Described {
  /** The key as TOML spells it, with dots between tables: `pin.iterations`. */
  readonly name: string;
  /** What it does, in sentences that end with a full stop. */
  readonly meaning: string;
  /** What can go wrong for somebody who changes it without a thought. */
  readonly warning?: string;
}

/** A yes or no. */
export interface BooleanKey extends Described {
  readonly type: 'boolean';
  readonly default: boolean;
}

/** A whole number in [`least`, `most`], counted in `unit`. */
export interface IntegerKey extends Described {
  readonly type: 'integer';
  readonly default: number;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
}

/** A text; empty where nothing is given. */
export interface TextKey extends Described {
  readonly type: 'text';
  readonly default: string;
  /** What it names. */
  readonly shape:
    | 'path'
    | 'user'
    | 'group'
    | 'address'
    | 'level'
    | 'kdf'
    | 'hosts'
    | 'name'
    | 'collector'
    | 'profile'
    | 'words';
}

export type ConfigKey = BooleanKey | IntegerKey | TextKey;
