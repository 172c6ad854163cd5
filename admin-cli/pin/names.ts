/** Whose PINs there are, and what they are called. */

/** CKU_SO and CKU_USER. */
export const userTypes = { so: 0, user: 1 } as const;
export type Whose = keyof typeof userTypes;

/** What the two are called in sentences. */
export const pinNames: Readonly<Record<Whose, string>> = { so: 'SO PIN', user: 'user PIN' };
