/** The release, which package.json, the engine's records and the command line all name. */
export const version = '0.1.0';
