// From a pinned roll to the roll of the decision, change by change (docs/spec/council.md, section 7).

package main

import "strconv"

const (
	rollChangesMax = 64
	// Votes on a new roll have this class.
	rollClass = "constitutional"
)

// admitCouncil takes a roll that may be used, with the numbers given or those of the council of 33.
func admitCouncil(text string, given *constitution) (council, error) {
	parsed, err := parseRoll(text)
	if err != nil {
		return council{}, wrong("roll: %v", err)
	}
	c := council{roll: parsed}
	if given != nil {
		c.constitution = *given
	} else if c.constitution, err = councilOf33(parsed); err != nil {
		return c, err
	}
	return c, c.admit(text)
}

// checkRolls takes the last roll of the file where one of them is the pinned one and each follows the one before.
func (it *report) checkRolls(d decision, pin string, given *constitution) error {
	var texts []string
	for _, change := range d.rolls {
		texts = append(texts, change.roll)
	}
	texts = append(texts, d.roll)
	it.rollDigest = sha256Hex(d.roll)
	if pin == "" {
		pin = it.rollDigest
	}
	at := -1
	for i, text := range texts {
		if at < 0 && sha256Hex(text) == pin {
			at = i
		}
	}
	if at < 0 {
		return wrong("the roll has the digest %s, which is not the pinned one, and the file does not lead from that to it", it.rollDigest)
	}
	var councils []council
	for _, text := range texts {
		c, err := admitCouncil(text, given)
		if err != nil {
			return err
		}
		councils = append(councils, c)
	}
	for i, change := range d.rolls {
		if err := succeeds(change.papers, texts[i+1], councils[i], councils[i+1]); err != nil {
			return wrong("epoch %d: %v", councils[i+1].epoch, err)
		}
	}
	it.pinned, it.council = councils[at].epoch, councils[len(councils)-1]
	return nil
}

// succeeds holds where the council before voted for this very roll, waited, and both certified it in one log.
func succeeds(change papers, text string, before, next council) error {
	if next.origin != before.origin || next.log.line() != before.log.line() {
		return wrong("the log is another one")
	}
	if next.epoch != before.epoch+1 || next.previous != before.digest {
		return wrong("the roll does not name the one before it")
	}
	changed := 0
	for i, m := range next.roll.seats {
		if m.identity != before.roll.seats[i].identity {
			changed++
		}
	}
	if changed > before.changes {
		return wrong("%d seats change, at most %d may", changed, before.changes)
	}
	it := report{council: before, next: &next}
	if err := it.checkVotes(change); err != nil {
		return err
	}
	named := false
	for _, digest := range it.motion.annexes {
		named = named || digest == next.digest
	}
	if it.opening.slot != "epoch/"+strconv.FormatInt(next.epoch, 10) || it.opening.class != rollClass || !named {
		return wrong("this roll was not what the council voted on")
	}
	if it.certified < it.closing.time+it.council.classes[it.opening.class].standstill {
		return wrong("the roll took over before its time")
	}
	proof := change.proofs["next"]
	if err := included(text, proof.index, it.checkpoint.size, proof.hashes, it.checkpoint.root); err != nil {
		return wrong("the roll is not in the log: %v", err)
	}
	if change.proofs["outcome"].index >= proof.index {
		return wrong("the roll lies in the log before the vote on it was counted")
	}
	return nil
}
