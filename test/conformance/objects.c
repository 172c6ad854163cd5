/* Creating, copying, destroying, reading, changing and finding objects. */
#include "harness.h"

#include <string.h>

static void data_object(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE object = make_data(s, "data-object", CK_FALSE, CK_TRUE);
    CK_OBJECT_CLASS class = 0;
    CK_BBOOL token = 7, private = 7;
    char label[32], value[32];
    CK_ATTRIBUTE want[] = {VAR(CKA_CLASS, class), VAR(CKA_TOKEN, token), VAR(CKA_PRIVATE, private),
                           VAR(CKA_LABEL, label), VAR(CKA_VALUE, value)};
    NEED(p11->C_GetAttributeValue(s, object, want, COUNT(want)));
    CHECK(class == CKO_DATA && token == CK_FALSE && private == CK_TRUE);
    CHECK(want[3].ulValueLen == 11 && memcmp(label, "data-object", 11) == 0);
    CHECK(want[4].ulValueLen == 10 && memcmp(value, "some value", 10) == 0);
    CK_ULONG size = 0;
    EXPECT(p11->C_GetObjectSize(s, object, &size), CKR_OK, CKR_INFORMATION_SENSITIVE,
           CKR_FUNCTION_NOT_SUPPORTED);
    NEED(p11->C_DestroyObject(s, object));
    EXPECT(p11->C_DestroyObject(s, object), CKR_OBJECT_HANDLE_INVALID);
    EXPECT(p11->C_GetAttributeValue(s, object, want, 1), CKR_OBJECT_HANDLE_INVALID);
}

static void get_attribute_rules(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE object = make_data(s, "get-rules", CK_FALSE, CK_FALSE);
    CK_BYTE buffer[64];
    CK_ATTRIBUTE size = {CKA_VALUE, NULL, 0};
    EXPECT(p11->C_GetAttributeValue(s, object, &size, 1), CKR_OK);
    CHECK(size.ulValueLen == 10);
    CK_ATTRIBUTE small = {CKA_VALUE, buffer, 3};
    EXPECT(p11->C_GetAttributeValue(s, object, &small, 1), CKR_BUFFER_TOO_SMALL);
    CHECK(small.ulValueLen == CK_UNAVAILABLE_INFORMATION);
    /* One attribute that does not exist does not keep the others from being read. */
    CK_ATTRIBUTE mixed[] = {
        {CKA_LABEL, buffer, 32}, {CKA_MODULUS, buffer + 32, 8}, {CKA_VALUE, buffer + 40, 20}};
    EXPECT(p11->C_GetAttributeValue(s, object, mixed, 3), CKR_ATTRIBUTE_TYPE_INVALID);
    CHECK(mixed[0].ulValueLen == 9 && memcmp(buffer, "get-rules", 9) == 0);
    CHECK(mixed[1].ulValueLen == CK_UNAVAILABLE_INFORMATION);
    CHECK(mixed[2].ulValueLen == 10);
    EXPECT(p11->C_GetAttributeValue(s, object, NULL, 1), CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_GetAttributeValue(s, 0, mixed, 1), CKR_OBJECT_HANDLE_INVALID);
}

static void sensitive_values(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG len = 32;
    CK_BYTE value[64];
    CK_BBOOL sensitive = 0, always = 0, never = 0, local = 0, extractable = 1;
    CK_ATTRIBUTE locked[] = {VAR(CKA_VALUE_LEN, len), YES(CKA_SENSITIVE), NO(CKA_EXTRACTABLE),
                             YES(CKA_ENCRYPT)};
    CK_OBJECT_HANDLE key;
    NEED(p11->C_GenerateKey(s, &mechanism, locked, COUNT(locked), &key));
    CK_ATTRIBUTE want[] = {
        {CKA_VALUE, value, sizeof value},  VAR(CKA_SENSITIVE, sensitive), VAR(CKA_ALWAYS_SENSITIVE, always),
        VAR(CKA_NEVER_EXTRACTABLE, never), VAR(CKA_LOCAL, local),         VAR(CKA_EXTRACTABLE, extractable)};
    EXPECT(p11->C_GetAttributeValue(s, key, want, COUNT(want)), CKR_ATTRIBUTE_SENSITIVE);
    CHECK(want[0].ulValueLen == CK_UNAVAILABLE_INFORMATION);
    CHECK(sensitive && always && never && local && !extractable);
    CK_MECHANISM_TYPE made_by = 0;
    CK_ATTRIBUTE origin = VAR(CKA_KEY_GEN_MECHANISM, made_by);
    EXPECT(p11->C_GetAttributeValue(s, key, &origin, 1), CKR_OK);
    CHECK(made_by == CKM_AES_KEY_GEN);
    /* One-way switches: neither back to plain nor back to extractable. */
    CK_ATTRIBUTE plain = NO(CKA_SENSITIVE), out = YES(CKA_EXTRACTABLE);
    EXPECT(p11->C_SetAttributeValue(s, key, &plain, 1), CKR_ATTRIBUTE_READ_ONLY);
    EXPECT(p11->C_SetAttributeValue(s, key, &out, 1), CKR_ATTRIBUTE_READ_ONLY);

    CK_OBJECT_HANDLE open = make_aes(s, 32);
    CK_ATTRIBUTE readable = {CKA_VALUE, value, sizeof value};
    EXPECT(p11->C_GetAttributeValue(s, open, &readable, 1), CKR_OK);
    CHECK(readable.ulValueLen == 32);
    CK_ATTRIBUTE lock = YES(CKA_SENSITIVE);
    EXPECT(p11->C_SetAttributeValue(s, open, &lock, 1), CKR_OK);
    readable.ulValueLen = sizeof value;
    EXPECT(p11->C_GetAttributeValue(s, open, &readable, 1), CKR_ATTRIBUTE_SENSITIVE);
    CK_ATTRIBUTE history = VAR(CKA_ALWAYS_SENSITIVE, always);
    EXPECT(p11->C_GetAttributeValue(s, open, &history, 1), CKR_OK);
    CHECK(!always);
}

static void set_attribute_rules(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 16);
    CK_BYTE buffer[32];
    CK_ATTRIBUTE label = {CKA_LABEL, "renamed", 7};
    EXPECT(p11->C_SetAttributeValue(s, key, &label, 1), CKR_OK);
    CK_ATTRIBUTE read = {CKA_LABEL, buffer, sizeof buffer};
    NEED(p11->C_GetAttributeValue(s, key, &read, 1));
    CHECK(read.ulValueLen == 7 && memcmp(buffer, "renamed", 7) == 0);
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_KEY_TYPE type = CKK_DES3;
    CK_ATTRIBUTE fixed[] = {VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type), YES(CKA_LOCAL),
                            YES(CKA_TOKEN),        {CKA_VALUE, buffer, 16}, YES(CKA_ALWAYS_SENSITIVE)};
    for (size_t i = 0; i < COUNT(fixed); i++)
        EXPECT(p11->C_SetAttributeValue(s, key, &fixed[i], 1), CKR_ATTRIBUTE_READ_ONLY);
    CK_ATTRIBUTE unknown = {0x7ffffff0UL, buffer, 1};
    EXPECT(p11->C_SetAttributeValue(s, key, &unknown, 1), CKR_ATTRIBUTE_TYPE_INVALID);
    CK_ATTRIBUTE odd = {CKA_ENCRYPT, buffer, 3};
    EXPECT(p11->C_SetAttributeValue(s, key, &odd, 1), CKR_ATTRIBUTE_VALUE_INVALID);
    /* All or nothing: the good half of a bad request is not applied. */
    CK_ATTRIBUTE both[] = {{CKA_LABEL, "half", 4}, VAR(CKA_CLASS, class)};
    EXPECT(p11->C_SetAttributeValue(s, key, both, 2), CKR_ATTRIBUTE_READ_ONLY);
    read.ulValueLen = sizeof buffer;
    NEED(p11->C_GetAttributeValue(s, key, &read, 1));
    CHECK(read.ulValueLen == 7 && memcmp(buffer, "renamed", 7) == 0);
}

static void flags_forbid(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_OBJECT_HANDLE object, copy;
    CK_ATTRIBUTE fixed[] = {VAR(CKA_CLASS, class), NO(CKA_TOKEN),    NO(CKA_PRIVATE),
                            NO(CKA_MODIFIABLE),    NO(CKA_COPYABLE), {CKA_LABEL, "flags", 5}};
    NEED(p11->C_CreateObject(s, fixed, COUNT(fixed), &object));
    CK_ATTRIBUTE label = {CKA_LABEL, "other", 5};
    EXPECT(p11->C_SetAttributeValue(s, object, &label, 1), CKR_ACTION_PROHIBITED, CKR_ATTRIBUTE_READ_ONLY);
    EXPECT(p11->C_CopyObject(s, object, &label, 1, &copy), CKR_ACTION_PROHIBITED);
    CK_ATTRIBUTE lasting[] = {VAR(CKA_CLASS, class), NO(CKA_TOKEN), NO(CKA_PRIVATE), NO(CKA_DESTROYABLE)};
    NEED(p11->C_CreateObject(s, lasting, COUNT(lasting), &object));
    EXPECT(p11->C_DestroyObject(s, object), CKR_ACTION_PROHIBITED);
}

static void copies(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 32), copy = 0;
    CK_BYTE first[32], second[32], label[16];
    CK_ATTRIBUTE changes[] = {{CKA_LABEL, "copied", 6}, YES(CKA_SENSITIVE)};
    NEED(p11->C_CopyObject(s, key, changes, 2, &copy));
    CHECK(copy != key);
    CK_ATTRIBUTE want = {CKA_LABEL, label, sizeof label};
    NEED(p11->C_GetAttributeValue(s, copy, &want, 1));
    CHECK(want.ulValueLen == 6 && memcmp(label, "copied", 6) == 0);
    CK_ATTRIBUTE value = {CKA_VALUE, first, sizeof first};
    EXPECT(p11->C_GetAttributeValue(s, copy, &value, 1), CKR_ATTRIBUTE_SENSITIVE);
    CK_OBJECT_HANDLE plain = 0;
    NEED(p11->C_CopyObject(s, key, NULL, 0, &plain));
    CK_ATTRIBUTE one = {CKA_VALUE, first, sizeof first}, two = {CKA_VALUE, second, sizeof second};
    NEED(p11->C_GetAttributeValue(s, key, &one, 1));
    NEED(p11->C_GetAttributeValue(s, plain, &two, 1));
    CHECK(memcmp(first, second, sizeof first) == 0);
    /* Not even a copy loosens what the original holds tight. */
    CK_ATTRIBUTE loosen = NO(CKA_SENSITIVE);
    EXPECT(p11->C_CopyObject(s, copy, &loosen, 1, &plain), CKR_ATTRIBUTE_READ_ONLY,
           CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE move = {CKA_VALUE, first, sizeof first};
    EXPECT(p11->C_CopyObject(s, key, &move, 1, &plain), CKR_ATTRIBUTE_READ_ONLY, CKR_TEMPLATE_INCONSISTENT);
}

static void find(void) {
    CK_SESSION_HANDLE s = start_user();
    char label[] = "find-0";
    for (int i = 0; i < 9; i++) {
        label[5] = (char)('0' + i);
        make_data(s, label, CK_FALSE, i % 2 ? CK_TRUE : CK_FALSE);
    }
    CHECK(count_label(s, "find-4") == 1);
    CHECK(count_label(s, "find-") == 0);
    CHECK(count_label(s, "find-44") == 0);
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE wanted[] = {VAR(CKA_CLASS, class), NO(CKA_TOKEN), {CKA_VALUE, "some value", 10}};
    CK_OBJECT_HANDLE found[16], all[16];
    CK_ULONG count = 0, total = 0;
    NEED(p11->C_FindObjectsInit(s, wanted, 3));
    EXPECT(p11->C_FindObjectsInit(s, wanted, 3), CKR_OPERATION_ACTIVE);
    /* In portions, every object once and no more. */
    do {
        NEED(p11->C_FindObjects(s, found, 2, &count));
        CHECK(count <= 2);
        for (CK_ULONG i = 0; i < count && total < COUNT(all); i++) {
            for (CK_ULONG k = 0; k < total; k++)
                CHECK(all[k] != found[i]);
            all[total++] = found[i];
        }
    } while (count > 0 && total < COUNT(all));
    CHECK(total == 9);
    NEED(p11->C_FindObjectsFinal(s));
    EXPECT(p11->C_FindObjectsFinal(s), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p11->C_FindObjects(s, found, 2, &count), CKR_OPERATION_NOT_INITIALIZED);
    NEED(p11->C_FindObjectsInit(s, NULL, 0));
    NEED(p11->C_FindObjects(s, found, COUNT(found), &count));
    CHECK(count >= 9);
    EXPECT(p11->C_FindObjects(s, NULL, 2, &count), CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_FindObjects(s, found, 2, NULL), CKR_ARGUMENTS_BAD);
    NEED(p11->C_FindObjectsFinal(s));
}

/* What a search found stays what it is when objects come and go before it is read. */
static void find_while_changing(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE first = make_data(s, "changing", CK_FALSE, CK_FALSE), found[4];
    make_data(s, "changing", CK_FALSE, CK_FALSE);
    CK_ATTRIBUTE wanted = {CKA_LABEL, "changing", 8};
    CK_ULONG count = 0;
    NEED(p11->C_FindObjectsInit(s, &wanted, 1));
    NEED(p11->C_DestroyObject(s, first));
    make_data(s, "changing", CK_FALSE, CK_FALSE);
    NEED(p11->C_FindObjects(s, found, 4, &count));
    CHECK(count >= 1 && count <= 3);
    NEED(p11->C_FindObjectsFinal(s));
    CHECK(count_label(s, "changing") == 2);
}

static void certificates(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE type = CKC_X_509;
    CK_OBJECT_HANDLE object;
    CK_BYTE der[] = {0x30, 0x03, 0x02, 0x01, 0x01}, back[16];
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class),  VAR(CKA_CERTIFICATE_TYPE, type),
                               VAR(CKA_SUBJECT, der),  VAR(CKA_VALUE, der),
                               NO(CKA_TOKEN),          NO(CKA_PRIVATE),
                               {CKA_ID, "\x01\x02", 2}};
    NEED(p11->C_CreateObject(s, template, COUNT(template), &object));
    CK_ATTRIBUTE want = {CKA_VALUE, back, sizeof back};
    NEED(p11->C_GetAttributeValue(s, object, &want, 1));
    CHECK(want.ulValueLen == sizeof der && memcmp(back, der, sizeof der) == 0);
    CK_ATTRIBUTE trusted = YES(CKA_TRUSTED);
    EXPECT(p11->C_SetAttributeValue(s, object, &trusted, 1), CKR_ATTRIBUTE_READ_ONLY);
}

static void survives_restart(void) {
    CK_SESSION_HANDLE s = start_user();
    make_data(s, "survivor", CK_TRUE, CK_TRUE);
    NEED(p11->C_Finalize(NULL));
    NEED(p11->C_Initialize(NULL));
    s = open_session(RW);
    CHECK(count_label(s, "survivor") == 0);
    NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
    CK_ATTRIBUTE wanted = {CKA_LABEL, "survivor", 8};
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG count = 0;
    NEED(p11->C_FindObjectsInit(s, &wanted, 1));
    NEED(p11->C_FindObjects(s, &found, 1, &count));
    NEED(p11->C_FindObjectsFinal(s));
    CHECK(count == 1);
    EXPECT(p11->C_DestroyObject(s, found), CKR_OK);
}

const struct test_case object_cases[] = {{"object/data", data_object, TOKEN},
                                         {"object/get-rules", get_attribute_rules, TOKEN},
                                         {"object/sensitive", sensitive_values, TOKEN},
                                         {"object/set-rules", set_attribute_rules, TOKEN},
                                         {"object/flags-forbid", flags_forbid, TOKEN},
                                         {"object/copies", copies, TOKEN},
                                         {"object/find", find, TOKEN},
                                         {"object/find-while-changing", find_while_changing, TOKEN},
                                         {"object/certificates", certificates, TOKEN},
                                         {"object/survives-restart", survives_restart, TOKEN},
                                         {NULL, NULL, TOKEN}};
