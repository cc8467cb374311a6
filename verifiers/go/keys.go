// Which Ed25519 keys may stand in a roll, and which signatures count (docs/spec/log.md, "Signatures and keys").

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"
	"unicode"
)

// Curve constants of edwards25519: the field prime, the order of the prime subgroup, and d of the curve equation.
var (
	fieldPrime    = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	subgroupOrder = mustBig("7237005577332262213973186563042994240857116359379907606001950938285454250989")
	curveD        = quotient(big.NewInt(-121665), big.NewInt(121666))
)

func mustBig(decimal string) *big.Int {
	value, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		panic("not a number: " + decimal)
	}
	return value
}

func times(a, b *big.Int) *big.Int { return reduce(new(big.Int).Mul(a, b)) }
func plus(a, b *big.Int) *big.Int  { return reduce(new(big.Int).Add(a, b)) }
func minus(a, b *big.Int) *big.Int { return reduce(new(big.Int).Sub(a, b)) }
func reduce(a *big.Int) *big.Int   { return a.Mod(a, fieldPrime) }
func quotient(a, b *big.Int) *big.Int {
	return times(a, new(big.Int).ModInverse(new(big.Int).Mod(b, fieldPrime), fieldPrime))
}

// point is in extended coordinates: x = X/Z, y = Y/Z, T = XY/Z.
type point struct{ X, Y, Z, T *big.Int }

// add is the complete addition law of the twisted Edwards curve with a = -1, so it doubles as well.
func (p point) add(q point) point {
	a := times(minus(p.Y, p.X), minus(q.Y, q.X))
	b := times(plus(p.Y, p.X), plus(q.Y, q.X))
	c := times(times(p.T, q.T), plus(curveD, curveD))
	d := times(p.Z, plus(q.Z, q.Z))
	e, f, g, h := minus(b, a), minus(d, c), plus(d, c), plus(b, a)
	return point{X: times(e, f), Y: times(g, h), Z: times(f, g), T: times(e, h)}
}

func (p point) isIdentity() bool { return p.X.Sign() == 0 && p.Y.Cmp(p.Z) == 0 }

// decodePoint reads the canonical writing of a point (RFC 8032, 5.1.3) and no other.
func decodePoint(key []byte) (point, bool) {
	if len(key) != 32 {
		return point{}, false
	}
	bigEndian := make([]byte, 32)
	for i, b := range key {
		bigEndian[31-i] = b
	}
	negative := bigEndian[0]&0x80 != 0
	bigEndian[0] &= 0x7f
	y := new(big.Int).SetBytes(bigEndian)
	if y.Cmp(fieldPrime) >= 0 {
		return point{}, false
	}
	ySquared := times(y, y)
	x := new(big.Int).ModSqrt(quotient(minus(ySquared, big.NewInt(1)), plus(times(curveD, ySquared), big.NewInt(1))), fieldPrime)
	if x == nil || (x.Sign() == 0 && negative) {
		return point{}, false
	}
	if (x.Bit(0) == 1) != negative {
		x = minus(new(big.Int), x)
	}
	return point{X: x, Y: y, Z: big.NewInt(1), T: times(x, y)}, true
}

var admitted = map[string]bool{}

// admits says whether a key may enter a roll: canonical, not the identity, free of torsion. Rolls repeat keys, so the answer is kept.
func admits(key []byte) bool {
	if known, asked := admitted[string(key)]; asked {
		return known
	}
	p, ok := decodePoint(key)
	if ok && !p.isIdentity() {
		sum := point{X: new(big.Int), Y: big.NewInt(1), Z: big.NewInt(1), T: new(big.Int)}
		for bit := subgroupOrder.BitLen() - 1; bit >= 0; bit-- {
			sum = sum.add(sum)
			if subgroupOrder.Bit(bit) == 1 {
				sum = sum.add(p)
			}
		}
		ok = sum.isIdentity()
	} else {
		ok = false
	}
	admitted[string(key)] = ok
	return ok
}

var identityR = append([]byte{1}, make([]byte, 31)...)

// signatureCounts is the cofactorless check of the standard library (which refuses S >= L and compares the bytes of R), with R = identity
// refused as well: that is the one case on which the libraries in use differ under admitted keys.
func signatureCounts(key, message, signature []byte) bool {
	if len(key) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize {
		return false
	}
	r := append([]byte(nil), signature[:32]...)
	r[31] &= 0x7f
	return !bytes.Equal(r, identityR) && ed25519.Verify(key, message, signature)
}

const (
	kindNote        = 0x01
	kindCosignature = 0x04
)

type verifierKey struct {
	name, id string
	kind     byte
	public   []byte
	// seat is 0 for the log, the secretariat and outside witnesses.
	seat int
}

func (k verifierKey) line() string { return k.name + "+" + k.id }

func isKeyName(name string) bool {
	if name == "" || len(name) > 255 {
		return false
	}
	for _, r := range name {
		if unicode.IsSpace(r) || r == '+' || r < 0x20 {
			return false
		}
	}
	return true
}

// parseKey reads `name+id+base64(kind, public key)` and admits the key.
func parseKey(text string, kind byte, name string) (verifierKey, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 || !isKeyName(parts[0]) {
		return verifierKey{}, wrong("“%s” is not a verifier key", text)
	}
	raw, ok := fromBase64(parts[2])
	if !ok || len(raw) != 33 {
		return verifierKey{}, wrong("the key of %s has not 32 bytes", parts[0])
	}
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	switch {
	case hex.EncodeToString(digest[:4]) != parts[1]:
		return verifierKey{}, wrong("the id of the key of %s is not that of its bytes", parts[0])
	case raw[0] != kind:
		return verifierKey{}, wrong("the key of %s is of kind %02x, not %02x", parts[0], raw[0], kind)
	case name != "" && parts[0] != name:
		return verifierKey{}, wrong("a key is named %s where %s has to stand", parts[0], name)
	case !admits(raw[1:]):
		return verifierKey{}, wrong("the key of %s may not be used: not canonical, the identity, or with torsion", parts[0])
	}
	return verifierKey{name: parts[0], id: parts[1], kind: kind, public: raw[1:]}, nil
}
