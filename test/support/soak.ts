/** Whether the long runs are wanted: `make soak` sets STRONGROOM_SOAK. */
export const soak = process.env.STRONGROOM_SOAK === '1';
