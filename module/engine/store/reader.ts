/** Statements that read, whose rows are looked at before anybody relies on them: SQLite gives whatever the file says, also after damage. */
import type SQLite from 'better-sqlite3';
import { StoreError } from './errors.ts';

const kinds = {
  integer: (value: unknown) => Number.isSafeInteger(value),
  text: (value: unknown) => typeof value === 'string',
  blob: (value: unknown) => value instanceof Uint8Array,
  'blob or null': (value: unknown) => value === null || value instanceof Uint8Array,
} as const;
type Kind = keyof typeof kinds;

/** Of each column what it has to be. A column that goes by another name, since a letter of the schema has changed, is none of them. */
export type Shape<Row> = { readonly [Name in keyof Row]-?: Kind };

export class Reader<Parameters extends unknown[], Row> {
  readonly #statement: SQLite.Statement<Parameters, Row>;
  readonly #shape: readonly (readonly [keyof Row, Kind])[];

  constructor(statement: SQLite.Statement<Parameters, Row>, shape: Shape<Row>) {
    this.#statement = statement;
    this.#shape = Object.entries(shape) as unknown as readonly (readonly [keyof Row, Kind])[];
  }

  /** @throws StoreError `corrupt` where the row is not what the statement asks for */
  get(...parameters: Parameters): Row | undefined {
    const row = this.#statement.get(...parameters);
    return row === undefined ? undefined : this.#checked(row);
  }

  /** @throws StoreError `corrupt` as {@link get} */
  all(...parameters: Parameters): Row[] {
    return this.#statement.all(...parameters).map((row) => this.#checked(row));
  }

  #checked(row: Row): Row {
    for (const [name, kind] of this.#shape)
      if (!kinds[kind](row[name]))
        throw new StoreError('corrupt', `a row of the database has no ${kind} for “${String(name)}”`);
    return row;
  }
}
