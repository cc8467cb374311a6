// Signed notes, checkpoints, cosignatures and inclusion (docs/spec/log.md).

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	noteLinesMax = 100
	noteUnitsMax = 1_000_000
	hashesMax    = 63
)

func wrong(format string, values ...any) error { return fmt.Errorf(format, values...) }

func sha256Hex(text string) string {
	digest := sha256.Sum256([]byte(text))
	return hex.EncodeToString(digest[:])
}

// fromBase64 accepts the one writing that encoding gives: the library would pass over line breaks.
func fromBase64(text string) ([]byte, bool) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	return raw, err == nil && base64.StdEncoding.EncodeToString(raw) == text
}

type noteLine struct {
	name, id  string
	signature []byte
}

// splitNote takes a note apart without believing any signature.
func splitNote(note string) (string, []noteLine, error) {
	if !utf8.ValidString(note) || len(utf16.Encode([]rune(note))) > noteUnitsMax {
		return "", nil, wrong("the note is not UTF-8 or is too long")
	}
	if strings.IndexFunc(note, func(r rune) bool { return r < 0x20 && r != '\n' }) >= 0 {
		return "", nil, wrong("the note holds a control character")
	}
	at := strings.LastIndex(note, "\n\n")
	if !strings.HasSuffix(note, "\n") || at < 0 || at+2 == len(note) {
		return "", nil, wrong("the note has no signatures or no final newline")
	}
	written := strings.Split(note[at+2:len(note)-1], "\n")
	if len(written) > noteLinesMax {
		return "", nil, wrong("the note has %d signature lines", len(written))
	}
	var lines []noteLine
	for _, line := range written {
		words := strings.SplitN(line, " ", 3)
		if len(words) != 3 || words[0] != "—" || !isKeyName(words[1]) {
			return "", nil, wrong("“%s” is not a signature line", line)
		}
		raw, ok := fromBase64(words[2])
		if !ok || len(raw) < 5 {
			return "", nil, wrong("the signature of %s is not right base64", words[1])
		}
		lines = append(lines, noteLine{words[1], hex.EncodeToString(raw[:4]), raw[4:]})
	}
	return note[:at+1], lines, nil
}

// textOf is what a note signs; a text without signatures is itself.
func textOf(note string) string {
	if at := strings.LastIndex(note, "\n\n"); at >= 0 {
		return note[:at+1]
	}
	return note
}

type signer struct {
	key verifierKey
	// time is what a cosignature states, whole seconds since 1970.
	time int64
}

// openNote demands that every line is of a key of the ring, each key once, each signature good.
func openNote(note string, ring map[string]verifierKey) (string, []signer, error) {
	text, lines, err := splitNote(note)
	if err != nil {
		return "", nil, err
	}
	var signers []signer
	seen := map[string]bool{}
	for _, line := range lines {
		key, known := ring[line.name+"+"+line.id]
		if !known {
			return "", nil, wrong("%s may not sign here", line.name)
		}
		if seen[key.line()] {
			return "", nil, wrong("%s signed twice", line.name)
		}
		seen[key.line()] = true
		message, signature, time := []byte(text), line.signature, int64(0)
		if key.kind == kindCosignature {
			if len(signature) != 72 {
				return "", nil, wrong("the cosignature of %s has %d bytes", line.name, len(signature))
			}
			stamp := binary.BigEndian.Uint64(signature[:8])
			if stamp > numberMax {
				return "", nil, wrong("the time of %s is no countable number", line.name)
			}
			time, signature = int64(stamp), signature[8:]
			message = []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text))
		}
		if !signatureCounts(key.public, message, signature) {
			return "", nil, wrong("the signature of %s is not good", line.name)
		}
		signers = append(signers, signer{key, time})
	}
	return text, signers, nil
}

type checkpoint struct {
	origin string
	size   int64
	root   []byte
}

func parseCheckpoint(text string) (checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return checkpoint{}, wrong("a checkpoint of this log has three lines")
	}
	size, err := parseNumber(lines[1])
	root, ok := fromBase64(lines[2])
	if err != nil || !ok || len(root) != sha256.Size || lines[0] == "" {
		return checkpoint{}, wrong("the checkpoint cannot be read")
	}
	return checkpoint{lines[0], size, root}, nil
}

func nodeHash(left, right []byte) []byte {
	digest := sha256.Sum256(append(append([]byte{1}, left...), right...))
	return digest[:]
}

// included checks RFC 9162, 2.1.3.2: the root that entry and proof give, surplus or missing hashes refused.
func included(entry string, index, size int64, proof []string, root []byte) error {
	if index < 0 || index >= size {
		return wrong("index %d is not below the size %d", index, size)
	}
	leaf := sha256.Sum256(append([]byte{0}, entry...))
	if len(proof) > hashesMax {
		return wrong("the proof has %d hashes", len(proof))
	}
	// Below the place where the way to the leaf leaves the right edge every level has a neighbour; above, only those that come from the left.
	inner := bits.Len64(uint64(index ^ (size - 1)))
	if want := inner + bits.OnesCount64(uint64(index)>>inner); len(proof) != want {
		return wrong("the proof has %d hashes, not %d", len(proof), want)
	}
	hash := leaf[:]
	for level, written := range proof {
		other, ok := fromBase64(written)
		if !ok || len(other) != sha256.Size {
			return wrong("a hash of the proof has not 32 bytes")
		}
		if level >= inner || index>>level&1 == 1 {
			hash = nodeHash(other, hash)
		} else {
			hash = nodeHash(hash, other)
		}
	}
	if !bytes.Equal(hash, root) {
		return wrong("another root comes out")
	}
	return nil
}
