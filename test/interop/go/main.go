// Program interop signs with a key in a token through miekg/pkcs11 and checks the signature with Go's own
// library. Arguments: module, token label, key label. The PIN comes in USER_PIN.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/asn1"
	"fmt"
	"math/big"
	"os"

	"github.com/miekg/pkcs11"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Getenv("USER_PIN")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(module, token, label, pin string) error {
	p := pkcs11.New(module)
	if p == nil {
		return fmt.Errorf("%s can't be loaded", module)
	}
	defer p.Destroy()
	if err := p.Initialize(); err != nil {
		return fmt.Errorf("initialize: %w", err)
	}
	defer p.Finalize()
	slot, err := slotOf(p, token)
	if err != nil {
		return err
	}
	session, err := p.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
	if err != nil {
		return fmt.Errorf("open session: %w", err)
	}
	if err := p.Login(session, pkcs11.CKU_USER, pin); err != nil {
		return fmt.Errorf("login: %w", err)
	}
	if err := sign(p, session, label); err != nil {
		return err
	}
	if err := seal(p, session); err != nil {
		return err
	}
	return p.Logout(session)
}

func slotOf(p *pkcs11.Ctx, token string) (uint, error) {
	slots, err := p.GetSlotList(true)
	if err != nil {
		return 0, fmt.Errorf("slot list: %w", err)
	}
	for _, slot := range slots {
		if info, err := p.GetTokenInfo(slot); err == nil && info.Label == token {
			return slot, nil
		}
	}
	return 0, fmt.Errorf("no token is called %s", token)
}

func find(p *pkcs11.Ctx, session pkcs11.SessionHandle, class uint, label string) (pkcs11.ObjectHandle, error) {
	template := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, class),
		pkcs11.NewAttribute(pkcs11.CKA_LABEL, label),
	}
	if err := p.FindObjectsInit(session, template); err != nil {
		return 0, err
	}
	found, _, err := p.FindObjects(session, 2)
	if err != nil {
		return 0, err
	}
	if err := p.FindObjectsFinal(session); err != nil {
		return 0, err
	}
	if len(found) != 1 {
		return 0, fmt.Errorf("%d objects of class %d are called %s", len(found), class, label)
	}
	return found[0], nil
}

func sign(p *pkcs11.Ctx, session pkcs11.SessionHandle, label string) error {
	private, err := find(p, session, pkcs11.CKO_PRIVATE_KEY, label)
	if err != nil {
		return err
	}
	public, err := find(p, session, pkcs11.CKO_PUBLIC_KEY, label)
	if err != nil {
		return err
	}
	values, err := p.GetAttributeValue(session, public, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_EC_POINT, nil)})
	if err != nil {
		return fmt.Errorf("EC_POINT: %w", err)
	}
	var point []byte
	if _, err := asn1.Unmarshal(values[0].Value, &point); err != nil {
		return fmt.Errorf("EC_POINT is no OCTET STRING: %w", err)
	}
	key := ecdsa.PublicKey{
		Curve: elliptic.P256(),
		X:     new(big.Int).SetBytes(point[1:33]),
		Y:     new(big.Int).SetBytes(point[33:65]),
	}
	hash := sha256.Sum256([]byte("from Go"))
	if err := p.SignInit(session, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_ECDSA, nil)}, private); err != nil {
		return fmt.Errorf("sign init: %w", err)
	}
	signature, err := p.Sign(session, hash[:])
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	if !ecdsa.Verify(&key, hash[:], r, s) {
		return fmt.Errorf("Go does not accept the signature")
	}
	fmt.Println("ok ECDSA")
	return nil
}

func seal(p *pkcs11.Ctx, session pkcs11.SessionHandle) error {
	template := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_VALUE_LEN, 32),
		pkcs11.NewAttribute(pkcs11.CKA_ENCRYPT, true),
		pkcs11.NewAttribute(pkcs11.CKA_DECRYPT, true),
	}
	key, err := p.GenerateKey(session, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_KEY_GEN, nil)}, template)
	if err != nil {
		return fmt.Errorf("AES key: %w", err)
	}
	parameters := pkcs11.NewGCMParams(make([]byte, 12), []byte("header"), 128)
	defer parameters.Free()
	mechanism := []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_GCM, parameters)}
	if err := p.EncryptInit(session, mechanism, key); err != nil {
		return fmt.Errorf("encrypt init: %w", err)
	}
	plain := []byte("sealed by Go")
	sealed, err := p.Encrypt(session, plain)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	if err := p.DecryptInit(session, mechanism, key); err != nil {
		return fmt.Errorf("decrypt init: %w", err)
	}
	opened, err := p.Decrypt(session, sealed)
	if err != nil {
		return fmt.Errorf("decrypt: %w", err)
	}
	if !bytes.Equal(opened, plain) || len(sealed) != len(plain)+16 {
		return fmt.Errorf("AES-GCM gave back other bytes")
	}
	fmt.Println("ok AES-GCM")
	return nil
}
