// The file of a decision and its eight checks (docs/spec/council.md, section 7).

package main

import (
	"encoding/json"
	"sort"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	decisionFormat   = "mizan-council/decision/v1"
	decisionBytesMax = 16_777_216
)

type inclusion struct {
	index  int64
	hashes []string
}

// papers are what one vote leaves behind; the last of rolls is the one under which it took place.
type papers struct {
	slotRoll, manifest                        string
	texts                                     map[string]string
	open, ballots, close, outcome, checkpoint string
	proofs                                    map[string]inclusion
}

// rollChange is the vote by which the council of one roll put the next one in its place.
type rollChange struct {
	roll string
	papers
}

type decision struct {
	papers
	roll  string
	rolls []rollChange
}

// canonical writes what a decision can hold (objects, lists, strings, whole numbers) as RFC 8785 does; nil for anything else.
func canonical(into []byte, value any) []byte {
	switch value := value.(type) {
	case json.Number:
		if _, err := parseNumber(string(value)); err != nil {
			return nil
		}
		return append(into, value...)
	case string:
		return quote(into, value)
	case []any:
		into = append(into, '[')
		for i, each := range value {
			if i > 0 {
				into = append(into, ',')
			}
			if into = canonical(into, each); into == nil {
				return nil
			}
		}
		return append(into, ']')
	case map[string]any:
		names := make([]string, 0, len(value))
		for name := range value {
			names = append(names, name)
		}
		sort.Slice(names, func(i, j int) bool { return lessUTF16(names[i], names[j]) })
		into = append(into, '{')
		for i, name := range names {
			if i > 0 {
				into = append(into, ',')
			}
			into = append(quote(into, name), ':')
			if into = canonical(into, value[name]); into == nil {
				return nil
			}
		}
		return append(into, '}')
	}
	return nil
}

func lessUTF16(one, other string) bool {
	a, b := utf16.Encode([]rune(one)), utf16.Encode([]rune(other))
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return len(a) < len(b)
}

func quote(into []byte, text string) []byte {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	into = append(into, '"')
	for _, r := range text {
		if written, has := short[r]; has {
			into = append(into, written...)
		} else if r < 0x20 {
			into = append(into, `\u00`+string("0123456789abcdef"[r>>4])+string("0123456789abcdef"[r&15])...)
		} else {
			into = utf8.AppendRune(into, r)
		}
	}
	return append(into, '"')
}

// form takes a JSON object apart and remembers the first member that is missing, surplus or of another kind.
type form struct{ err error }

func (f *form) object(value any, where string, names ...string) map[string]any {
	object, ok := value.(map[string]any)
	if !ok || (len(names) > 0 && len(object) != len(names)) {
		f.err = wrong("%s has not the members it must have", where)
		return map[string]any{}
	}
	for _, name := range names {
		if _, has := object[name]; !has {
			f.err = wrong("%s has no “%s”", where, name)
		}
	}
	return object
}

func (f *form) text(value any) string {
	text, ok := value.(string)
	if !ok {
		f.err = wrong("a text stands where none may, or the other way round")
	}
	return text
}

func (f *form) inclusion(value any) inclusion {
	object := f.object(value, "a proof", "index", "hashes")
	number, isNumber := object["index"].(json.Number)
	index, err := parseNumber(string(number))
	list, isList := object["hashes"].([]any)
	if !isNumber || err != nil || !isList || len(list) > 64 {
		f.err = wrong("a proof has an index and at most 64 hashes")
	}
	proof := inclusion{index: index}
	for _, each := range list {
		proof.hashes = append(proof.hashes, f.text(each))
	}
	return proof
}

// parseDecision accepts the canonical bytes alone: another writing of the same values, a repeated member or a lone surrogate is refused.
func parseDecision(raw []byte) (decision, error) {
	var value any
	if len(raw) > decisionBytesMax || !utf8.Valid(raw) {
		return decision{}, wrong("the file is too long or not UTF-8")
	}
	decoder := json.NewDecoder(newReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil || string(canonical(nil, value)) != string(raw) {
		return decision{}, wrong("the file is not canonical JSON")
	}
	f := &form{}
	names := []string{"format", "roll", "slotRoll", "motion", "open", "ballots", "close", "outcome", "checkpoint", "proofs"}
	all, _ := value.(map[string]any)
	if format, ok := all["format"].(string); ok && format != decisionFormat {
		return decision{}, wrong("the file is not of format %s", decisionFormat)
	}
	_, leads := all["rolls"]
	if leads {
		names = append(names, "rolls")
	}
	top := f.object(value, "the file", names...)
	d := decision{roll: f.text(top["roll"]), papers: f.papers(top, "open", "ballots", "close", "outcome")}
	if leads {
		changes, isList := top["rolls"].([]any)
		if !isList || len(changes) == 0 || len(changes) > rollChangesMax {
			return decision{}, wrong("“rolls” is a list of 1 to %d changes", rollChangesMax)
		}
		for _, each := range changes {
			change := f.object(each, "a change of the roll", "roll", "slotRoll", "motion", "open", "ballots", "close", "outcome", "checkpoint", "proofs")
			d.rolls = append(d.rolls, rollChange{f.text(change["roll"]), f.papers(change, "open", "ballots", "close", "outcome", "next")})
		}
	}
	return d, f.err
}

func (f *form) papers(top map[string]any, proven ...string) papers {
	motion := f.object(top["motion"], "“motion”", "manifest", "texts")
	p := papers{
		slotRoll: f.text(top["slotRoll"]), manifest: f.text(motion["manifest"]), texts: map[string]string{},
		open: f.text(top["open"]), ballots: f.text(top["ballots"]), close: f.text(top["close"]), outcome: f.text(top["outcome"]),
		checkpoint: f.text(top["checkpoint"]), proofs: map[string]inclusion{},
	}
	for language, text := range f.object(motion["texts"], "“texts”") {
		p.texts[language] = f.text(text)
	}
	for name, proof := range f.object(top["proofs"], "“proofs”", proven...) {
		p.proofs[name] = f.inclusion(proof)
	}
	return p
}

// report is what a reader of a decision wants to know, filled as the checks go on.
type report struct {
	rollDigest, motionDigest string
	// pinned is the epoch of the pinned roll; the file leads on from it.
	pinned  int64
	council council
	// next is the council that takes over, where the vote is on a new roll: it certifies the checkpoint too.
	next       *council
	opening    opening
	motion     motion
	yes        []int
	reached    []string
	filled     int
	closing    closing
	outcome    outcome
	checkpoint checkpoint
	seats      []int
	outside    []string
	certified  int64
}

// refusal says at which of the eight checks a decision failed; 0 is the reading of the file.
type refusal struct {
	step int
	err  error
}

func (r refusal) Error() string {
	if r.step == 0 {
		return r.err.Error()
	}
	return "check " + strconv.Itoa(r.step) + ": " + r.err.Error()
}

// verify runs the eight checks. An empty pin takes the roll as it comes, which shows no more than that the file fits itself.
func verify(raw []byte, pin string, given *constitution) (report, error) {
	it := report{}
	d, err := parseDecision(raw)
	if err != nil {
		return it, refusal{0, err}
	}
	if err := it.checkRolls(d, pin, given); err != nil {
		return it, refusal{1, err}
	}
	return it, it.checkVotes(d.papers)
}

// checkVotes are the checks 2 to 8, under the council of the report.
func (it *report) checkVotes(d papers) error {
	checks := []func() error{
		func() error { return it.checkCheckpoint(d) },
		func() error { return it.checkVote(d) },
		func() error { return it.checkMotion(d) },
		func() error { return it.checkYes(d) },
		func() error { return it.checkInclusion(d) },
		func() error { return it.checkOrder(d) },
		func() error { return it.checkOutcome() },
	}
	for i, check := range checks {
		if err := check(); err != nil {
			return refusal{i + 2, err}
		}
	}
	return nil
}

func (it *report) checkCheckpoint(d papers) error {
	keys, councils := it.council.checkpoints, []*council{&it.council}
	if it.next != nil {
		keys, councils = map[string]verifierKey{}, append(councils, it.next)
		for _, each := range councils {
			for line, key := range each.checkpoints {
				keys[line] = key
			}
		}
	}
	text, signers, err := openNote(d.checkpoint, keys)
	if err != nil {
		return wrong("checkpoint: %v", err)
	}
	if it.checkpoint, err = parseCheckpoint(text); err != nil {
		return err
	}
	for i, each := range councils {
		if it.checkpoint.origin != each.origin {
			return wrong("the checkpoint is of the log %s", it.checkpoint.origin)
		}
		seats, outside, certified, err := each.certifies(signers)
		if err != nil {
			return err
		}
		if i == 0 || certified < it.certified {
			it.certified = certified
		}
		if i == 0 {
			it.seats, it.outside = seats, outside
		}
	}
	return nil
}

// certifies looks every signer up under this roll: in a handover a key may be of one roll, of the other or of both.
func (c *council) certifies(signers []signer) (seats []int, outside []string, certified int64, err error) {
	byLog, stamps := false, map[int]int64{}
	for _, each := range signers {
		key, known := c.checkpoints[each.key.line()]
		switch {
		case !known:
		case key.seat > 0:
			stamps[key.seat] = each.time
		case key.line() == c.log.line():
			byLog = true
		default:
			outside = append(outside, key.name)
		}
	}
	if !byLog || len(stamps) < c.quorum || len(outside) < c.needed {
		return nil, nil, 0, wrong("the checkpoint is not certified: log %v, seats %d of %d, outside witnesses %d of %d", byLog, len(stamps), c.quorum, len(outside), c.needed)
	}
	var times []int64
	for seat, time := range stamps {
		seats, times = append(seats, seat), append(times, time)
	}
	sort.Ints(seats)
	sort.Slice(times, func(i, j int) bool { return times[i] > times[j] })
	return seats, outside, times[c.quorum-1], nil
}

func (it *report) checkVote(d papers) error {
	c := it.council
	o, err := parseOpening(textOf(d.open))
	if err != nil {
		return wrong("OPEN: %v", err)
	}
	it.opening = o
	s, err := parseSlotRoll(d.slotRoll)
	if err != nil {
		return wrong("slot roll: %v", err)
	}
	it.opening = o
	if s.digest != c.digest || o.digest != sha256Hex(d.slotRoll) {
		return wrong("roll, slot roll and OPEN do not name each other")
	}
	if o.council != c.roll.council || s.council != c.roll.council || o.epoch != c.epoch || s.epoch != c.epoch || o.slot != s.slot || o.round != s.round {
		return wrong("roll, slot roll and OPEN are not of one council, epoch, slot and round")
	}
	if err := c.seat(s); err != nil {
		return err
	}
	may := map[string]verifierKey{c.secretariat.line(): c.secretariat}
	for line, key := range c.ballots {
		may[line] = key
	}
	_, signers, err := openNote(d.open, may)
	if err != nil {
		return wrong("OPEN: %v", err)
	}
	seats, secretariat := map[int]bool{}, false
	for _, each := range signers {
		seats[each.key.seat] = each.key.seat > 0
		secretariat = secretariat || each.key.line() == c.secretariat.line()
	}
	if !secretariat && len(seats) < c.minority {
		return wrong("OPEN is signed neither by the secretariat nor by %d seats", c.minority)
	}
	rule, known := c.classes[o.class]
	if !known {
		return wrong("this council has no class %s", o.class)
	}
	if rule.yes < c.quorum {
		return wrong("a decision of class %s follows from the whole log only, which a file does not hold", o.class)
	}
	return nil
}

// seat checks that everybody who sits is the member of the seat or an alternate of its constituency.
func (c council) seat(s slotRoll) error {
	if len(s.seats) != len(c.roll.seats) {
		return wrong("the slot roll has %d seats", len(s.seats))
	}
	for i, who := range s.seats {
		if who == nil {
			continue
		}
		m := c.roll.seats[i]
		fits := who.key == m.ballot
		for _, a := range c.alternates {
			fits = fits || (a.ballot == who.key && a.constituency == m.constituency)
		}
		if !fits || who.constituency != m.constituency {
			return wrong("who sits in seat %s is neither its member nor an alternate", seatNumber(i+1))
		}
	}
	return nil
}

func (it *report) checkMotion(d papers) error {
	m, of, err := parseMotion(d.manifest)
	if err != nil {
		return wrong("motion: %v", err)
	}
	it.motion, it.motionDigest = m, sha256Hex(d.manifest)
	fits := false
	for _, each := range it.opening.options {
		fits = fits || (each.motion == it.motionDigest && each.letter == m.option)
	}
	if !fits || m.class != it.opening.class || of != it.opening.council {
		return wrong("OPEN does not put this motion to the vote")
	}
	if len(d.texts) != len(m.texts) {
		return wrong("%d texts for %d languages", len(d.texts), len(m.texts))
	}
	for language, digest := range m.texts {
		if text, has := d.texts[language]; !has || sha256Hex(text) != digest {
			return wrong("the text in “%s” is not the one that was voted on", language)
		}
	}
	if textOf(d.ballots) != it.opening.yesBallot(it.motionDigest) {
		return wrong("the ballots are not a yes to this motion under this OPEN")
	}
	return nil
}

func (it *report) checkYes(d papers) error {
	s, err := parseSlotRoll(d.slotRoll)
	if err != nil {
		return err
	}
	ring := map[string]verifierKey{}
	for i, who := range s.seats {
		if who != nil {
			key := it.council.byText[who.key]
			key.seat = i + 1
			ring[key.line()] = key
			it.filled++
		}
	}
	_, signers, err := openNote(d.ballots, ring)
	if err != nil {
		return wrong("ballots: %v", err)
	}
	counts, seats := map[string]int{}, map[int]bool{}
	for _, each := range signers {
		if !seats[each.key.seat] {
			seats[each.key.seat] = true
			it.yes = append(it.yes, each.key.seat)
			counts[s.seats[each.key.seat-1].constituency]++
		}
	}
	sort.Ints(it.yes)
	rule := it.council.classes[it.opening.class]
	for _, each := range it.council.constituencies {
		needed := (each.seats + 2) / 3
		if rule.one {
			needed = 1
		}
		if counts[each.name] >= needed {
			it.reached = append(it.reached, each.name)
		}
	}
	if len(it.yes) < rule.yes || len(it.reached) < rule.reach {
		return wrong("%d yes of %d constituencies, where %d of %d are asked for", len(it.yes), len(it.reached), rule.yes, rule.reach)
	}
	return nil
}

func (it *report) checkInclusion(d papers) error {
	for _, entry := range []struct{ name, text string }{{"open", d.open}, {"ballots", d.ballots}, {"close", d.close}, {"outcome", d.outcome}} {
		proof := d.proofs[entry.name]
		if err := included(entry.text, proof.index, it.checkpoint.size, proof.hashes, it.checkpoint.root); err != nil {
			return wrong("%s is not in the log: %v", entry.name, err)
		}
	}
	var err error
	if it.closing, err = parseClosing(d.close); err != nil {
		return wrong("CLOSE: %v", err)
	}
	if it.outcome, err = parseOutcome(d.outcome); err != nil {
		return wrong("OUTCOME: %v", err)
	}
	return nil
}

func (it *report) checkOrder(d papers) error {
	order := []int64{it.opening.opened.size - 1, d.proofs["open"].index, d.proofs["ballots"].index, it.closing.cut.size, it.closing.anchor + 1, d.proofs["close"].index + 1, d.proofs["outcome"].index + 1}
	for i := 1; i < len(order); i++ {
		if order[i] <= order[i-1] {
			return wrong("the entries do not lie in the order in which a vote goes")
		}
	}
	if it.closing.time < it.opening.closes {
		return wrong("the vote was closed before its end")
	}
	return nil
}

func (it *report) checkOutcome() error {
	for _, each := range []vote{it.closing.vote, it.outcome.vote} {
		if each != it.opening.vote {
			return wrong("CLOSE or OUTCOME is of another vote")
		}
	}
	if it.outcome.cut != it.closing.cut {
		return wrong("CLOSE and OUTCOME cut the log at different places")
	}
	if len(it.outcome.letters) != len(it.opening.options) {
		return wrong("OUTCOME and OPEN have different options")
	}
	for i, each := range it.opening.options {
		if it.outcome.letters[i] != each.letter {
			return wrong("OUTCOME and OPEN have different options")
		}
	}
	counted := it.outcome.yes[it.motion.option]
	if it.outcome.carried != it.motion.option || counted < int64(len(it.yes)) || counted > int64(it.filled) || it.outcome.constituencies < int64(len(it.reached)) {
		return wrong("OUTCOME does not say that this motion is carried by these seats")
	}
	if it.outcome.in != it.closing.time+it.council.classes[it.opening.class].standstill {
		return wrong("OUTCOME gives another day of entry into force")
	}
	return nil
}
