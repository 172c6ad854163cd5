/**
 * The numbers of PKCS#11 3.2. Generated from schema/cryptoki/constants.ts: change it there.
 */

// The version of the standard that these tables follow
export const CRYPTOKI_VERSION_AMENDMENT = 0;
export const CRYPTOKI_VERSION_MINOR = 2;
export const CRYPTOKI_VERSION_MAJOR = 3;

// CK_BBOOL
export const CK_FALSE = 0;
export const CK_TRUE = 1;

// A CK_ULONG that counts or measures
export const CK_EFFECTIVELY_INFINITE = 0;
/** All bits set. A CK_ULONG is a number in the engine, and -1 is its sentinel for this one value. */
export const CK_UNAVAILABLE_INFORMATION = -1;

// CK_SESSION_HANDLE and CK_OBJECT_HANDLE
export const CK_INVALID_HANDLE = 0;

// CK_USER_TYPE
export const CKU_SO = 0;
export const CKU_USER = 1;
export const CKU_CONTEXT_SPECIFIC = 2;

// CK_STATE
export const CKS_RO_PUBLIC_SESSION = 0;
export const CKS_RO_USER_FUNCTIONS = 1;
export const CKS_RW_PUBLIC_SESSION = 2;
export const CKS_RW_USER_FUNCTIONS = 3;
export const CKS_RW_SO_FUNCTIONS = 4;

// The type argument of C_GetSessionValidationFlags
export const CKS_LAST_VALIDATION_OK = 1;

// CK_NOTIFICATION
export const CKN_SURRENDER = 0;
export const CKN_OTP_CHANGED = 1;

// CK_RV
export const CKR_OK = 0;
export const CKR_CANCEL = 1;
export const CKR_HOST_MEMORY = 2;
export const CKR_SLOT_ID_INVALID = 3;
export const CKR_GENERAL_ERROR = 5;
export const CKR_FUNCTION_FAILED = 6;
export const CKR_ARGUMENTS_BAD = 7;
export const CKR_NO_EVENT = 8;
export const CKR_NEED_TO_CREATE_THREADS = 9;
export const CKR_CANT_LOCK = 0xa;
export const CKR_ATTRIBUTE_READ_ONLY = 0x10;
export const CKR_ATTRIBUTE_SENSITIVE = 0x11;
export const CKR_ATTRIBUTE_TYPE_INVALID = 0x12;
export const CKR_ATTRIBUTE_VALUE_INVALID = 0x13;
export const CKR_ACTION_PROHIBITED = 0x1b;
export const CKR_DATA_INVALID = 0x20;
export const CKR_DATA_LEN_RANGE = 0x21;
export const CKR_DEVICE_ERROR = 0x30;
export const CKR_DEVICE_MEMORY = 0x31;
export const CKR_DEVICE_REMOVED = 0x32;
export const CKR_ENCRYPTED_DATA_INVALID = 0x40;
export const CKR_ENCRYPTED_DATA_LEN_RANGE = 0x41;
export const CKR_AEAD_DECRYPT_FAILED = 0x42;
export const CKR_FUNCTION_CANCELED = 0x50;
export const CKR_FUNCTION_NOT_PARALLEL = 0x51;
export const CKR_FUNCTION_NOT_SUPPORTED = 0x54;
export const CKR_KEY_HANDLE_INVALID = 0x60;
export const CKR_KEY_SIZE_RANGE = 0x62;
export const CKR_KEY_TYPE_INCONSISTENT = 0x63;
export const CKR_KEY_NOT_NEEDED = 0x64;
export const CKR_KEY_CHANGED = 0x65;
export const CKR_KEY_NEEDED = 0x66;
export const CKR_KEY_INDIGESTIBLE = 0x67;
export const CKR_KEY_FUNCTION_NOT_PERMITTED = 0x68;
export const CKR_KEY_NOT_WRAPPABLE = 0x69;
export const CKR_KEY_UNEXTRACTABLE = 0x6a;
export const CKR_MECHANISM_INVALID = 0x70;
export const CKR_MECHANISM_PARAM_INVALID = 0x71;
export const CKR_OBJECT_HANDLE_INVALID = 0x82;
export const CKR_OPERATION_ACTIVE = 0x90;
export const CKR_OPERATION_NOT_INITIALIZED = 0x91;
export const CKR_PIN_INCORRECT = 0xa0;
export const CKR_PIN_INVALID = 0xa1;
export const CKR_PIN_LEN_RANGE = 0xa2;
export const CKR_PIN_EXPIRED = 0xa3;
export const CKR_PIN_LOCKED = 0xa4;
export const CKR_SESSION_CLOSED = 0xb0;
export const CKR_SESSION_COUNT = 0xb1;
export const CKR_SESSION_HANDLE_INVALID = 0xb3;
export const CKR_SESSION_PARALLEL_NOT_SUPPORTED = 0xb4;
export const CKR_SESSION_READ_ONLY = 0xb5;
export const CKR_SESSION_EXISTS = 0xb6;
export const CKR_SESSION_READ_ONLY_EXISTS = 0xb7;
export const CKR_SESSION_READ_WRITE_SO_EXISTS = 0xb8;
export const CKR_SIGNATURE_INVALID = 0xc0;
export const CKR_SIGNATURE_LEN_RANGE = 0xc1;
export const CKR_TEMPLATE_INCOMPLETE = 0xd0;
export const CKR_TEMPLATE_INCONSISTENT = 0xd1;
export const CKR_TOKEN_NOT_PRESENT = 0xe0;
export const CKR_TOKEN_NOT_RECOGNIZED = 0xe1;
export const CKR_TOKEN_WRITE_PROTECTED = 0xe2;
export const CKR_UNWRAPPING_KEY_HANDLE_INVALID = 0xf0;
export const CKR_UNWRAPPING_KEY_SIZE_RANGE = 0xf1;
export const CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT = 0xf2;
export const CKR_USER_ALREADY_LOGGED_IN = 0x100;
export const CKR_USER_NOT_LOGGED_IN = 0x101;
export const CKR_USER_PIN_NOT_INITIALIZED = 0x102;
export const CKR_USER_TYPE_INVALID = 0x103;
export const CKR_USER_ANOTHER_ALREADY_LOGGED_IN = 0x104;
export const CKR_USER_TOO_MANY_TYPES = 0x105;
export const CKR_WRAPPED_KEY_INVALID = 0x110;
export const CKR_WRAPPED_KEY_LEN_RANGE = 0x112;
export const CKR_WRAPPING_KEY_HANDLE_INVALID = 0x113;
export const CKR_WRAPPING_KEY_SIZE_RANGE = 0x114;
export const CKR_WRAPPING_KEY_TYPE_INCONSISTENT = 0x115;
export const CKR_RANDOM_SEED_NOT_SUPPORTED = 0x120;
export const CKR_RANDOM_NO_RNG = 0x121;
export const CKR_DOMAIN_PARAMS_INVALID = 0x130;
export const CKR_CURVE_NOT_SUPPORTED = 0x140;
export const CKR_BUFFER_TOO_SMALL = 0x150;
export const CKR_SAVED_STATE_INVALID = 0x160;
export const CKR_INFORMATION_SENSITIVE = 0x170;
export const CKR_STATE_UNSAVEABLE = 0x180;
export const CKR_CRYPTOKI_NOT_INITIALIZED = 0x190;
export const CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;
export const CKR_MUTEX_BAD = 0x1a0;
export const CKR_MUTEX_NOT_LOCKED = 0x1a1;
export const CKR_NEW_PIN_MODE = 0x1b0;
export const CKR_NEXT_OTP = 0x1b1;
export const CKR_EXCEEDED_MAX_ITERATIONS = 0x1b5;
export const CKR_FIPS_SELF_TEST_FAILED = 0x1b6;
export const CKR_LIBRARY_LOAD_FAILED = 0x1b7;
export const CKR_PIN_TOO_WEAK = 0x1b8;
export const CKR_PUBLIC_KEY_INVALID = 0x1b9;
export const CKR_FUNCTION_REJECTED = 0x200;
export const CKR_TOKEN_RESOURCE_EXCEEDED = 0x201;
export const CKR_OPERATION_CANCEL_FAILED = 0x202;
export const CKR_KEY_EXHAUSTED = 0x203;
export const CKR_PENDING = 0x204;
export const CKR_SESSION_ASYNC_NOT_SUPPORTED = 0x205;
export const CKR_SEED_RANDOM_REQUIRED = 0x206;
export const CKR_OPERATION_NOT_VALIDATED = 0x207;
export const CKR_TOKEN_NOT_INITIALIZED = 0x208;
export const CKR_PARAMETER_SET_NOT_SUPPORTED = 0x209;
export const CKR_VENDOR_DEFINED = 0x80000000;

// CKA_CLASS
export const CKO_DATA = 0;
export const CKO_CERTIFICATE = 1;
export const CKO_PUBLIC_KEY = 2;
export const CKO_PRIVATE_KEY = 3;
export const CKO_SECRET_KEY = 4;
export const CKO_HW_FEATURE = 5;
export const CKO_DOMAIN_PARAMETERS = 6;
export const CKO_MECHANISM = 7;
export const CKO_OTP_KEY = 8;
export const CKO_PROFILE = 9;
export const CKO_VALIDATION = 0xa;
export const CKO_TRUST = 0xb;
export const CKO_VENDOR_DEFINED = 0x80000000;

// CKA_KEY_TYPE
export const CKK_RSA = 0;
export const CKK_DSA = 1;
export const CKK_DH = 2;
export const CKK_EC = 3;
/** @deprecated another name of CKK_EC. */
export const CKK_ECDSA = 3;
export const CKK_X9_42_DH = 4;
export const CKK_KEA = 5;
export const CKK_GENERIC_SECRET = 0x10;
export const CKK_RC2 = 0x11;
export const CKK_RC4 = 0x12;
export const CKK_DES = 0x13;
export const CKK_DES2 = 0x14;
export const CKK_DES3 = 0x15;
export const CKK_CAST = 0x16;
export const CKK_CAST3 = 0x17;
export const CKK_CAST128 = 0x18;
/** @deprecated another name of CKK_CAST128. */
export const CKK_CAST5 = 0x18;
export const CKK_RC5 = 0x19;
export const CKK_IDEA = 0x1a;
export const CKK_SKIPJACK = 0x1b;
export const CKK_BATON = 0x1c;
export const CKK_JUNIPER = 0x1d;
export const CKK_CDMF = 0x1e;
export const CKK_AES = 0x1f;
export const CKK_BLOWFISH = 0x20;
export const CKK_TWOFISH = 0x21;
export const CKK_SECURID = 0x22;
export const CKK_HOTP = 0x23;
export const CKK_ACTI = 0x24;
export const CKK_CAMELLIA = 0x25;
export const CKK_ARIA = 0x26;
export const CKK_MD5_HMAC = 0x27;
export const CKK_SHA_1_HMAC = 0x28;
export const CKK_RIPEMD128_HMAC = 0x29;
export const CKK_RIPEMD160_HMAC = 0x2a;
export const CKK_SHA256_HMAC = 0x2b;
export const CKK_SHA384_HMAC = 0x2c;
export const CKK_SHA512_HMAC = 0x2d;
export const CKK_SHA224_HMAC = 0x2e;
export const CKK_SEED = 0x2f;
export const CKK_GOSTR3410 = 0x30;
export const CKK_GOSTR3411 = 0x31;
export const CKK_GOST28147 = 0x32;
export const CKK_CHACHA20 = 0x33;
export const CKK_POLY1305 = 0x34;
export const CKK_AES_XTS = 0x35;
export const CKK_SHA3_224_HMAC = 0x36;
export const CKK_SHA3_256_HMAC = 0x37;
export const CKK_SHA3_384_HMAC = 0x38;
export const CKK_SHA3_512_HMAC = 0x39;
export const CKK_BLAKE2B_160_HMAC = 0x3a;
export const CKK_BLAKE2B_256_HMAC = 0x3b;
export const CKK_BLAKE2B_384_HMAC = 0x3c;
export const CKK_BLAKE2B_512_HMAC = 0x3d;
export const CKK_SALSA20 = 0x3e;
export const CKK_X2RATCHET = 0x3f;
export const CKK_EC_EDWARDS = 0x40;
export const CKK_EC_MONTGOMERY = 0x41;
export const CKK_HKDF = 0x42;
export const CKK_SHA512_224_HMAC = 0x43;
export const CKK_SHA512_256_HMAC = 0x44;
export const CKK_SHA512_T_HMAC = 0x45;
export const CKK_HSS = 0x46;
export const CKK_XMSS = 0x47;
export const CKK_XMSSMT = 0x48;
export const CKK_ML_KEM = 0x49;
export const CKK_ML_DSA = 0x4a;
export const CKK_SLH_DSA = 0x4b;
export const CKK_VENDOR_DEFINED = 0x80000000;

// CKA_CERTIFICATE_TYPE
export const CKC_X_509 = 0;
export const CKC_X_509_ATTR_CERT = 1;
export const CKC_WTLS = 2;
export const CKC_VENDOR_DEFINED = 0x80000000;

// CKA_CERTIFICATE_CATEGORY
export const CK_CERTIFICATE_CATEGORY_UNSPECIFIED = 0;
export const CK_CERTIFICATE_CATEGORY_TOKEN_USER = 1;
export const CK_CERTIFICATE_CATEGORY_AUTHORITY = 2;
export const CK_CERTIFICATE_CATEGORY_OTHER_ENTITY = 3;

// CKA_JAVA_MIDP_SECURITY_DOMAIN
export const CK_SECURITY_DOMAIN_UNSPECIFIED = 0;
export const CK_SECURITY_DOMAIN_MANUFACTURER = 1;
export const CK_SECURITY_DOMAIN_OPERATOR = 2;
export const CK_SECURITY_DOMAIN_THIRD_PARTY = 3;

// CKA_HW_FEATURE_TYPE
export const CKH_MONOTONIC_COUNTER = 1;
export const CKH_CLOCK = 2;
export const CKH_USER_INTERFACE = 3;
export const CKH_VENDOR_DEFINED = 0x80000000;

// CKA_PROFILE_ID
export const CKP_INVALID_ID = 0;
export const CKP_BASELINE_PROVIDER = 1;
export const CKP_EXTENDED_PROVIDER = 2;
export const CKP_AUTHENTICATION_TOKEN = 3;
export const CKP_PUBLIC_CERTIFICATES_TOKEN = 4;
export const CKP_COMPLETE_PROVIDER = 5;
export const CKP_HKDF_TLS_TOKEN = 6;
export const CKP_VENDOR_DEFINED = 0x80000000;

// CKA_PARAMETER_SET of a CKK_ML_DSA key (FIPS 204)
export const CKP_ML_DSA_44 = 1;
export const CKP_ML_DSA_65 = 2;
export const CKP_ML_DSA_87 = 3;

// CKA_PARAMETER_SET of a CKK_SLH_DSA key (FIPS 205)
export const CKP_SLH_DSA_SHA2_128S = 1;
export const CKP_SLH_DSA_SHAKE_128S = 2;
export const CKP_SLH_DSA_SHA2_128F = 3;
export const CKP_SLH_DSA_SHAKE_128F = 4;
export const CKP_SLH_DSA_SHA2_192S = 5;
export const CKP_SLH_DSA_SHAKE_192S = 6;
export const CKP_SLH_DSA_SHA2_192F = 7;
export const CKP_SLH_DSA_SHAKE_192F = 8;
export const CKP_SLH_DSA_SHA2_256S = 9;
export const CKP_SLH_DSA_SHAKE_256S = 0xa;
export const CKP_SLH_DSA_SHA2_256F = 0xb;
export const CKP_SLH_DSA_SHAKE_256F = 0xc;

// CKA_PARAMETER_SET of a CKK_ML_KEM key (FIPS 203)
export const CKP_ML_KEM_512 = 1;
export const CKP_ML_KEM_768 = 2;
export const CKP_ML_KEM_1024 = 3;

// The CKA_TRUST_... attributes of a trust object
export const CKT_TRUST_UNKNOWN = 0;
export const CKT_TRUSTED = 1;
export const CKT_TRUST_ANCHOR = 2;
export const CKT_NOT_TRUSTED = 3;
export const CKT_TRUST_MUST_VERIFY_TRUST = 4;

// CKA_VALIDATION_TYPE
export const CKV_TYPE_UNSPECIFIED = 0;
export const CKV_TYPE_SOFTWARE = 1;
export const CKV_TYPE_HARDWARE = 2;
export const CKV_TYPE_FIRMWARE = 3;
export const CKV_TYPE_HYBRID = 4;

// CKA_VALIDATION_AUTHORITY_TYPE
export const CKV_AUTHORITY_TYPE_UNSPECIFIED = 0;
export const CKV_AUTHORITY_TYPE_NIST_CMVP = 1;
export const CKV_AUTHORITY_TYPE_COMMON_CRITERIA = 2;

// CKA_OTP_FORMAT
export const CK_OTP_FORMAT_DECIMAL = 0;
export const CK_OTP_FORMAT_HEXADECIMAL = 1;
export const CK_OTP_FORMAT_ALPHANUMERIC = 2;
export const CK_OTP_FORMAT_BINARY = 3;

// CKA_OTP_..._REQUIREMENT
export const CK_OTP_PARAM_IGNORED = 0;
export const CK_OTP_PARAM_OPTIONAL = 1;
export const CK_OTP_PARAM_MANDATORY = 2;

// CKA_STRONGROOM_STATE
export const CK_STRONGROOM_STATE_PRE_ACTIVATION = 1;
export const CK_STRONGROOM_STATE_ACTIVE = 2;
export const CK_STRONGROOM_STATE_SUSPENDED = 3;
export const CK_STRONGROOM_STATE_DEACTIVATED = 4;
export const CK_STRONGROOM_STATE_COMPROMISED = 5;
export const CK_STRONGROOM_STATE_DESTROYED = 6;

// CK_ATTRIBUTE_TYPE
export const CKA_CLASS = 0;
export const CKA_TOKEN = 1;
export const CKA_PRIVATE = 2;
export const CKA_LABEL = 3;
export const CKA_UNIQUE_ID = 4;
export const CKA_APPLICATION = 0x10;
export const CKA_VALUE = 0x11;
export const CKA_OBJECT_ID = 0x12;
export const CKA_CERTIFICATE_TYPE = 0x80;
export const CKA_ISSUER = 0x81;
export const CKA_SERIAL_NUMBER = 0x82;
export const CKA_AC_ISSUER = 0x83;
export const CKA_OWNER = 0x84;
export const CKA_ATTR_TYPES = 0x85;
export const CKA_TRUSTED = 0x86;
export const CKA_CERTIFICATE_CATEGORY = 0x87;
export const CKA_JAVA_MIDP_SECURITY_DOMAIN = 0x88;
export const CKA_URL = 0x89;
export const CKA_HASH_OF_SUBJECT_PUBLIC_KEY = 0x8a;
export const CKA_HASH_OF_ISSUER_PUBLIC_KEY = 0x8b;
export const CKA_NAME_HASH_ALGORITHM = 0x8c;
export const CKA_CHECK_VALUE = 0x90;
export const CKA_KEY_TYPE = 0x100;
export const CKA_SUBJECT = 0x101;
export const CKA_ID = 0x102;
export const CKA_SENSITIVE = 0x103;
export const CKA_ENCRYPT = 0x104;
export const CKA_DECRYPT = 0x105;
export const CKA_WRAP = 0x106;
export const CKA_UNWRAP = 0x107;
export const CKA_SIGN = 0x108;
export const CKA_SIGN_RECOVER = 0x109;
export const CKA_VERIFY = 0x10a;
export const CKA_VERIFY_RECOVER = 0x10b;
export const CKA_DERIVE = 0x10c;
export const CKA_START_DATE = 0x110;
export const CKA_END_DATE = 0x111;
export const CKA_MODULUS = 0x120;
export const CKA_MODULUS_BITS = 0x121;
export const CKA_PUBLIC_EXPONENT = 0x122;
export const CKA_PRIVATE_EXPONENT = 0x123;
export const CKA_PRIME_1 = 0x124;
export const CKA_PRIME_2 = 0x125;
export const CKA_EXPONENT_1 = 0x126;
export const CKA_EXPONENT_2 = 0x127;
export const CKA_COEFFICIENT = 0x128;
export const CKA_PUBLIC_KEY_INFO = 0x129;
export const CKA_PRIME = 0x130;
export const CKA_SUBPRIME = 0x131;
export const CKA_BASE = 0x132;
export const CKA_PRIME_BITS = 0x133;
export const CKA_SUBPRIME_BITS = 0x134;
/** @deprecated another name of CKA_SUBPRIME_BITS. */
export const CKA_SUB_PRIME_BITS = 0x134;
export const CKA_VALUE_BITS = 0x160;
export const CKA_VALUE_LEN = 0x161;
export const CKA_EXTRACTABLE = 0x162;
export const CKA_LOCAL = 0x163;
export const CKA_NEVER_EXTRACTABLE = 0x164;
export const CKA_ALWAYS_SENSITIVE = 0x165;
export const CKA_KEY_GEN_MECHANISM = 0x166;
export const CKA_MODIFIABLE = 0x170;
export const CKA_COPYABLE = 0x171;
export const CKA_DESTROYABLE = 0x172;
export const CKA_EC_PARAMS = 0x180;
/** @deprecated another name of CKA_EC_PARAMS. */
export const CKA_ECDSA_PARAMS = 0x180;
export const CKA_EC_POINT = 0x181;
/** @deprecated by the standard. */
export const CKA_SECONDARY_AUTH = 0x200;
/** @deprecated by the standard. */
export const CKA_AUTH_PIN_FLAGS = 0x201;
export const CKA_ALWAYS_AUTHENTICATE = 0x202;
export const CKA_WRAP_WITH_TRUSTED = 0x210;
export const CKA_OTP_FORMAT = 0x220;
export const CKA_OTP_LENGTH = 0x221;
export const CKA_OTP_TIME_INTERVAL = 0x222;
export const CKA_OTP_USER_FRIENDLY_MODE = 0x223;
export const CKA_OTP_CHALLENGE_REQUIREMENT = 0x224;
export const CKA_OTP_TIME_REQUIREMENT = 0x225;
export const CKA_OTP_COUNTER_REQUIREMENT = 0x226;
export const CKA_OTP_PIN_REQUIREMENT = 0x227;
export const CKA_OTP_USER_IDENTIFIER = 0x22a;
export const CKA_OTP_SERVICE_IDENTIFIER = 0x22b;
export const CKA_OTP_SERVICE_LOGO = 0x22c;
export const CKA_OTP_SERVICE_LOGO_TYPE = 0x22d;
export const CKA_OTP_COUNTER = 0x22e;
export const CKA_OTP_TIME = 0x22f;
export const CKA_GOSTR3410_PARAMS = 0x250;
export const CKA_GOSTR3411_PARAMS = 0x251;
export const CKA_GOST28147_PARAMS = 0x252;
export const CKA_HW_FEATURE_TYPE = 0x300;
export const CKA_RESET_ON_INIT = 0x301;
export const CKA_HAS_RESET = 0x302;
export const CKA_PIXEL_X = 0x400;
export const CKA_PIXEL_Y = 0x401;
export const CKA_RESOLUTION = 0x402;
export const CKA_CHAR_ROWS = 0x403;
export const CKA_CHAR_COLUMNS = 0x404;
export const CKA_COLOR = 0x405;
export const CKA_BITS_PER_PIXEL = 0x406;
export const CKA_CHAR_SETS = 0x480;
export const CKA_ENCODING_METHODS = 0x481;
export const CKA_MIME_TYPES = 0x482;
export const CKA_MECHANISM_TYPE = 0x500;
export const CKA_REQUIRED_CMS_ATTRIBUTES = 0x501;
export const CKA_DEFAULT_CMS_ATTRIBUTES = 0x502;
export const CKA_SUPPORTED_CMS_ATTRIBUTES = 0x503;
export const CKA_PROFILE_ID = 0x601;
export const CKA_X2RATCHET_BAG = 0x602;
export const CKA_X2RATCHET_BAGSIZE = 0x603;
export const CKA_X2RATCHET_BOBS1STMSG = 0x604;
export const CKA_X2RATCHET_CKR = 0x605;
export const CKA_X2RATCHET_CKS = 0x606;
export const CKA_X2RATCHET_DHP = 0x607;
export const CKA_X2RATCHET_DHR = 0x608;
export const CKA_X2RATCHET_DHS = 0x609;
export const CKA_X2RATCHET_HKR = 0x60a;
export const CKA_X2RATCHET_HKS = 0x60b;
export const CKA_X2RATCHET_ISALICE = 0x60c;
export const CKA_X2RATCHET_NHKR = 0x60d;
export const CKA_X2RATCHET_NHKS = 0x60e;
export const CKA_X2RATCHET_NR = 0x60f;
export const CKA_X2RATCHET_NS = 0x610;
export const CKA_X2RATCHET_PNS = 0x611;
export const CKA_X2RATCHET_RK = 0x612;
export const CKA_HSS_LEVELS = 0x617;
export const CKA_HSS_LMS_TYPE = 0x618;
export const CKA_HSS_LMOTS_TYPE = 0x619;
export const CKA_HSS_LMS_TYPES = 0x61a;
export const CKA_HSS_LMOTS_TYPES = 0x61b;
export const CKA_HSS_KEYS_REMAINING = 0x61c;
export const CKA_PARAMETER_SET = 0x61d;
export const CKA_OBJECT_VALIDATION_FLAGS = 0x61e;
export const CKA_VALIDATION_TYPE = 0x61f;
export const CKA_VALIDATION_VERSION = 0x620;
export const CKA_VALIDATION_LEVEL = 0x621;
export const CKA_VALIDATION_MODULE_ID = 0x622;
export const CKA_VALIDATION_FLAG = 0x623;
export const CKA_VALIDATION_AUTHORITY_TYPE = 0x624;
export const CKA_VALIDATION_COUNTRY = 0x625;
export const CKA_VALIDATION_CERTIFICATE_IDENTIFIER = 0x626;
export const CKA_VALIDATION_CERTIFICATE_URI = 0x627;
export const CKA_VALIDATION_VENDOR_URI = 0x628;
export const CKA_VALIDATION_PROFILE = 0x629;
export const CKA_ENCAPSULATE_TEMPLATE = 0x62a;
export const CKA_DECAPSULATE_TEMPLATE = 0x62b;
export const CKA_TRUST_SERVER_AUTH = 0x62c;
export const CKA_TRUST_CLIENT_AUTH = 0x62d;
export const CKA_TRUST_CODE_SIGNING = 0x62e;
export const CKA_TRUST_EMAIL_PROTECTION = 0x62f;
export const CKA_TRUST_IPSEC_IKE = 0x630;
export const CKA_TRUST_TIME_STAMPING = 0x631;
export const CKA_TRUST_OCSP_SIGNING = 0x632;
export const CKA_ENCAPSULATE = 0x633;
export const CKA_DECAPSULATE = 0x634;
export const CKA_HASH_OF_CERTIFICATE = 0x635;
export const CKA_PUBLIC_CRC64_VALUE = 0x636;
export const CKA_SEED = 0x637;
export const CKA_WRAP_TEMPLATE = 0x40000211;
export const CKA_UNWRAP_TEMPLATE = 0x40000212;
export const CKA_DERIVE_TEMPLATE = 0x40000213;
export const CKA_ALLOWED_MECHANISMS = 0x40000600;
export const CKA_VENDOR_DEFINED = 0x80000000;
export const CKA_STRONGROOM_TAG = 0x80005301;
export const CKA_STRONGROOM_STATE = 0x80005310;
export const CKA_STRONGROOM_STATE_REASON = 0x80005311;
export const CKA_STRONGROOM_STATE_TIME = 0x80005312;
export const CKA_STRONGROOM_STATE_SET = 0x80005313;
export const CKA_STRONGROOM_STATE_SETTER = 0x80005314;
export const CKA_STRONGROOM_STATE_SET_TIME = 0x80005315;
export const CKA_STRONGROOM_ACTIVATION_TIME = 0x80005316;
export const CKA_STRONGROOM_DEACTIVATION_TIME = 0x80005317;
export const CKA_STRONGROOM_COMPROMISE_TIME = 0x80005318;
export const CKA_STRONGROOM_SUCCESSOR = 0x80005319;
export const CKA_STRONGROOM_PREDECESSOR = 0x8000531a;
export const CKA_STRONGROOM_USES = 0x80005320;
export const CKA_STRONGROOM_USE_LIMIT = 0x80005321;
export const CKA_STRONGROOM_BYTES = 0x80005322;
export const CKA_STRONGROOM_BYTE_LIMIT = 0x80005323;
export const CKA_STRONGROOM_GCM_INVOCATIONS = 0x80005324;
export const CKA_STRONGROOM_GCM_LIMIT = 0x80005325;
export const CKA_STRONGROOM_TOKEN_IV_ONLY = 0x80005326;
export const CKA_STRONGROOM_IV_REUSE_CHECK = 0x80005327;
export const CKA_STRONGROOM_ROTATE_EVERY = 0x80005330;
export const CKA_STRONGROOM_ROTATE_TIME = 0x80005331;
export const CKA_STRONGROOM_FORMER_LABEL = 0x80005332;
export const CKA_STRONGROOM_ROTATION_DUE = 0x80005333;

// CK_MECHANISM_TYPE
export const CKM_RSA_PKCS_KEY_PAIR_GEN = 0;
export const CKM_RSA_PKCS = 1;
export const CKM_RSA_9796 = 2;
export const CKM_RSA_X_509 = 3;
export const CKM_MD2_RSA_PKCS = 4;
export const CKM_MD5_RSA_PKCS = 5;
export const CKM_SHA1_RSA_PKCS = 6;
export const CKM_RIPEMD128_RSA_PKCS = 7;
export const CKM_RIPEMD160_RSA_PKCS = 8;
export const CKM_RSA_PKCS_OAEP = 9;
export const CKM_RSA_X9_31_KEY_PAIR_GEN = 0xa;
export const CKM_RSA_X9_31 = 0xb;
export const CKM_SHA1_RSA_X9_31 = 0xc;
export const CKM_RSA_PKCS_PSS = 0xd;
export const CKM_SHA1_RSA_PKCS_PSS = 0xe;
export const CKM_ML_KEM_KEY_PAIR_GEN = 0xf;
export const CKM_DSA_KEY_PAIR_GEN = 0x10;
export const CKM_DSA = 0x11;
export const CKM_DSA_SHA1 = 0x12;
export const CKM_DSA_SHA224 = 0x13;
export const CKM_DSA_SHA256 = 0x14;
export const CKM_DSA_SHA384 = 0x15;
export const CKM_DSA_SHA512 = 0x16;
export const CKM_ML_KEM = 0x17;
export const CKM_DSA_SHA3_224 = 0x18;
export const CKM_DSA_SHA3_256 = 0x19;
export const CKM_DSA_SHA3_384 = 0x1a;
export const CKM_DSA_SHA3_512 = 0x1b;
export const CKM_ML_DSA_KEY_PAIR_GEN = 0x1c;
export const CKM_ML_DSA = 0x1d;
export const CKM_HASH_ML_DSA = 0x1f;
export const CKM_DH_PKCS_KEY_PAIR_GEN = 0x20;
export const CKM_DH_PKCS_DERIVE = 0x21;
export const CKM_HASH_ML_DSA_SHA224 = 0x23;
export const CKM_HASH_ML_DSA_SHA256 = 0x24;
export const CKM_HASH_ML_DSA_SHA384 = 0x25;
export const CKM_HASH_ML_DSA_SHA512 = 0x26;
export const CKM_HASH_ML_DSA_SHA3_224 = 0x27;
export const CKM_HASH_ML_DSA_SHA3_256 = 0x28;
export const CKM_HASH_ML_DSA_SHA3_384 = 0x29;
export const CKM_HASH_ML_DSA_SHA3_512 = 0x2a;
export const CKM_HASH_ML_DSA_SHAKE128 = 0x2b;
export const CKM_HASH_ML_DSA_SHAKE256 = 0x2c;
export const CKM_SLH_DSA_KEY_PAIR_GEN = 0x2d;
export const CKM_SLH_DSA = 0x2e;
export const CKM_X9_42_DH_KEY_PAIR_GEN = 0x30;
export const CKM_X9_42_DH_DERIVE = 0x31;
export const CKM_X9_42_DH_HYBRID_DERIVE = 0x32;
export const CKM_X9_42_MQV_DERIVE = 0x33;
export const CKM_HASH_SLH_DSA = 0x34;
export const CKM_HASH_SLH_DSA_SHA224 = 0x36;
export const CKM_HASH_SLH_DSA_SHA256 = 0x37;
export const CKM_HASH_SLH_DSA_SHA384 = 0x38;
export const CKM_HASH_SLH_DSA_SHA512 = 0x39;
export const CKM_HASH_SLH_DSA_SHA3_224 = 0x3a;
export const CKM_HASH_SLH_DSA_SHA3_256 = 0x3b;
export const CKM_HASH_SLH_DSA_SHA3_384 = 0x3c;
export const CKM_HASH_SLH_DSA_SHA3_512 = 0x3d;
export const CKM_HASH_SLH_DSA_SHAKE128 = 0x3e;
export const CKM_HASH_SLH_DSA_SHAKE256 = 0x3f;
export const CKM_SHA256_RSA_PKCS = 0x40;
export const CKM_SHA384_RSA_PKCS = 0x41;
export const CKM_SHA512_RSA_PKCS = 0x42;
export const CKM_SHA256_RSA_PKCS_PSS = 0x43;
export const CKM_SHA384_RSA_PKCS_PSS = 0x44;
export const CKM_SHA512_RSA_PKCS_PSS = 0x45;
export const CKM_SHA224_RSA_PKCS = 0x46;
export const CKM_SHA224_RSA_PKCS_PSS = 0x47;
export const CKM_SHA512_224 = 0x48;
export const CKM_SHA512_224_HMAC = 0x49;
export const CKM_SHA512_224_HMAC_GENERAL = 0x4a;
export const CKM_SHA512_224_KEY_DERIVATION = 0x4b;
export const CKM_SHA512_256 = 0x4c;
export const CKM_SHA512_256_HMAC = 0x4d;
export const CKM_SHA512_256_HMAC_GENERAL = 0x4e;
export const CKM_SHA512_256_KEY_DERIVATION = 0x4f;
export const CKM_SHA512_T = 0x50;
export const CKM_SHA512_T_HMAC = 0x51;
export const CKM_SHA512_T_HMAC_GENERAL = 0x52;
export const CKM_SHA512_T_KEY_DERIVATION = 0x53;
export const CKM_TLS12_EXTENDED_MASTER_KEY_DERIVE = 0x56;
export const CKM_TLS12_EXTENDED_MASTER_KEY_DERIVE_DH = 0x57;
export const CKM_SHA3_256_RSA_PKCS = 0x60;
export const CKM_SHA3_384_RSA_PKCS = 0x61;
export const CKM_SHA3_512_RSA_PKCS = 0x62;
export const CKM_SHA3_256_RSA_PKCS_PSS = 0x63;
export const CKM_SHA3_384_RSA_PKCS_PSS = 0x64;
export const CKM_SHA3_512_RSA_PKCS_PSS = 0x65;
export const CKM_SHA3_224_RSA_PKCS = 0x66;
export const CKM_SHA3_224_RSA_PKCS_PSS = 0x67;
export const CKM_RC2_KEY_GEN = 0x100;
export const CKM_RC2_ECB = 0x101;
export const CKM_RC2_CBC = 0x102;
export const CKM_RC2_MAC = 0x103;
export const CKM_RC2_MAC_GENERAL = 0x104;
export const CKM_RC2_CBC_PAD = 0x105;
export const CKM_RC4_KEY_GEN = 0x110;
export const CKM_RC4 = 0x111;
export const CKM_DES_KEY_GEN = 0x120;
export const CKM_DES_ECB = 0x121;
export const CKM_DES_CBC = 0x122;
export const CKM_DES_MAC = 0x123;
export const CKM_DES_MAC_GENERAL = 0x124;
export const CKM_DES_CBC_PAD = 0x125;
export const CKM_DES2_KEY_GEN = 0x130;
export const CKM_DES3_KEY_GEN = 0x131;
export const CKM_DES3_ECB = 0x132;
export const CKM_DES3_CBC = 0x133;
export const CKM_DES3_MAC = 0x134;
export const CKM_DES3_MAC_GENERAL = 0x135;
export const CKM_DES3_CBC_PAD = 0x136;
export const CKM_DES3_CMAC_GENERAL = 0x137;
export const CKM_DES3_CMAC = 0x138;
export const CKM_CDMF_KEY_GEN = 0x140;
export const CKM_CDMF_ECB = 0x141;
export const CKM_CDMF_CBC = 0x142;
export const CKM_CDMF_MAC = 0x143;
export const CKM_CDMF_MAC_GENERAL = 0x144;
export const CKM_CDMF_CBC_PAD = 0x145;
export const CKM_DES_OFB64 = 0x150;
export const CKM_DES_OFB8 = 0x151;
export const CKM_DES_CFB64 = 0x152;
export const CKM_DES_CFB8 = 0x153;
export const CKM_MD2 = 0x200;
export const CKM_MD2_HMAC = 0x201;
export const CKM_MD2_HMAC_GENERAL = 0x202;
export const CKM_MD5 = 0x210;
export const CKM_MD5_HMAC = 0x211;
export const CKM_MD5_HMAC_GENERAL = 0x212;
export const CKM_SHA_1 = 0x220;
export const CKM_SHA_1_HMAC = 0x221;
export const CKM_SHA_1_HMAC_GENERAL = 0x222;
export const CKM_RIPEMD128 = 0x230;
export const CKM_RIPEMD128_HMAC = 0x231;
export const CKM_RIPEMD128_HMAC_GENERAL = 0x232;
export const CKM_RIPEMD160 = 0x240;
export const CKM_RIPEMD160_HMAC = 0x241;
export const CKM_RIPEMD160_HMAC_GENERAL = 0x242;
export const CKM_SHA256 = 0x250;
export const CKM_SHA256_HMAC = 0x251;
export const CKM_SHA256_HMAC_GENERAL = 0x252;
export const CKM_SHA224 = 0x255;
export const CKM_SHA224_HMAC = 0x256;
export const CKM_SHA224_HMAC_GENERAL = 0x257;
export const CKM_SHA384 = 0x260;
export const CKM_SHA384_HMAC = 0x261;
export const CKM_SHA384_HMAC_GENERAL = 0x262;
export const CKM_SHA512 = 0x270;
export const CKM_SHA512_HMAC = 0x271;
export const CKM_SHA512_HMAC_GENERAL = 0x272;
export const CKM_SECURID_KEY_GEN = 0x280;
export const CKM_SECURID = 0x282;
export const CKM_HOTP_KEY_GEN = 0x290;
export const CKM_HOTP = 0x291;
export const CKM_ACTI = 0x2a0;
export const CKM_ACTI_KEY_GEN = 0x2a1;
export const CKM_SHA3_256 = 0x2b0;
export const CKM_SHA3_256_HMAC = 0x2b1;
export const CKM_SHA3_256_HMAC_GENERAL = 0x2b2;
export const CKM_SHA3_256_KEY_GEN = 0x2b3;
export const CKM_SHA3_224 = 0x2b5;
export const CKM_SHA3_224_HMAC = 0x2b6;
export const CKM_SHA3_224_HMAC_GENERAL = 0x2b7;
export const CKM_SHA3_224_KEY_GEN = 0x2b8;
export const CKM_SHA3_384 = 0x2c0;
export const CKM_SHA3_384_HMAC = 0x2c1;
export const CKM_SHA3_384_HMAC_GENERAL = 0x2c2;
export const CKM_SHA3_384_KEY_GEN = 0x2c3;
export const CKM_SHA3_512 = 0x2d0;
export const CKM_SHA3_512_HMAC = 0x2d1;
export const CKM_SHA3_512_HMAC_GENERAL = 0x2d2;
export const CKM_SHA3_512_KEY_GEN = 0x2d3;
export const CKM_CAST_KEY_GEN = 0x300;
export const CKM_CAST_ECB = 0x301;
export const CKM_CAST_CBC = 0x302;
export const CKM_CAST_MAC = 0x303;
export const CKM_CAST_MAC_GENERAL = 0x304;
export const CKM_CAST_CBC_PAD = 0x305;
export const CKM_CAST3_KEY_GEN = 0x310;
export const CKM_CAST3_ECB = 0x311;
export const CKM_CAST3_CBC = 0x312;
export const CKM_CAST3_MAC = 0x313;
export const CKM_CAST3_MAC_GENERAL = 0x314;
export const CKM_CAST3_CBC_PAD = 0x315;
export const CKM_CAST128_KEY_GEN = 0x320;
/** @deprecated another name of CKM_CAST128_KEY_GEN. */
export const CKM_CAST5_KEY_GEN = 0x320;
export const CKM_CAST128_ECB = 0x321;
/** @deprecated another name of CKM_CAST128_ECB. */
export const CKM_CAST5_ECB = 0x321;
export const CKM_CAST128_CBC = 0x322;
/** @deprecated another name of CKM_CAST128_CBC. */
export const CKM_CAST5_CBC = 0x322;
export const CKM_CAST128_MAC = 0x323;
/** @deprecated another name of CKM_CAST128_MAC. */
export const CKM_CAST5_MAC = 0x323;
export const CKM_CAST128_MAC_GENERAL = 0x324;
/** @deprecated another name of CKM_CAST128_MAC_GENERAL. */
export const CKM_CAST5_MAC_GENERAL = 0x324;
export const CKM_CAST128_CBC_PAD = 0x325;
/** @deprecated another name of CKM_CAST128_CBC_PAD. */
export const CKM_CAST5_CBC_PAD = 0x325;
export const CKM_RC5_KEY_GEN = 0x330;
export const CKM_RC5_ECB = 0x331;
export const CKM_RC5_CBC = 0x332;
export const CKM_RC5_MAC = 0x333;
export const CKM_RC5_MAC_GENERAL = 0x334;
export const CKM_RC5_CBC_PAD = 0x335;
export const CKM_IDEA_KEY_GEN = 0x340;
export const CKM_IDEA_ECB = 0x341;
export const CKM_IDEA_CBC = 0x342;
export const CKM_IDEA_MAC = 0x343;
export const CKM_IDEA_MAC_GENERAL = 0x344;
export const CKM_IDEA_CBC_PAD = 0x345;
export const CKM_GENERIC_SECRET_KEY_GEN = 0x350;
export const CKM_CONCATENATE_BASE_AND_KEY = 0x360;
export const CKM_CONCATENATE_BASE_AND_DATA = 0x362;
export const CKM_CONCATENATE_DATA_AND_BASE = 0x363;
export const CKM_XOR_BASE_AND_DATA = 0x364;
export const CKM_EXTRACT_KEY_FROM_KEY = 0x365;
export const CKM_SSL3_PRE_MASTER_KEY_GEN = 0x370;
export const CKM_SSL3_MASTER_KEY_DERIVE = 0x371;
export const CKM_SSL3_KEY_AND_MAC_DERIVE = 0x372;
export const CKM_SSL3_MASTER_KEY_DERIVE_DH = 0x373;
export const CKM_TLS_PRE_MASTER_KEY_GEN = 0x374;
export const CKM_TLS_MASTER_KEY_DERIVE = 0x375;
export const CKM_TLS_KEY_AND_MAC_DERIVE = 0x376;
export const CKM_TLS_MASTER_KEY_DERIVE_DH = 0x377;
export const CKM_TLS_PRF = 0x378;
export const CKM_SSL3_MD5_MAC = 0x380;
export const CKM_SSL3_SHA1_MAC = 0x381;
export const CKM_MD5_KEY_DERIVATION = 0x390;
export const CKM_MD2_KEY_DERIVATION = 0x391;
export const CKM_SHA1_KEY_DERIVATION = 0x392;
export const CKM_SHA256_KEY_DERIVATION = 0x393;
export const CKM_SHA384_KEY_DERIVATION = 0x394;
export const CKM_SHA512_KEY_DERIVATION = 0x395;
export const CKM_SHA224_KEY_DERIVATION = 0x396;
export const CKM_SHA3_256_KEY_DERIVATION = 0x397;
/** @deprecated another name of CKM_SHA3_256_KEY_DERIVATION. */
export const CKM_SHA3_256_KEY_DERIVE = 0x397;
export const CKM_SHA3_224_KEY_DERIVATION = 0x398;
/** @deprecated another name of CKM_SHA3_224_KEY_DERIVATION. */
export const CKM_SHA3_224_KEY_DERIVE = 0x398;
export const CKM_SHA3_384_KEY_DERIVATION = 0x399;
/** @deprecated another name of CKM_SHA3_384_KEY_DERIVATION. */
export const CKM_SHA3_384_KEY_DERIVE = 0x399;
export const CKM_SHA3_512_KEY_DERIVATION = 0x39a;
/** @deprecated another name of CKM_SHA3_512_KEY_DERIVATION. */
export const CKM_SHA3_512_KEY_DERIVE = 0x39a;
export const CKM_SHAKE_128_KEY_DERIVATION = 0x39b;
/** @deprecated another name of CKM_SHAKE_128_KEY_DERIVATION. */
export const CKM_SHAKE_128_KEY_DERIVE = 0x39b;
export const CKM_SHAKE_256_KEY_DERIVATION = 0x39c;
/** @deprecated another name of CKM_SHAKE_256_KEY_DERIVATION. */
export const CKM_SHAKE_256_KEY_DERIVE = 0x39c;
export const CKM_PBE_MD2_DES_CBC = 0x3a0;
export const CKM_PBE_MD5_DES_CBC = 0x3a1;
export const CKM_PBE_MD5_CAST_CBC = 0x3a2;
export const CKM_PBE_MD5_CAST3_CBC = 0x3a3;
export const CKM_PBE_MD5_CAST128_CBC = 0x3a4;
/** @deprecated another name of CKM_PBE_MD5_CAST128_CBC. */
export const CKM_PBE_MD5_CAST5_CBC = 0x3a4;
export const CKM_PBE_SHA1_CAST128_CBC = 0x3a5;
/** @deprecated another name of CKM_PBE_SHA1_CAST128_CBC. */
export const CKM_PBE_SHA1_CAST5_CBC = 0x3a5;
export const CKM_PBE_SHA1_RC4_128 = 0x3a6;
export const CKM_PBE_SHA1_RC4_40 = 0x3a7;
export const CKM_PBE_SHA1_DES3_EDE_CBC = 0x3a8;
export const CKM_PBE_SHA1_DES2_EDE_CBC = 0x3a9;
export const CKM_PBE_SHA1_RC2_128_CBC = 0x3aa;
export const CKM_PBE_SHA1_RC2_40_CBC = 0x3ab;
export const CKM_SP800_108_COUNTER_KDF = 0x3ac;
export const CKM_SP800_108_FEEDBACK_KDF = 0x3ad;
export const CKM_SP800_108_DOUBLE_PIPELINE_KDF = 0x3ae;
export const CKM_PKCS5_PBKD2 = 0x3b0;
export const CKM_PBA_SHA1_WITH_SHA1_HMAC = 0x3c0;
export const CKM_WTLS_PRE_MASTER_KEY_GEN = 0x3d0;
export const CKM_WTLS_MASTER_KEY_DERIVE = 0x3d1;
export const CKM_WTLS_MASTER_KEY_DERIVE_DH_ECC = 0x3d2;
export const CKM_WTLS_PRF = 0x3d3;
export const CKM_WTLS_SERVER_KEY_AND_MAC_DERIVE = 0x3d4;
export const CKM_WTLS_CLIENT_KEY_AND_MAC_DERIVE = 0x3d5;
export const CKM_TLS10_MAC_SERVER = 0x3d6;
export const CKM_TLS10_MAC_CLIENT = 0x3d7;
export const CKM_TLS12_MAC = 0x3d8;
export const CKM_TLS12_KDF = 0x3d9;
export const CKM_TLS12_MASTER_KEY_DERIVE = 0x3e0;
export const CKM_TLS12_KEY_AND_MAC_DERIVE = 0x3e1;
export const CKM_TLS12_MASTER_KEY_DERIVE_DH = 0x3e2;
export const CKM_TLS12_KEY_SAFE_DERIVE = 0x3e3;
export const CKM_TLS_MAC = 0x3e4;
export const CKM_TLS_KDF = 0x3e5;
export const CKM_KEY_WRAP_LYNKS = 0x400;
export const CKM_KEY_WRAP_SET_OAEP = 0x401;
export const CKM_CMS_SIG = 0x500;
export const CKM_KIP_DERIVE = 0x510;
export const CKM_KIP_WRAP = 0x511;
export const CKM_KIP_MAC = 0x512;
export const CKM_CAMELLIA_KEY_GEN = 0x550;
export const CKM_CAMELLIA_ECB = 0x551;
export const CKM_CAMELLIA_CBC = 0x552;
export const CKM_CAMELLIA_MAC = 0x553;
export const CKM_CAMELLIA_MAC_GENERAL = 0x554;
export const CKM_CAMELLIA_CBC_PAD = 0x555;
export const CKM_CAMELLIA_ECB_ENCRYPT_DATA = 0x556;
export const CKM_CAMELLIA_CBC_ENCRYPT_DATA = 0x557;
export const CKM_CAMELLIA_CTR = 0x558;
export const CKM_ARIA_KEY_GEN = 0x560;
export const CKM_ARIA_ECB = 0x561;
export const CKM_ARIA_CBC = 0x562;
export const CKM_ARIA_MAC = 0x563;
export const CKM_ARIA_MAC_GENERAL = 0x564;
export const CKM_ARIA_CBC_PAD = 0x565;
export const CKM_ARIA_ECB_ENCRYPT_DATA = 0x566;
export const CKM_ARIA_CBC_ENCRYPT_DATA = 0x567;
export const CKM_SEED_KEY_GEN = 0x650;
export const CKM_SEED_ECB = 0x651;
export const CKM_SEED_CBC = 0x652;
export const CKM_SEED_MAC = 0x653;
export const CKM_SEED_MAC_GENERAL = 0x654;
export const CKM_SEED_CBC_PAD = 0x655;
export const CKM_SEED_ECB_ENCRYPT_DATA = 0x656;
export const CKM_SEED_CBC_ENCRYPT_DATA = 0x657;
export const CKM_SKIPJACK_KEY_GEN = 0x1000;
export const CKM_SKIPJACK_ECB64 = 0x1001;
export const CKM_SKIPJACK_CBC64 = 0x1002;
export const CKM_SKIPJACK_OFB64 = 0x1003;
export const CKM_SKIPJACK_CFB64 = 0x1004;
export const CKM_SKIPJACK_CFB32 = 0x1005;
export const CKM_SKIPJACK_CFB16 = 0x1006;
export const CKM_SKIPJACK_CFB8 = 0x1007;
export const CKM_SKIPJACK_WRAP = 0x1008;
export const CKM_SKIPJACK_PRIVATE_WRAP = 0x1009;
export const CKM_SKIPJACK_RELAYX = 0x100a;
export const CKM_KEA_KEY_PAIR_GEN = 0x1010;
export const CKM_KEA_KEY_DERIVE = 0x1011;
export const CKM_KEA_DERIVE = 0x1012;
export const CKM_FORTEZZA_TIMESTAMP = 0x1020;
export const CKM_BATON_KEY_GEN = 0x1030;
export const CKM_BATON_ECB128 = 0x1031;
export const CKM_BATON_ECB96 = 0x1032;
export const CKM_BATON_CBC128 = 0x1033;
export const CKM_BATON_COUNTER = 0x1034;
export const CKM_BATON_SHUFFLE = 0x1035;
export const CKM_BATON_WRAP = 0x1036;
export const CKM_EC_KEY_PAIR_GEN = 0x1040;
/** @deprecated another name of CKM_EC_KEY_PAIR_GEN. */
export const CKM_ECDSA_KEY_PAIR_GEN = 0x1040;
export const CKM_ECDSA = 0x1041;
export const CKM_ECDSA_SHA1 = 0x1042;
export const CKM_ECDSA_SHA224 = 0x1043;
export const CKM_ECDSA_SHA256 = 0x1044;
export const CKM_ECDSA_SHA384 = 0x1045;
export const CKM_ECDSA_SHA512 = 0x1046;
export const CKM_ECDSA_SHA3_224 = 0x1047;
export const CKM_ECDSA_SHA3_256 = 0x1048;
export const CKM_ECDSA_SHA3_384 = 0x1049;
export const CKM_ECDSA_SHA3_512 = 0x104a;
export const CKM_ECDH1_DERIVE = 0x1050;
export const CKM_ECDH1_COFACTOR_DERIVE = 0x1051;
export const CKM_ECMQV_DERIVE = 0x1052;
export const CKM_ECDH_AES_KEY_WRAP = 0x1053;
export const CKM_RSA_AES_KEY_WRAP = 0x1054;
export const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
export const CKM_EC_MONTGOMERY_KEY_PAIR_GEN = 0x1056;
export const CKM_EDDSA = 0x1057;
export const CKM_JUNIPER_KEY_GEN = 0x1060;
export const CKM_JUNIPER_ECB128 = 0x1061;
export const CKM_JUNIPER_CBC128 = 0x1062;
export const CKM_JUNIPER_COUNTER = 0x1063;
export const CKM_JUNIPER_SHUFFLE = 0x1064;
export const CKM_JUNIPER_WRAP = 0x1065;
export const CKM_FASTHASH = 0x1070;
export const CKM_AES_XTS = 0x1071;
export const CKM_AES_XTS_KEY_GEN = 0x1072;
export const CKM_AES_KEY_GEN = 0x1080;
export const CKM_AES_ECB = 0x1081;
export const CKM_AES_CBC = 0x1082;
export const CKM_AES_MAC = 0x1083;
export const CKM_AES_MAC_GENERAL = 0x1084;
export const CKM_AES_CBC_PAD = 0x1085;
export const CKM_AES_CTR = 0x1086;
export const CKM_AES_GCM = 0x1087;
export const CKM_AES_CCM = 0x1088;
export const CKM_AES_CTS = 0x1089;
export const CKM_AES_CMAC = 0x108a;
export const CKM_AES_CMAC_GENERAL = 0x108b;
export const CKM_AES_XCBC_MAC = 0x108c;
export const CKM_AES_XCBC_MAC_96 = 0x108d;
export const CKM_AES_GMAC = 0x108e;
export const CKM_BLOWFISH_KEY_GEN = 0x1090;
export const CKM_BLOWFISH_CBC = 0x1091;
export const CKM_TWOFISH_KEY_GEN = 0x1092;
export const CKM_TWOFISH_CBC = 0x1093;
export const CKM_BLOWFISH_CBC_PAD = 0x1094;
export const CKM_TWOFISH_CBC_PAD = 0x1095;
export const CKM_DES_ECB_ENCRYPT_DATA = 0x1100;
export const CKM_DES_CBC_ENCRYPT_DATA = 0x1101;
export const CKM_DES3_ECB_ENCRYPT_DATA = 0x1102;
export const CKM_DES3_CBC_ENCRYPT_DATA = 0x1103;
export const CKM_AES_ECB_ENCRYPT_DATA = 0x1104;
export const CKM_AES_CBC_ENCRYPT_DATA = 0x1105;
export const CKM_GOSTR3410_KEY_PAIR_GEN = 0x1200;
export const CKM_GOSTR3410 = 0x1201;
export const CKM_GOSTR3410_WITH_GOSTR3411 = 0x1202;
export const CKM_GOSTR3410_KEY_WRAP = 0x1203;
export const CKM_GOSTR3410_DERIVE = 0x1204;
export const CKM_GOSTR3411 = 0x1210;
export const CKM_GOSTR3411_HMAC = 0x1211;
export const CKM_GOST28147_KEY_GEN = 0x1220;
export const CKM_GOST28147_ECB = 0x1221;
export const CKM_GOST28147 = 0x1222;
export const CKM_GOST28147_MAC = 0x1223;
export const CKM_GOST28147_KEY_WRAP = 0x1224;
export const CKM_CHACHA20_KEY_GEN = 0x1225;
export const CKM_CHACHA20 = 0x1226;
export const CKM_POLY1305_KEY_GEN = 0x1227;
export const CKM_POLY1305 = 0x1228;
export const CKM_EC_KEY_PAIR_GEN_W_EXTRA_BITS = 0x140b;
export const CKM_DSA_PARAMETER_GEN = 0x2000;
export const CKM_DH_PKCS_PARAMETER_GEN = 0x2001;
export const CKM_X9_42_DH_PARAMETER_GEN = 0x2002;
export const CKM_DSA_PROBABILISTIC_PARAMETER_GEN = 0x2003;
/** @deprecated another name of CKM_DSA_PROBABILISTIC_PARAMETER_GEN. */
export const CKM_DSA_PROBABLISTIC_PARAMETER_GEN = 0x2003;
export const CKM_DSA_SHAWE_TAYLOR_PARAMETER_GEN = 0x2004;
export const CKM_DSA_FIPS_G_GEN = 0x2005;
export const CKM_AES_OFB = 0x2104;
export const CKM_AES_CFB64 = 0x2105;
export const CKM_AES_CFB8 = 0x2106;
export const CKM_AES_CFB128 = 0x2107;
export const CKM_AES_CFB1 = 0x2108;
export const CKM_AES_KEY_WRAP = 0x2109;
export const CKM_AES_KEY_WRAP_PAD = 0x210a;
export const CKM_AES_KEY_WRAP_KWP = 0x210b;
export const CKM_AES_KEY_WRAP_PKCS7 = 0x210c;
export const CKM_RSA_PKCS_TPM_1_1 = 0x4001;
export const CKM_RSA_PKCS_OAEP_TPM_1_1 = 0x4002;
export const CKM_SHA_1_KEY_GEN = 0x4003;
export const CKM_SHA224_KEY_GEN = 0x4004;
export const CKM_SHA256_KEY_GEN = 0x4005;
export const CKM_SHA384_KEY_GEN = 0x4006;
export const CKM_SHA512_KEY_GEN = 0x4007;
export const CKM_SHA512_224_KEY_GEN = 0x4008;
export const CKM_SHA512_256_KEY_GEN = 0x4009;
export const CKM_SHA512_T_KEY_GEN = 0x400a;
export const CKM_NULL = 0x400b;
export const CKM_BLAKE2B_160 = 0x400c;
export const CKM_BLAKE2B_160_HMAC = 0x400d;
export const CKM_BLAKE2B_160_HMAC_GENERAL = 0x400e;
export const CKM_BLAKE2B_160_KEY_DERIVE = 0x400f;
export const CKM_BLAKE2B_160_KEY_GEN = 0x4010;
export const CKM_BLAKE2B_256 = 0x4011;
export const CKM_BLAKE2B_256_HMAC = 0x4012;
export const CKM_BLAKE2B_256_HMAC_GENERAL = 0x4013;
export const CKM_BLAKE2B_256_KEY_DERIVE = 0x4014;
export const CKM_BLAKE2B_256_KEY_GEN = 0x4015;
export const CKM_BLAKE2B_384 = 0x4016;
export const CKM_BLAKE2B_384_HMAC = 0x4017;
export const CKM_BLAKE2B_384_HMAC_GENERAL = 0x4018;
export const CKM_BLAKE2B_384_KEY_DERIVE = 0x4019;
export const CKM_BLAKE2B_384_KEY_GEN = 0x401a;
export const CKM_BLAKE2B_512 = 0x401b;
export const CKM_BLAKE2B_512_HMAC = 0x401c;
export const CKM_BLAKE2B_512_HMAC_GENERAL = 0x401d;
export const CKM_BLAKE2B_512_KEY_DERIVE = 0x401e;
export const CKM_BLAKE2B_512_KEY_GEN = 0x401f;
export const CKM_SALSA20 = 0x4020;
export const CKM_CHACHA20_POLY1305 = 0x4021;
export const CKM_SALSA20_POLY1305 = 0x4022;
export const CKM_X3DH_INITIALIZE = 0x4023;
export const CKM_X3DH_RESPOND = 0x4024;
export const CKM_X2RATCHET_INITIALIZE = 0x4025;
export const CKM_X2RATCHET_RESPOND = 0x4026;
export const CKM_X2RATCHET_ENCRYPT = 0x4027;
export const CKM_X2RATCHET_DECRYPT = 0x4028;
export const CKM_XEDDSA = 0x4029;
export const CKM_HKDF_DERIVE = 0x402a;
export const CKM_HKDF_DATA = 0x402b;
export const CKM_HKDF_KEY_GEN = 0x402c;
export const CKM_SALSA20_KEY_GEN = 0x402d;
export const CKM_IKE2_PRF_PLUS_DERIVE = 0x402e;
export const CKM_IKE_PRF_DERIVE = 0x402f;
export const CKM_IKE1_PRF_DERIVE = 0x4030;
export const CKM_IKE1_EXTENDED_DERIVE = 0x4031;
export const CKM_HSS_KEY_PAIR_GEN = 0x4032;
export const CKM_HSS = 0x4033;
export const CKM_XMSS_KEY_PAIR_GEN = 0x4034;
export const CKM_XMSSMT_KEY_PAIR_GEN = 0x4035;
export const CKM_XMSS = 0x4036;
export const CKM_XMSSMT = 0x4037;
export const CKM_ECDH_X_AES_KEY_WRAP = 0x4038;
export const CKM_ECDH_COF_AES_KEY_WRAP = 0x4039;
export const CKM_PUB_KEY_FROM_PRIV_KEY = 0x403a;
export const CKM_VENDOR_DEFINED = 0x80000000;

// CK_SLOT_INFO.flags
export const CKF_TOKEN_PRESENT = 1;
export const CKF_REMOVABLE_DEVICE = 2;
export const CKF_HW_SLOT = 4;

// CK_TOKEN_INFO.flags
export const CKF_RNG = 1;
export const CKF_WRITE_PROTECTED = 2;
export const CKF_LOGIN_REQUIRED = 4;
export const CKF_USER_PIN_INITIALIZED = 8;
export const CKF_RESTORE_KEY_NOT_NEEDED = 0x20;
export const CKF_CLOCK_ON_TOKEN = 0x40;
export const CKF_PROTECTED_AUTHENTICATION_PATH = 0x100;
export const CKF_DUAL_CRYPTO_OPERATIONS = 0x200;
export const CKF_TOKEN_INITIALIZED = 0x400;
/** @deprecated by the standard. */
export const CKF_SECONDARY_AUTHENTICATION = 0x800;
export const CKF_USER_PIN_COUNT_LOW = 0x10000;
export const CKF_USER_PIN_FINAL_TRY = 0x20000;
export const CKF_USER_PIN_LOCKED = 0x40000;
export const CKF_USER_PIN_TO_BE_CHANGED = 0x80000;
export const CKF_SO_PIN_COUNT_LOW = 0x100000;
export const CKF_SO_PIN_FINAL_TRY = 0x200000;
export const CKF_SO_PIN_LOCKED = 0x400000;
export const CKF_SO_PIN_TO_BE_CHANGED = 0x800000;
export const CKF_ERROR_STATE = 0x1000000;
export const CKF_SEED_RANDOM_REQUIRED = 0x2000000;
export const CKF_ASYNC_SESSION_SUPPORTED = 0x4000000;

// CK_SESSION_INFO.flags and the flags of C_OpenSession
export const CKF_RW_SESSION = 2;
export const CKF_SERIAL_SESSION = 4;
export const CKF_ASYNC_SESSION = 8;

// CK_MECHANISM_INFO.flags; C_SessionCancel takes the operation bits among them
export const CKF_HW = 1;
export const CKF_MESSAGE_ENCRYPT = 2;
export const CKF_MESSAGE_DECRYPT = 4;
export const CKF_MESSAGE_SIGN = 8;
export const CKF_MESSAGE_VERIFY = 0x10;
export const CKF_MULTI_MESSAGE = 0x20;
/** @deprecated another name of CKF_MULTI_MESSAGE. */
export const CKF_MULTI_MESSGE = 0x20;
export const CKF_FIND_OBJECTS = 0x40;
export const CKF_ENCRYPT = 0x100;
export const CKF_DECRYPT = 0x200;
export const CKF_DIGEST = 0x400;
export const CKF_SIGN = 0x800;
export const CKF_SIGN_RECOVER = 0x1000;
export const CKF_VERIFY = 0x2000;
export const CKF_VERIFY_RECOVER = 0x4000;
export const CKF_GENERATE = 0x8000;
export const CKF_GENERATE_KEY_PAIR = 0x10000;
export const CKF_WRAP = 0x20000;
export const CKF_UNWRAP = 0x40000;
export const CKF_DERIVE = 0x80000;
export const CKF_EC_F_P = 0x100000;
export const CKF_EC_F_2M = 0x200000;
export const CKF_EC_ECPARAMETERS = 0x400000;
export const CKF_EC_OID = 0x800000;
/** @deprecated another name of CKF_EC_OID. */
export const CKF_EC_NAMEDCURVE = 0x800000;
export const CKF_EC_UNCOMPRESS = 0x1000000;
export const CKF_EC_COMPRESS = 0x2000000;
export const CKF_EC_CURVENAME = 0x4000000;
export const CKF_ENCAPSULATE = 0x10000000;
export const CKF_DECAPSULATE = 0x20000000;
export const CKF_EXTENSION = 0x80000000;

// The bit in an attribute type that says: the value is an array
export const CKF_ARRAY_ATTRIBUTE = 0x40000000;

// CK_C_INITIALIZE_ARGS.flags
export const CKF_LIBRARY_CANT_CREATE_OS_THREADS = 1;
export const CKF_OS_LOCKING_OK = 2;

// CK_INTERFACE.flags and the flags of C_GetInterface
export const CKF_INTERFACE_FORK_SAFE = 1;

// The flags of C_EncryptMessageNext and C_DecryptMessageNext
export const CKF_END_OF_MESSAGE = 1;

// The flags of C_WaitForSlotEvent
export const CKF_DONT_BLOCK = 1;

// CK_OTP_FLAGS parameter of the one-time-password mechanisms
export const CKF_NEXT_OTP = 1;
export const CKF_EXCLUDE_TIME = 2;
export const CKF_EXCLUDE_COUNTER = 4;
export const CKF_EXCLUDE_CHALLENGE = 8;
export const CKF_EXCLUDE_PIN = 0x10;
export const CKF_USER_FRIENDLY_OTP = 0x20;

// CK_HKDF_PARAMS.ulSaltType
export const CKF_HKDF_SALT_NULL = 1;
export const CKF_HKDF_SALT_DATA = 2;
export const CKF_HKDF_SALT_KEY = 4;

// CK_RSA_PKCS_MGF_TYPE
export const CKG_MGF1_SHA1 = 1;
export const CKG_MGF1_SHA256 = 2;
export const CKG_MGF1_SHA384 = 3;
export const CKG_MGF1_SHA512 = 4;
export const CKG_MGF1_SHA224 = 5;
export const CKG_MGF1_SHA3_224 = 6;
export const CKG_MGF1_SHA3_256 = 7;
export const CKG_MGF1_SHA3_384 = 8;
export const CKG_MGF1_SHA3_512 = 9;

// CK_GENERATOR_FUNCTION: who makes the nonce of a message
export const CKG_NO_GENERATE = 0;
export const CKG_GENERATE = 1;
export const CKG_GENERATE_COUNTER = 2;
export const CKG_GENERATE_RANDOM = 3;
export const CKG_GENERATE_COUNTER_XOR = 4;

// CK_RSA_PKCS_OAEP_SOURCE_TYPE
export const CKZ_DATA_SPECIFIED = 1;

// CK_EC_KDF_TYPE, CK_X9_42_DH_KDF_TYPE and their kin
export const CKD_NULL = 1;
export const CKD_SHA1_KDF = 2;
export const CKD_SHA1_KDF_ASN1 = 3;
export const CKD_SHA1_KDF_CONCATENATE = 4;
export const CKD_SHA224_KDF = 5;
export const CKD_SHA256_KDF = 6;
export const CKD_SHA384_KDF = 7;
export const CKD_SHA512_KDF = 8;
export const CKD_CPDIVERSIFY_KDF = 9;
export const CKD_SHA3_224_KDF = 0xa;
export const CKD_SHA3_256_KDF = 0xb;
export const CKD_SHA3_384_KDF = 0xc;
export const CKD_SHA3_512_KDF = 0xd;
export const CKD_SHA1_KDF_SP800 = 0xe;
export const CKD_SHA224_KDF_SP800 = 0xf;
export const CKD_SHA256_KDF_SP800 = 0x10;
export const CKD_SHA384_KDF_SP800 = 0x11;
export const CKD_SHA512_KDF_SP800 = 0x12;
export const CKD_SHA3_224_KDF_SP800 = 0x13;
export const CKD_SHA3_256_KDF_SP800 = 0x14;
export const CKD_SHA3_384_KDF_SP800 = 0x15;
export const CKD_SHA3_512_KDF_SP800 = 0x16;
export const CKD_BLAKE2B_160_KDF = 0x17;
export const CKD_BLAKE2B_256_KDF = 0x18;
export const CKD_BLAKE2B_384_KDF = 0x19;
export const CKD_BLAKE2B_512_KDF = 0x1a;

// CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE
export const CKP_PKCS5_PBKD2_HMAC_SHA1 = 1;
export const CKP_PKCS5_PBKD2_HMAC_GOSTR3411 = 2;
export const CKP_PKCS5_PBKD2_HMAC_SHA224 = 3;
export const CKP_PKCS5_PBKD2_HMAC_SHA256 = 4;
export const CKP_PKCS5_PBKD2_HMAC_SHA384 = 5;
export const CKP_PKCS5_PBKD2_HMAC_SHA512 = 6;
export const CKP_PKCS5_PBKD2_HMAC_SHA512_224 = 7;
export const CKP_PKCS5_PBKD2_HMAC_SHA512_256 = 8;

// CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE
export const CKZ_SALT_SPECIFIED = 1;

// CK_HEDGE_TYPE: how much randomness a post-quantum signature takes
export const CKH_HEDGE_PREFERRED = 0;
export const CKH_HEDGE_REQUIRED = 1;
export const CKH_DETERMINISTIC_REQUIRED = 2;

// CK_OTP_PARAM_TYPE
export const CK_OTP_VALUE = 0;
export const CK_OTP_PIN = 1;
export const CK_OTP_CHALLENGE = 2;
export const CK_OTP_TIME = 3;
export const CK_OTP_COUNTER = 4;
export const CK_OTP_FLAGS = 5;
export const CK_OTP_OUTPUT_LENGTH = 6;
export const CK_OTP_OUTPUT_FORMAT = 7;

// CK_PRF_DATA_TYPE (SP 800-108)
export const CK_SP800_108_ITERATION_VARIABLE = 1;
export const CK_SP800_108_OPTIONAL_COUNTER = 2;
/** @deprecated another name of CK_SP800_108_OPTIONAL_COUNTER. */
export const CK_SP800_108_COUNTER = 2;
export const CK_SP800_108_DKM_LENGTH = 3;
export const CK_SP800_108_BYTE_ARRAY = 4;
export const CK_SP800_108_KEY_HANDLE = 5;

// CK_SP800_108_DKM_LENGTH_METHOD (SP 800-108)
export const CK_SP800_108_DKM_LENGTH_SUM_OF_KEYS = 1;
export const CK_SP800_108_DKM_LENGTH_SUM_OF_SEGMENTS = 2;
