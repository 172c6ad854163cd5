/**
 * Types of attributes and the rules about them. Generated from schema/cryptoki/attributes.ts: change it there.
 */

/** What an attribute's value is. 'bigint' is unsigned big-endian bytes, 'date' 8 characters or none. */
export type AttributeType = 'ulong' | 'bool' | 'bytes' | 'bigint' | 'utf8' | 'date' | 'ulongs' | 'attributes';

/** Whether a template for an operation must, may or must not name the attribute. */
export type Presence = 'required' | 'optional' | 'forbidden';

/** The rule about one attribute of one kind of object. */
export interface AttributeRule {
  readonly attribute: number;
  readonly type: AttributeType;
  readonly create: Presence;
  readonly generate: Presence;
  readonly unwrap: Presence;
  readonly derive: Presence;
  /** The value by default; undefined: the token works it out, or the object does not have the attribute. */
  readonly default: boolean | number | 'empty' | undefined;
  /** Not revealed while CKA_SENSITIVE is true or CKA_EXTRACTABLE is false. */
  readonly sensitive: boolean;
  /** May be changed by C_SetAttributeValue. */
  readonly modifiable: boolean;
  /** May be changed in C_CopyObject. */
  readonly copyable: boolean;
  /** The value after which the attribute may no longer be changed; 'lowers': a number that only becomes smaller. */
  readonly sticky: 'once-true' | 'once-false' | 'lowers' | undefined;
  /** Only the SO may make it true. */
  readonly soOnlyTrue: boolean;
  /** Set by the token alone: templates that name it are refused with CKR_ATTRIBUTE_READ_ONLY. */
  readonly readOnly: boolean;
}

type Row = readonly [number, string, string, (boolean | number | 'empty')?];

/** Stands for the type of classes that have none; no constant of the standard has this value. */
const untyped = 0xffffffff;

const types: ReadonlyMap<number, AttributeType> = new Map([
  [0, 'ulong'],
  [1, 'bool'],
  [2, 'bool'],
  [3, 'utf8'],
  [4, 'utf8'],
  [0x10, 'utf8'],
  [0x11, 'bytes'],
  [0x12, 'bytes'],
  [0x80, 'ulong'],
  [0x81, 'bytes'],
  [0x82, 'bytes'],
  [0x83, 'bytes'],
  [0x84, 'bytes'],
  [0x85, 'bytes'],
  [0x86, 'bool'],
  [0x87, 'ulong'],
  [0x88, 'ulong'],
  [0x89, 'utf8'],
  [0x8a, 'bytes'],
  [0x8b, 'bytes'],
  [0x8c, 'ulong'],
  [0x90, 'bytes'],
  [0x100, 'ulong'],
  [0x101, 'bytes'],
  [0x102, 'bytes'],
  [0x103, 'bool'],
  [0x104, 'bool'],
  [0x105, 'bool'],
  [0x106, 'bool'],
  [0x107, 'bool'],
  [0x108, 'bool'],
  [0x109, 'bool'],
  [0x10a, 'bool'],
  [0x10b, 'bool'],
  [0x10c, 'bool'],
  [0x110, 'date'],
  [0x111, 'date'],
  [0x120, 'bigint'],
  [0x121, 'ulong'],
  [0x122, 'bigint'],
  [0x123, 'bigint'],
  [0x124, 'bigint'],
  [0x125, 'bigint'],
  [0x126, 'bigint'],
  [0x127, 'bigint'],
  [0x128, 'bigint'],
  [0x129, 'bytes'],
  [0x130, 'bigint'],
  [0x131, 'bigint'],
  [0x132, 'bigint'],
  [0x133, 'ulong'],
  [0x134, 'ulong'],
  [0x160, 'ulong'],
  [0x161, 'ulong'],
  [0x162, 'bool'],
  [0x163, 'bool'],
  [0x164, 'bool'],
  [0x165, 'bool'],
  [0x166, 'ulong'],
  [0x170, 'bool'],
  [0x171, 'bool'],
  [0x172, 'bool'],
  [0x180, 'bytes'],
  [0x181, 'bytes'],
  [0x200, 'bool'],
  [0x201, 'ulong'],
  [0x202, 'bool'],
  [0x210, 'bool'],
  [0x220, 'ulong'],
  [0x221, 'ulong'],
  [0x222, 'ulong'],
  [0x223, 'bool'],
  [0x224, 'ulong'],
  [0x225, 'ulong'],
  [0x226, 'ulong'],
  [0x227, 'ulong'],
  [0x22a, 'utf8'],
  [0x22b, 'utf8'],
  [0x22c, 'bytes'],
  [0x22d, 'utf8'],
  [0x22e, 'bytes'],
  [0x22f, 'utf8'],
  [0x250, 'bytes'],
  [0x251, 'bytes'],
  [0x252, 'bytes'],
  [0x300, 'ulong'],
  [0x301, 'bool'],
  [0x302, 'bool'],
  [0x400, 'ulong'],
  [0x401, 'ulong'],
  [0x402, 'ulong'],
  [0x403, 'ulong'],
  [0x404, 'ulong'],
  [0x405, 'bool'],
  [0x406, 'ulong'],
  [0x480, 'utf8'],
  [0x481, 'utf8'],
  [0x482, 'utf8'],
  [0x500, 'ulong'],
  [0x501, 'bytes'],
  [0x502, 'bytes'],
  [0x503, 'bytes'],
  [0x601, 'ulong'],
  [0x602, 'bytes'],
  [0x603, 'ulong'],
  [0x604, 'bytes'],
  [0x605, 'bytes'],
  [0x606, 'bytes'],
  [0x607, 'bytes'],
  [0x608, 'bytes'],
  [0x609, 'bytes'],
  [0x60a, 'bytes'],
  [0x60b, 'bytes'],
  [0x60c, 'bool'],
  [0x60d, 'bytes'],
  [0x60e, 'bytes'],
  [0x60f, 'ulong'],
  [0x610, 'ulong'],
  [0x611, 'ulong'],
  [0x612, 'bytes'],
  [0x617, 'ulong'],
  [0x618, 'ulong'],
  [0x619, 'ulong'],
  [0x61a, 'ulongs'],
  [0x61b, 'ulongs'],
  [0x61c, 'ulong'],
  [0x61d, 'ulong'],
  [0x61e, 'ulong'],
  [0x61f, 'ulong'],
  [0x620, 'bytes'],
  [0x621, 'ulong'],
  [0x622, 'utf8'],
  [0x623, 'ulong'],
  [0x624, 'ulong'],
  [0x625, 'utf8'],
  [0x626, 'utf8'],
  [0x627, 'utf8'],
  [0x628, 'utf8'],
  [0x629, 'utf8'],
  [0x62a, 'attributes'],
  [0x62b, 'attributes'],
  [0x62c, 'ulong'],
  [0x62d, 'ulong'],
  [0x62e, 'ulong'],
  [0x62f, 'ulong'],
  [0x630, 'ulong'],
  [0x631, 'ulong'],
  [0x632, 'ulong'],
  [0x633, 'bool'],
  [0x634, 'bool'],
  [0x635, 'bytes'],
  [0x636, 'bytes'],
  [0x637, 'bytes'],
  [0x40000211, 'attributes'],
  [0x40000212, 'attributes'],
  [0x40000213, 'attributes'],
  [0x40000600, 'ulongs'],
  [0x80005301, 'utf8'],
  [0x80005310, 'ulong'],
  [0x80005311, 'utf8'],
  [0x80005312, 'ulong'],
  [0x80005313, 'ulong'],
  [0x80005314, 'ulong'],
  [0x80005315, 'ulong'],
  [0x80005316, 'ulong'],
  [0x80005317, 'ulong'],
  [0x80005318, 'ulong'],
  [0x80005319, 'utf8'],
  [0x8000531a, 'utf8'],
  [0x80005320, 'ulong'],
  [0x80005321, 'ulong'],
  [0x80005322, 'ulong'],
  [0x80005323, 'ulong'],
  [0x80005324, 'ulong'],
  [0x80005325, 'ulong'],
  [0x80005326, 'bool'],
  [0x80005327, 'bool'],
  [0x80005330, 'ulong'],
  [0x80005331, 'ulong'],
  [0x80005332, 'utf8'],
  [0x80005333, 'bool'],
]);

const most: ReadonlyMap<number, number> = new Map([
  [3, 4096],
  [4, 4096],
  [0x10, 4096],
  [0x11, 4194304],
  [0x12, 4096],
  [0x81, 65536],
  [0x82, 4096],
  [0x83, 65536],
  [0x84, 65536],
  [0x85, 65536],
  [0x89, 16384],
  [0x8a, 16384],
  [0x8b, 16384],
  [0x90, 16384],
  [0x101, 65536],
  [0x102, 4096],
  [0x120, 4096],
  [0x122, 4096],
  [0x123, 4096],
  [0x124, 4096],
  [0x125, 4096],
  [0x126, 4096],
  [0x127, 4096],
  [0x128, 4096],
  [0x129, 65536],
  [0x130, 4096],
  [0x131, 4096],
  [0x132, 4096],
  [0x180, 16384],
  [0x181, 16384],
  [0x22a, 4096],
  [0x22b, 4096],
  [0x22c, 16384],
  [0x22d, 4096],
  [0x22e, 16384],
  [0x22f, 4096],
  [0x250, 16384],
  [0x251, 16384],
  [0x252, 16384],
  [0x480, 4096],
  [0x481, 4096],
  [0x482, 4096],
  [0x501, 16384],
  [0x502, 16384],
  [0x503, 16384],
  [0x602, 16384],
  [0x604, 16384],
  [0x605, 16384],
  [0x606, 16384],
  [0x607, 16384],
  [0x608, 16384],
  [0x609, 16384],
  [0x60a, 16384],
  [0x60b, 16384],
  [0x60d, 16384],
  [0x60e, 16384],
  [0x612, 16384],
  [0x61a, 8192],
  [0x61b, 8192],
  [0x620, 16384],
  [0x622, 4096],
  [0x625, 4096],
  [0x626, 4096],
  [0x627, 4096],
  [0x628, 4096],
  [0x629, 4096],
  [0x635, 16384],
  [0x636, 16384],
  [0x637, 16384],
  [0x40000600, 8192],
  [0x80005301, 255],
  [0x80005311, 1000],
  [0x80005319, 32],
  [0x8000531a, 32],
  [0x80005332, 4096],
]);

/** Every distinct rule: attribute, letters of create, generate, unwrap and derive, letters of the other marks, default. */
const rows = (): readonly Row[] => [
  [0, 'rooo', ''],
  [4, 'ffff', 'r'],
  [1, 'oooo', 'c', false],
  [2, 'oooo', 'c', false],
  [0x170, 'oooo', 'c', true],
  [3, 'oooo', 'mc', 'empty'],
  [0x80005301, 'oooo', 'mc'],
  [0x171, 'oooo', 'mcf', true],
  [0x172, 'oooo', 'c', true],
  [0x100, 'roro', ''],
  [0x102, 'oooo', 'mc', 'empty'],
  [0x110, 'oooo', 'mc', 'empty'],
  [0x111, 'oooo', 'mc', 'empty'],
  [0x10c, 'oooo', 'mc', false],
  [0x163, 'ffff', 'r', false],
  [0x166, 'ffff', 'r', -1],
  [0x40000600, 'oooo', '', 'empty'],
  [0x61e, 'ffff', 'r', 0],
  [0x80005310, 'oooo', 'mc'],
  [0x80005311, 'ffff', 'mc'],
  [0x80005312, 'ffff', 'r'],
  [0x80005313, 'ffff', 'r'],
  [0x80005314, 'ffff', 'r'],
  [0x80005315, 'ffff', 'r'],
  [0x80005316, 'oooo', 'mc'],
  [0x80005317, 'oooo', 'mc'],
  [0x80005318, 'ffff', 'mc'],
  [0x80005319, 'oooo', 'mc'],
  [0x8000531a, 'oooo', 'mc'],
  [0x80005332, 'ffff', 'r'],
  [0x101, 'oooo', 'mc', 'empty'],
  [0x104, 'oooo', 'mc', true],
  [0x10a, 'oooo', 'mc', true],
  [0x10b, 'oooo', 'mc', true],
  [0x106, 'oooo', 'mc', false],
  [0x633, 'oooo', 'mc', false],
  [0x86, 'oooo', 'mco', false],
  [0x40000211, 'oooo', '', 'empty'],
  [0x62a, 'oooo', '', 'empty'],
  [0x129, 'oooo', ''],
  [0x636, 'ofoo', ''],
  [0x120, 'rfoo', ''],
  [0x121, 'froo', ''],
  [0x122, 'rooo', ''],
  [0x104, 'oooo', 'mc', false],
  [0x10b, 'oooo', 'mc', false],
  [0x180, 'rroo', ''],
  [0x181, 'rfoo', ''],
  [0x10a, 'oooo', 'mc', false],
  [0x130, 'rroo', ''],
  [0x131, 'rroo', ''],
  [0x132, 'rroo', ''],
  [0x11, 'rfoo', ''],
  [0x633, 'oooo', 'mc', true],
  [0x61d, 'rroo', ''],
  [2, 'oooo', 'c', true],
  [0x80005320, 'ffff', 'r'],
  [0x80005321, 'oooo', 'mcl'],
  [0x80005322, 'ffff', 'r'],
  [0x80005323, 'oooo', 'mcl'],
  [0x80005330, 'ffff', 'mc'],
  [0x80005331, 'ffff', 'r'],
  [0x80005333, 'ffff', 'r'],
  [0x103, 'oooo', 'mct', true],
  [0x105, 'oooo', 'mc', true],
  [0x108, 'oooo', 'mc', true],
  [0x109, 'oooo', 'mc', true],
  [0x107, 'oooo', 'mc', false],
  [0x634, 'oooo', 'mc', false],
  [0x162, 'oooo', 'mcf', false],
  [0x165, 'ffff', 'r', false],
  [0x164, 'ffff', 'r', false],
  [0x210, 'oooo', 'mct', false],
  [0x40000212, 'oooo', '', 'empty'],
  [0x62b, 'oooo', '', 'empty'],
  [0x202, 'oooo', '', false],
  [0x129, 'oooo', 'mc'],
  [0x40000213, 'oooo', '', 'empty'],
  [0x120, 'rfff', ''],
  [0x122, 'rfff', ''],
  [0x123, 'rfff', 's'],
  [0x124, 'offf', 's'],
  [0x125, 'offf', 's'],
  [0x126, 'offf', 's'],
  [0x127, 'offf', 's'],
  [0x128, 'offf', 's'],
  [0x105, 'oooo', 'mc', false],
  [0x109, 'oooo', 'mc', false],
  [0x180, 'rfff', ''],
  [0x11, 'rfff', 's'],
  [0x108, 'oooo', 'mc', false],
  [0x130, 'rfff', ''],
  [0x131, 'rfff', ''],
  [0x132, 'rfff', ''],
  [0x160, 'fooo', ''],
  [0x634, 'oooo', 'mc', true],
  [0x61d, 'rfff', ''],
  [0x637, 'offf', 's'],
  [0x103, 'oooo', 'mct', false],
  [0x90, 'oooo', ''],
  [0x161, 'froo', ''],
  [0x80005324, 'ffff', 'r'],
  [0x80005325, 'oooo', 'mcl'],
  [0x80005326, 'oooo', 'mct'],
  [0x80005327, 'oooo', 'mct'],
  [0x10, 'oooo', '', 'empty'],
  [0x12, 'oooo', '', 'empty'],
  [0x11, 'oooo', '', 'empty'],
  [0x80, 'rooo', ''],
  [0x87, 'oooo', '', 0],
  [0x110, 'oooo', '', 'empty'],
  [0x111, 'oooo', '', 'empty'],
  [0x129, 'oooo', '', 'empty'],
  [0x101, 'rooo', ''],
  [0x81, 'oooo', 'mc', 'empty'],
  [0x82, 'oooo', 'mc', 'empty'],
  [0x11, 'rooo', ''],
  [0x89, 'oooo', '', 'empty'],
  [0x8a, 'oooo', '', 'empty'],
  [0x8b, 'oooo', '', 'empty'],
  [0x8c, 'oooo', '', 0x220],
  [0x88, 'oooo', '', 0],
  [0x84, 'rooo', ''],
  [0x83, 'oooo', 'mc', 'empty'],
  [0x85, 'oooo', 'mc', 'empty'],
  [0x100, 'rooo', ''],
  [0x163, 'ffoo', 'r', false],
  [0x130, 'rfoo', ''],
  [0x132, 'rfoo', ''],
  [0x133, 'froo', ''],
  [0x131, 'rfoo', ''],
  [0x134, 'froo', ''],
  [0x81, 'rooo', ''],
  [0x82, 'rooo', ''],
  [0x635, 'oooo', '', 'empty'],
  [0x62c, 'oooo', 'mc', 0],
  [0x62d, 'oooo', 'mc', 0],
  [0x62e, 'oooo', 'mc', 0],
  [0x62f, 'oooo', 'mc', 0],
  [0x630, 'oooo', 'mc', 0],
  [0x631, 'oooo', 'mc', 0],
  [0x632, 'oooo', 'mc', 0],
  [0, 'ffff', 'r'],
  [0x300, 'ffoo', 'r'],
  [0x11, 'ffoo', 'mc'],
  [0x301, 'ffoo', 'r'],
  [0x302, 'ffoo', 'r'],
  [0x11, 'ffoo', 'r'],
  [0x400, 'ffoo', 'r'],
  [0x401, 'ffoo', 'r'],
  [0x402, 'ffoo', 'r'],
  [0x403, 'ffoo', 'r'],
  [0x404, 'ffoo', 'r'],
  [0x405, 'ffoo', 'r'],
  [0x406, 'ffoo', 'r'],
  [0x480, 'ffoo', 'r'],
  [0x481, 'ffoo', 'r'],
  [0x482, 'ffoo', 'r'],
  [0x500, 'ffoo', 'r'],
  [0x601, 'ffoo', 'r'],
  [0x61f, 'ffoo', 'r'],
  [0x620, 'ffoo', 'r'],
  [0x621, 'ffoo', 'r'],
  [0x622, 'ffoo', 'r'],
  [0x623, 'ffoo', 'r'],
  [0x624, 'ffoo', 'r'],
  [0x625, 'ffoo', 'r'],
  [0x626, 'ffoo', 'r'],
  [0x627, 'ffoo', 'r'],
  [0x628, 'ffoo', 'r'],
  [0x629, 'ffoo', 'r'],
];

/** Class, type, and the rules by their places in the table above. */
const sets: readonly (readonly [number, number, readonly number[]])[] = [
  [2, 0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43]], // CKO_PUBLIC_KEY CKK_RSA
  [2, 3, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 32, 45, 34, 35, 36, 37, 38, 39, 40, 46, 47]], // CKO_PUBLIC_KEY CKK_EC
  [2, 0x40, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 32, 45, 34, 35, 36, 37, 38, 39, 40, 46, 47]], // CKO_PUBLIC_KEY CKK_EC_EDWARDS
  [2, 0x41, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 48, 45, 34, 35, 36, 37, 38, 39, 40, 46, 47]], // CKO_PUBLIC_KEY CKK_EC_MONTGOMERY
  [2, 1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 32, 45, 34, 35, 36, 37, 38, 39, 40, 49, 50, 51, 52]], // CKO_PUBLIC_KEY CKK_DSA
  [2, 2, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 48, 45, 34, 35, 36, 37, 38, 39, 40, 49, 51, 52]], // CKO_PUBLIC_KEY CKK_DH
  [2, 4, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 48, 45, 34, 35, 36, 37, 38, 39, 40, 49, 50, 51, 52]], // CKO_PUBLIC_KEY CKK_X9_42_DH
  [2, 0x49, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 48, 45, 34, 53, 36, 37, 38, 39, 40, 54, 52]], // CKO_PUBLIC_KEY CKK_ML_KEM
  [2, 0x4a, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 32, 45, 34, 35, 36, 37, 38, 39, 40, 54, 52]], // CKO_PUBLIC_KEY CKK_ML_DSA
  [2, 0x4b, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44, 32, 45, 34, 35, 36, 37, 38, 39, 40, 54, 52]], // CKO_PUBLIC_KEY CKK_SLH_DSA
  [3, 0, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 78, 79, 80, 81, 82, 83, 84, 85]], // CKO_PRIVATE_KEY CKK_RSA
  [3, 3, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 65, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 88, 89]], // CKO_PRIVATE_KEY CKK_EC
  [3, 0x40, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 65, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 88, 89]], // CKO_PRIVATE_KEY CKK_EC_EDWARDS
  [3, 0x41, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 90, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 88, 89]], // CKO_PRIVATE_KEY CKK_EC_MONTGOMERY
  [3, 1, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 65, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 91, 92, 93, 89]], // CKO_PRIVATE_KEY CKK_DSA
  [3, 2, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 90, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 91, 93, 89, 94]], // CKO_PRIVATE_KEY CKK_DH
  [3, 4, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 90, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 91, 92, 93, 89]], // CKO_PRIVATE_KEY CKK_X9_42_DH
  [3, 0x49, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 90, 87, 67, 95, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 96, 89, 97]], // CKO_PRIVATE_KEY CKK_ML_KEM
  [3, 0x4a, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 65, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 96, 89, 97]], // CKO_PRIVATE_KEY CKK_ML_DSA
  [3, 0x4b, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 30, 63, 86, 65, 87, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 40, 96, 89]], // CKO_PRIVATE_KEY CKK_SLH_DSA
  [4, 0x10, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_GENERIC_SECRET
  [4, 0x28, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA_1_HMAC
  [4, 0x2e, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA224_HMAC
  [4, 0x2b, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA256_HMAC
  [4, 0x2c, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA384_HMAC
  [4, 0x2d, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA512_HMAC
  [4, 0x43, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA512_224_HMAC
  [4, 0x44, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA512_256_HMAC
  [4, 0x36, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA3_224_HMAC
  [4, 0x37, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA3_256_HMAC
  [4, 0x38, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA3_384_HMAC
  [4, 0x39, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_SHA3_512_HMAC
  [4, 0x34, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 65, 32, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_POLY1305
  [4, 0x1f, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 31, 64, 90, 48, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 101, 102, 103, 104, 89, 100]], // CKO_SECRET_KEY CKK_AES
  [4, 0x33, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 31, 64, 90, 48, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_CHACHA20
  [4, 0x14, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 31, 64, 90, 48, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89]], // CKO_SECRET_KEY CKK_DES2
  [4, 0x15, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 31, 64, 90, 48, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89]], // CKO_SECRET_KEY CKK_DES3
  [4, 0x42, [0, 1, 2, 55, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 56, 57, 58, 59, 60, 61, 62, 98, 44, 86, 90, 48, 34, 67, 69, 70, 71, 99, 72, 36, 37, 73, 77, 89, 100]], // CKO_SECRET_KEY CKK_HKDF
  [0, untyped, [0, 1, 2, 55, 4, 5, 6, 7, 8, 105, 106, 107]], // CKO_DATA
  [1, 0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 108, 36, 109, 99, 110, 111, 112, 113, 10, 114, 115, 116, 117, 118, 119, 120, 121]], // CKO_CERTIFICATE CKC_X_509
  [1, 2, [0, 1, 2, 3, 4, 5, 6, 7, 8, 108, 36, 109, 99, 110, 111, 112, 113, 114, 116, 117, 118, 119, 120]], // CKO_CERTIFICATE CKC_WTLS
  [1, 1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 108, 36, 109, 99, 110, 111, 112, 122, 123, 115, 124, 116]], // CKO_CERTIFICATE CKC_X_509_ATTR_CERT
  [6, 1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 125, 126, 127, 128, 129, 130]], // CKO_DOMAIN_PARAMETERS CKK_DSA
  [6, 2, [0, 1, 2, 3, 4, 5, 6, 7, 8, 125, 126, 127, 128, 129]], // CKO_DOMAIN_PARAMETERS CKK_DH
  [6, 4, [0, 1, 2, 3, 4, 5, 6, 7, 8, 125, 126, 127, 128, 129, 130, 131]], // CKO_DOMAIN_PARAMETERS CKK_X9_42_DH
  [0xb, untyped, [0, 1, 2, 3, 4, 5, 6, 7, 8, 132, 133, 134, 120, 135, 136, 137, 138, 139, 140, 141]], // CKO_TRUST
  [5, 2, [142, 1, 143, 144]], // CKO_HW_FEATURE CKH_CLOCK
  [5, 1, [142, 1, 143, 145, 146, 147]], // CKO_HW_FEATURE CKH_MONOTONIC_COUNTER
  [5, 3, [142, 1, 143, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157]], // CKO_HW_FEATURE CKH_USER_INTERFACE
  [7, untyped, [142, 1, 158]], // CKO_MECHANISM
  [9, untyped, [142, 1, 2, 3, 4, 5, 6, 7, 8, 159]], // CKO_PROFILE
  [0xa, untyped, [142, 1, 2, 3, 4, 5, 6, 7, 8, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170]], // CKO_VALIDATION
];

const presences: Readonly<Record<string, Presence>> = { r: 'required', o: 'optional', f: 'forbidden' };

function unpack(row: Row): AttributeRule {
  const [attribute, letters, marks] = row;
  const presence = (place: number): Presence => presences[letters.charAt(place)] ?? 'optional';
  return Object.freeze({
    attribute,
    type: types.get(attribute) ?? 'bytes',
    create: presence(0),
    generate: presence(1),
    unwrap: presence(2),
    derive: presence(3),
    default: row[3],
    sensitive: marks.includes('s'),
    modifiable: marks.includes('m'),
    copyable: marks.includes('c'),
    sticky: marks.includes('t') ? 'once-true' : marks.includes('f') ? 'once-false' : marks.includes('l') ? 'lowers' : undefined,
    soOnlyTrue: marks.includes('o'),
    readOnly: marks.includes('r'),
  });
}

const key = (objectClass: number, type: number): number => objectClass * 0x1_0000_0000 + type;
let unpacked: readonly AttributeRule[] | undefined;
let places: ReadonlyMap<number, readonly number[]> | undefined;
const cache = new Map<number, ReadonlyMap<number, AttributeRule>>();

/** The type of an attribute's value, or undefined when the standard knows no such attribute. */
export function attributeType(attribute: number): AttributeType | undefined {
  return types.get(attribute);
}

/** How many bytes an attribute's value may have, where its type leaves that open. */
export function attributeMost(attribute: number): number {
  return most.get(attribute) ?? Number.MAX_SAFE_INTEGER;
}

/**
 * The rules for one kind of object, by attribute. Built on first use and kept.
 *
 * @param objectClass CKA_CLASS
 * @param type CKA_KEY_TYPE, CKA_CERTIFICATE_TYPE or CKA_HW_FEATURE_TYPE; ignored for classes that have no such attribute
 * @returns undefined when there is no such kind of object
 */
export function rulesFor(objectClass: number, type?: number): ReadonlyMap<number, AttributeRule> | undefined {
  const known = cache.get(key(objectClass, type ?? untyped)) ?? cache.get(key(objectClass, untyped));
  if (known !== undefined) return known;
  places ??= new Map(sets.map((set) => [key(set[0], set[1]), set[2]]));
  const typed = key(objectClass, type ?? untyped);
  const place = places.has(typed) ? typed : key(objectClass, untyped);
  const indices = places.get(place);
  if (indices === undefined) return undefined;
  unpacked ??= rows().map(unpack);
  const rules = new Map<number, AttributeRule>();
  for (const index of indices) {
    const rule = unpacked[index];
    if (rule !== undefined) rules.set(rule.attribute, rule);
  }
  cache.set(place, rules);
  return rules;
}
