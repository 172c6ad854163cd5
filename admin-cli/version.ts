/** Put in by the build, from package.json. */
declare const STRONGROOM_VERSION: string;

export const version: string = STRONGROOM_VERSION;
