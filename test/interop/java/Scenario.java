import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.util.Arrays;
import java.util.Collections;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Uses the keys that keytool made, and secret keys of its own, through SunPKCS11. What the token signed is
 * checked by the JDK's own providers. Prints one line for each step that held.
 *
 * Arguments: the provider's configuration file. The PIN comes in USER_PIN.
 */
public final class Scenario {
    private static final byte[] MESSAGE = "a message of no importance".getBytes(StandardCharsets.UTF_8);
    private static Provider token;

    public static void main(String[] args) throws Exception {
        token = Security.getProvider("SunPKCS11").configure(args[0]);
        Security.addProvider(token);
        char[] pin = System.getenv("USER_PIN").toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS11", token);
        store.load(null, pin);
        System.out.println("ok load " + String.join(" ", sorted(store)));

        sign(store, "ec", "SHA256withECDSA", "SunEC");
        sign(store, "rsa", "SHA256withRSA", "SunRsaSign");
        decrypt(store);
        gcm();
        cbc();
        hmac();
        storeSecret(store);
    }

    private static Iterable<String> sorted(KeyStore store) throws Exception {
        var names = Collections.list(store.aliases());
        Collections.sort(names);
        return names;
    }

    private static void sign(KeyStore store, String alias, String algorithm, String judge) throws Exception {
        PrivateKey own = (PrivateKey) store.getKey(alias, null);
        check(own.getEncoded() == null, alias + " private key has no encoding");
        PublicKey open = store.getCertificate(alias).getPublicKey();
        Signature signer = Signature.getInstance(algorithm, token);
        signer.initSign(own);
        signer.update(MESSAGE, 0, 5);
        signer.update(MESSAGE, 5, MESSAGE.length - 5);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm, judge);
        verifier.initVerify(open);
        verifier.update(MESSAGE);
        check(verifier.verify(signature), algorithm);
        verifier.initVerify(open);
        verifier.update("another".getBytes(StandardCharsets.UTF_8));
        check(!verifier.verify(signature), algorithm + " over another message");
        System.out.println("ok " + algorithm);
    }

    private static void decrypt(KeyStore store) throws Exception {
        Cipher outside = Cipher.getInstance("RSA/ECB/PKCS1Padding", "SunJCE");
        outside.init(Cipher.ENCRYPT_MODE, store.getCertificate("rsa").getPublicKey());
        Cipher inside = Cipher.getInstance("RSA/ECB/PKCS1Padding", token);
        inside.init(Cipher.DECRYPT_MODE, (PrivateKey) store.getKey("rsa", null));
        check(Arrays.equals(inside.doFinal(outside.doFinal(MESSAGE)), MESSAGE), "RSA decryption");
        System.out.println("ok RSA/ECB/PKCS1Padding");
    }

    private static SecretKey generate(int bits) throws Exception {
        KeyGenerator generator = KeyGenerator.getInstance("AES", token);
        generator.init(bits);
        return generator.generateKey();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static void gcm() throws Exception {
        SecretKey key = generate(256);
        GCMParameterSpec parameters = new GCMParameterSpec(128, random(12));
        byte[] sealed = crypt("AES/GCM/NoPadding", Cipher.ENCRYPT_MODE, key, parameters, MESSAGE);
        check(sealed.length == MESSAGE.length + 16, "GCM length");
        byte[] opened = crypt("AES/GCM/NoPadding", Cipher.DECRYPT_MODE, key, parameters, sealed);
        check(Arrays.equals(opened, MESSAGE), "GCM");
        sealed[3] ^= 1;
        boolean refused = false;
        try {
            crypt("AES/GCM/NoPadding", Cipher.DECRYPT_MODE, key, parameters, sealed);
        } catch (Exception expected) {
            refused = true;
        }
        check(refused, "GCM refuses changed text");
        System.out.println("ok AES/GCM/NoPadding");
    }

    private static byte[] crypt(String name, int mode, SecretKey key, GCMParameterSpec parameters, byte[] input)
            throws Exception {
        Cipher cipher = Cipher.getInstance(name, token);
        cipher.init(mode, key, parameters);
        cipher.updateAAD("header".getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(input);
    }

    private static void cbc() throws Exception {
        byte[] raw = random(16);
        IvParameterSpec iv = new IvParameterSpec(random(16));
        Cipher inside = Cipher.getInstance("AES/CBC/PKCS5Padding", token);
        inside.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(raw, "AES"), iv);
        Cipher outside = Cipher.getInstance("AES/CBC/PKCS5Padding", "SunJCE");
        outside.init(Cipher.DECRYPT_MODE, new SecretKeySpec(raw, "AES"), iv);
        check(Arrays.equals(outside.doFinal(inside.doFinal(MESSAGE)), MESSAGE), "CBC");
        System.out.println("ok AES/CBC/PKCS5Padding");
    }

    private static void hmac() throws Exception {
        SecretKeySpec key = new SecretKeySpec(random(32), "HmacSHA256");
        Mac inside = Mac.getInstance("HmacSHA256", token);
        inside.init(key);
        Mac outside = Mac.getInstance("HmacSHA256", "SunJCE");
        outside.init(key);
        check(Arrays.equals(inside.doFinal(MESSAGE), outside.doFinal(MESSAGE)), "HMAC");
        System.out.println("ok HmacSHA256");
    }

    private static void storeSecret(KeyStore store) throws Exception {
        SecretKey key = generate(256);
        store.setEntry("aes", new KeyStore.SecretKeyEntry(key), null);
        store.load(null, System.getenv("USER_PIN").toCharArray());
        Key again = store.getKey("aes", null);
        IvParameterSpec iv = new IvParameterSpec(random(16));
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding", token);
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        byte[] sealed = cipher.doFinal(new byte[32]);
        cipher.init(Cipher.DECRYPT_MODE, again, iv);
        check(Arrays.equals(cipher.doFinal(sealed), new byte[32]), "a stored secret key is the same key");
        System.out.println("ok stored secret key");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + what);
        }
    }

    private Scenario() {}
}
