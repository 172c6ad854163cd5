/** What every row of the enclave's tables has. */
export interface Row {
  /** As TypeScript calls it; C has it in capitals behind `SR_` (`Sha512_256`: `SR_SHA512_256`). */
  readonly name: string;
  readonly number: number;
  /** What one has to know to use it. */
  readonly about?: string;
}
