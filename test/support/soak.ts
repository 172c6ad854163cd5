/** Whether the long runs are wanted: `make soak` sets STRONGROOM_SOAK. */
export const soak = process.env.STRONGROOM_SOAK === '1';

/** How many of something a run takes: so many in a soak (or as STRONGROOM_SOAK_COUNT says, to try it out), else a few. */
export function soakCount(full: number, few: number): number {
  return soak ? Number(process.env.STRONGROOM_SOAK_COUNT ?? full) : few;
}
