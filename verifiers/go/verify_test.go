package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The key of RFC 8032, 7.1, test 1, and the signature of docs/spec/log.md that has the identity as R.
func TestIdentityRIsRefused(t *testing.T) {
	key := unhex(t, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
	signature := append(append([]byte(nil), identityR...), unhex(t, "bbeb93d23e4a3858e12c17a95eb2533e460de2590867be9dfbedcfbbedabbf08")...)
	message := []byte("identity-R\n")
	if !ed25519.Verify(key, message, signature) {
		t.Error("the library alone is expected to accept the vector; without that this test shows nothing")
	}
	if signatureCounts(key, message, signature) {
		t.Error("identity as R accepted")
	}
	empty := unhex(t, "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
	if !signatureCounts(key, nil, empty) || signatureCounts(key, []byte{0}, empty) {
		t.Error("RFC 8032 test 1")
	}
}

func TestAdmission(t *testing.T) {
	for key, want := range map[string]bool{
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a": true,
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c": true,
		// The identity, its writing with the sign bit, a point of order 2, one of order 4, both of order 8.
		"0100000000000000000000000000000000000000000000000000000000000000": false,
		"0100000000000000000000000000000000000000000000000000000000000080": false,
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f": false,
		"0000000000000000000000000000000000000000000000000000000000000000": false,
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05": false,
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a": false,
		// Not canonical: y = p + 1. Not on the curve: y = 2.
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f": false,
		"0200000000000000000000000000000000000000000000000000000000000000": false,
	} {
		if admits(unhex(t, key)) != want {
			t.Errorf("%s: not %v", key, want)
		}
	}
	// A good key plus a point of order 8 verifies some signatures and is not free of torsion.
	good, _ := decodePoint(unhex(t, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
	torsion, _ := decodePoint(unhex(t, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))
	sum := good.add(torsion)
	x, y := quotient(sum.X, sum.Z), quotient(sum.Y, sum.Z)
	raw := y.FillBytes(make([]byte, 32))
	for i, j := 0, 31; i < j; i, j = i+1, j-1 {
		raw[i], raw[j] = raw[j], raw[i]
	}
	raw[31] |= byte(x.Bit(0)) << 7
	if _, ok := decodePoint(raw); !ok || admits(raw) {
		t.Error("a key with torsion")
	}
}

// The vector of docs/spec/council.md, section 8.
func TestBallotOfTheSpecification(t *testing.T) {
	o := opening{
		vote:    vote{council: "council.example", epoch: 7, digest: sha256Hex("mizan-council/slot-roll/v1\nexample\n"), slot: "2027-014", round: 1},
		opened:  cut{0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
		written: "2027-03-18T14:00:00Z",
	}
	ballot := o.yesBallot(sha256Hex("mizan-council/motion/v1\nexample\n"))
	if len(ballot) != 315 || sha256Hex(ballot) != "fced49f8d924e6ebfc9a3ed24120903293b7406807f4e847cdeaf452c853a1eb" {
		t.Errorf("another ballot:\n%s", ballot)
	}
	key, err := parseKey("ballot.seat01.council.example+a75fb955+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", kindNote, "")
	if err != nil {
		t.Fatal(err)
	}
	line := "— ballot.seat01.council.example p1+5VZnkTFKeybOVFHyzXVZGrcmaSocU8YZp67319GeyQiN6LBH96/2jmZijx2PhMNz35W1ugRu26bjqt/TEsZSzuwM=\n"
	ring := map[string]verifierKey{key.line(): key}
	if _, signers, err := openNote(ballot+"\n"+line, ring); err != nil || len(signers) != 1 {
		t.Errorf("the signature of the vector: %v", err)
	}
	for name, note := range map[string]string{
		"twice":          ballot + "\n" + line + line,
		"a stranger":     ballot + "\n" + strings.Replace(line, "seat01", "seat02", 1),
		"a changed text": strings.Replace(ballot, "round 1", "round 2", 1) + "\n" + line,
		"spare bits":     ballot + "\n" + strings.Replace(line, "wM=", "wN=", 1),
		"no line":        ballot + "\n",
	} {
		if _, _, err := openNote(note, ring); err == nil {
			t.Errorf("accepted: %s", name)
		}
	}
}

func TestOneWritingOfJSON(t *testing.T) {
	for _, given := range []string{`{"a":1,"a":2}`, `{"b":1,"a":2}`, ` {}`, `{}x`, `{"a":"\ud800"}`, `{"a":1.0}`, `{"a":"\u00e9"}`, `{"a":true}`, "", `[`} {
		if _, err := parseDecision([]byte(given)); err == nil || err.Error() != "the file is not canonical JSON" {
			t.Errorf("%s: %v", given, err)
		}
	}
	if got := canonical(nil, map[string]any{"\U00010000": "\n\x01", "\uffff": []any{}}); string(got) != "{\"\U00010000\":\"\\n\\u0001\",\"\uffff\":[]}" {
		t.Errorf("%s", got)
	}
}

func TestUsage(t *testing.T) {
	for _, arguments := range [][]string{{}, {"--pin", "x", "y"}, {"no such file"}, {"--unknown"}} {
		var out, errors bytes.Buffer
		if code := run(arguments, &out, &errors); code != exitUsage || errors.Len() == 0 {
			t.Errorf("%v: %d", arguments, code)
		}
	}
}
